import Foundation
import FuzzHarness
import Testing

/// Seeds and finds of the fuzzer, each once through the code that it attacks.
@Suite struct `What the fuzzer begins with and what it has found` {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fuzzing")

    private static func files(_ kind: String, _ target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
        let place = folder.appending(path: "\(kind)/\(target.rawValue)").standardized
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        return try names.sorted().map { ($0, Array(try Data(contentsOf: place.appending(path: $0)))) }
    }

    @Test(arguments: FuzzTarget.allCases) func `holds every rule`(target: FuzzTarget) throws {
        let seeds = try Self.files("Seeds", target)
        #expect(!seeds.isEmpty, "\(target.rawValue) has seeds")
        for (name, bytes) in try seeds + Self.files("FailCases", target) {
            #expect(throws: Never.self, "\(target.rawValue)/\(name)") { try target.examine(bytes) }
        }
    }

    @Test(arguments: FuzzTarget.allCases) func `holds every rule when it is cut off or altered`(target: FuzzTarget)
        throws
    {
        for (name, bytes) in try Self.files("Seeds", target) {
            for cut in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 24)) {
                var altered = bytes
                altered[cut] ^= UInt8(truncatingIfNeeded: 1 << (cut % 8))
                #expect(throws: Never.self, "\(target.rawValue)/\(name) cut at \(cut)") {
                    try target.examine(Array(bytes.prefix(cut)))
                }
                #expect(throws: Never.self, "\(target.rawValue)/\(name) altered at \(cut)") {
                    try target.examine(altered)
                }
            }
        }
    }
}
