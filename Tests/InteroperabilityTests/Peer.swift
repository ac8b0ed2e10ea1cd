import Foundation

/// A program of somebody else's that has to get along with the card, and the Debian package it comes in.
struct Peer: Sendable {
    let name: String
    let package: String

    static let openscTool = Peer(name: "opensc-tool", package: "opensc")
    static let pkcs15Tool = Peer(name: "pkcs15-tool", package: "opensc")
    static let pkcs15Crypt = Peer(name: "pkcs15-crypt", package: "opensc")
    static let pkcs11Tool = Peer(name: "pkcs11-tool", package: "opensc")
    static let pcscScan = Peer(name: "pcsc_scan", package: "pcsc-tools")
    static let p11tool = Peer(name: "p11tool", package: "gnutls-bin")
    static let modutil = Peer(name: "modutil", package: "libnss3-tools")
    static let certutil = Peer(name: "certutil", package: "libnss3-tools")
    static let opjDecompress = Peer(name: "opj_decompress", package: "libopenjp2-tools")
    static let djpeg = Peer(name: "djpeg", package: "libjpeg-turbo-progs")
    static let setsid = Peer(name: "setsid", package: "util-linux")
    static let openssl = Peer(name: "openssl", package: "openssl")
    static let ssh = Peer(name: "ssh", package: "openssh-client")
    static let sshKeygen = Peer(name: "ssh-keygen", package: "openssh-client")
    static let sshd = Peer(name: "sshd", package: "openssh-server")
    static let python = Peer(name: "python3", package: "python3-pyscard")
    static let jsonschema = Peer(name: "python3", package: "python3-jsonschema")

    /// Where Debian puts programs, and nowhere else: another python3 would not have Debian's pyscard.
    private static let folders = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"]

    static let searchPath = folders.joined(separator: ":")

    /// Its place; a peer that is not there makes a test fail, with the package to install.
    func path() throws -> String {
        for folder in Self.folders where FileManager.default.isExecutableFile(atPath: folder + "/" + name) {
            return folder + "/" + name
        }
        throw MissingPeer(name: name, package: package)
    }

    /// OpenSC's PKCS #11 module, which other programs load.
    static func pkcs11Module() throws -> String {
        let libraries = try FileManager.default.contentsOfDirectory(atPath: "/usr/lib").filter {
            $0.hasSuffix("-linux-gnu")
        }
        for library in libraries.sorted() {
            let path = "/usr/lib/\(library)/opensc-pkcs11.so"
            if FileManager.default.fileExists(atPath: path) { return path }
        }
        throw MissingPeer(name: "opensc-pkcs11.so", package: "opensc-pkcs11")
    }
}

struct MissingPeer: Error, CustomStringConvertible {
    let name: String
    let package: String

    var description: String { "\(name) is not installed: apt install \(package)" }
}
