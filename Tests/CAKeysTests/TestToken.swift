import AuthorityCryptography
import CAKeys
import ForeignTools
import Foundation
import Secrets

/// SoftHSM2 with tokens in a folder of this process's own.
///
/// The library reads where its tokens are from the environment, which the whole process shares: tests of tokens run one
/// after the other, and each makes tokens of its own.
enum SoftHSM {
    static let module =
        ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"]
        .first { FileManager.default.fileExists(atPath: $0) } ?? "/usr/lib/softhsm/libsofthsm2.so"

    static let folder: String = {
        let folder = FileManager.default.temporaryDirectory.appending(path: "fuda-hsm-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: folder + "/tokens", withIntermediateDirectories: true)
        try? Data("directories.tokendir = \(folder)/tokens\nobjectstore.backend = file\nlog.level = ERROR\n".utf8)
            .write(to: URL(filePath: folder + "/softhsm2.conf"))
        unsafe setenv("SOFTHSM2_CONF", folder + "/softhsm2.conf", 1)
        atexit { try? FileManager.default.removeItem(atPath: SoftHSM.folder) }
        return folder
    }()

    static var environment: [String: String] { ["SOFTHSM2_CONF": folder + "/softhsm2.conf"] }
}

struct Unprepared: Error {
    let notes: String
}

/// A token made by SoftHSM's own program, and keys made in it by OpenSC's.
final class TestToken {
    static let userPIN = "correct-user-pin"
    static let officerPIN = "correct-officer-pin"
    let label = "fuda-\(UUID().uuidString.prefix(8))"
    let folder: String

    init() throws {
        folder = SoftHSM.folder + "/" + label
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let arguments = [
            "--init-token", "--free", "--label", label, "--so-pin", Self.officerPIN, "--pin", Self.userPIN,
        ]
        try Self.demand(try ForeignProgram.run("softhsm2-util", arguments, environment: SoftHSM.environment))
        try write(Self.userPIN + "\n", to: "pin")
    }

    /// Makes a key pair by `pkcs11-tool`.
    func makeKey(_ name: String, _ algorithm: SignatureAlgorithm, identifier: String) throws {
        let kind = algorithm == .rsa2048SHA256 ? "RSA:2048" : "EC:secp384r1"
        let arguments = ["--keypairgen", "--key-type", kind, "--label", name, "--id", identifier, "--usage-sign"]
        try Self.demand(try tool(arguments))
    }

    func tool(_ arguments: [String]) throws -> ForeignProgram {
        let login = ["--module", SoftHSM.module, "--token-label", label, "--login", "--pin", Self.userPIN]
        return try ForeignProgram.run("pkcs11-tool", login + arguments, environment: SoftHSM.environment)
    }

    /// Writes a file into the folder of this token.
    @discardableResult
    func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        let path = folder + "/" + name
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    func uri(_ object: String, more: String = "") throws -> TokenKeyURI {
        try TokenKeyURI("pkcs11:token=\(label);object=\(object)\(more)")
    }

    func key(_ object: String, more: String = "", pin: String = "pin", sessions: Int = 8) throws -> TokenKey {
        let pin = TokenPIN.file(folder + "/" + pin)
        return try TokenKey(try uri(object, more: more), module: .load(SoftHSM.module), pin: pin, sessions: sessions)
    }

    static func demand(_ answer: ForeignProgram) throws {
        guard answer.status == 0 else { throw Unprepared(notes: answer.notes + answer.text) }
    }
}

/// The foreign judge: whether `openssl` finds the signature to be the key's over the message.
func opensslVerifies(_ signature: [UInt8], over message: [UInt8], by key: any AuthorityKey) throws -> Bool {
    let digest = key.algorithm == .rsa2048SHA256 ? "-sha256" : "-sha384"
    let answer = try ForeignProgram.run(
        "openssl",
        ["dgst", digest, "-verify", "key.pem", "-signature", "signature", "message"],
        files: [
            "key.pem": PublicKeyInfo.pem(key.subjectPublicKeyInfo), "signature": signature, "message": message,
        ]
    )
    return answer.status == 0 && answer.text.contains("Verified OK")
}
