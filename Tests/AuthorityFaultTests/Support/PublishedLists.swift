import AuthorityAssembly
import CertificateProfiles
import ForeignTools
import Foundation

/// What an authority has published, as a relying party finds it.
struct PublishedLists {
    let lines: [String: ListFolder.Line]
    private let folder: String
    private let authority: CertificateAuthority
    private let certificate: String

    private struct Manifest: Decodable {
        let authority: String
        let lists: [ListFolder.Line]
    }

    init(_ address: AuthorityAddress, _ authority: CertificateAuthority) throws {
        self.authority = authority
        folder = address.folder + "/public/crl/" + authority.rawValue
        certificate = address.folder + "/\(authority.rawValue)-ca.der"
        let manifest = try JSONDecoder().decode(
            Manifest.self,
            from: try Data(contentsOf: URL(filePath: folder + "/manifest.json"))
        )
        lines = Dictionary(uniqueKeysWithValues: manifest.lists.map { ($0.file, $0) })
    }

    func bytes(_ file: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: folder + "/" + file))) }

    func files() throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".crl") })
    }

    /// Whether `openssl` finds the manifest's signature to be the authority's.
    func isSigned() throws -> Bool {
        let key = try ForeignProgram.run(
            "openssl",
            ["x509", "-inform", "DER", "-in", "ca.der", "-pubkey", "-noout"],
            files: ["ca.der": Array(try Data(contentsOf: URL(filePath: certificate)))]
        )
        let answer = try ForeignProgram.run(
            "openssl",
            ["dgst", "-sha256", "-verify", "key.pem", "-signature", "manifest.sig", "manifest.json"],
            files: [
                "key.pem": key.output, "manifest.sig": try bytes("manifest.sig"),
                "manifest.json": try bytes("manifest.json"),
            ]
        )
        return answer.text.contains("Verified OK")
    }
}
