import Foundation
import PKIX
import Testing

/// Seeds and finds of the fuzzer, each once through the readers.
@Suite("Seeds and finds of the fuzzer")
struct FuzzingFindsTests {
    private let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fuzzing")

    private func files(_ kind: String) throws -> [(name: String, bytes: [UInt8])] {
        let place = folder.appending(path: "\(kind)/FuzzRevocation")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        return try names.sorted().map { ($0, Array(try Data(contentsOf: place.appending(path: $0)))) }
    }

    @Test("Each seed is what its name says")
    func seeds() throws {
        let seeds = try files("Seeds")
        #expect(seeds.count == 6)
        for (name, bytes) in seeds {
            #expect(((try? OCSPRequest(parsing: bytes)) != nil) == name.hasPrefix("request"), "\(name)")
            #expect(((try? OCSPResponse(parsing: bytes)) != nil) == name.hasPrefix("response"), "\(name)")
            #expect(((try? CertificateList(parsing: bytes)) != nil) == name.hasPrefix("list"), "\(name)")
            #expect(((try? TimeStampRequest(parsing: bytes)) != nil) == name.hasPrefix("stamp-request"), "\(name)")
            #expect(((try? TimeStampResponse(parsing: bytes)) != nil) == (name == "stamp.der"), "\(name)")
        }
    }

    @Test("What is read of a seed or a find is written to the same again")
    func finds() throws {
        for (name, bytes) in try files("Seeds") + files("FailCases") {
            _ = try? OCSPResponse(parsing: bytes)
            _ = (try? CertificateList(parsing: bytes))?.entry(serial: [5])
            _ = try? TimeStampResponse(parsing: bytes)
            guard let request = try? OCSPRequest(parsing: bytes) else { continue }
            let again = try OCSPRequest.encode(request.certificates, nonce: request.nonce.map(Array.init))
            #expect(try OCSPRequest(parsing: again).certificates == request.certificates, "\(name)")
        }
    }
}
