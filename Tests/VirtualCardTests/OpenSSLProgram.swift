import Foundation
import Testing

/// The openssl program: a judge of the card's cryptography that shares no code with it.
enum OpenSSLProgram {
    struct Failure: Error {
        let arguments: [String]
        let status: Int32
    }

    /// Runs it in a directory of its own that holds `files`; what it writes to `out` is the result.
    @discardableResult
    static func run(_ arguments: [String], files: [String: [UInt8]]) throws -> [UInt8] {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("card-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, bytes) in files { try Data(bytes).write(to: directory.appendingPathComponent(name)) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = directory
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(arguments: arguments, status: process.terminationStatus)
        }
        return (try? [UInt8](Data(contentsOf: directory.appendingPathComponent("out")))) ?? []
    }
}

/// An RSA-2048 public key with exponent 65,537, as the openssl program knows it.
struct RSAPublicKey {
    let modulus: [UInt8]

    /// SubjectPublicKeyInfo (RFC 5280, 4.1.2.7), written out by hand.
    private var der: [UInt8] {
        let key: [UInt8] = [0x30, 0x82, 0x01, 0x0A, 0x02, 0x82, 0x01, 0x01, 0x00] + modulus + [0x02, 0x03, 1, 0, 1]
        let algorithm: [UInt8] = [
            0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
        ]
        let body = algorithm + [0x03, 0x82, 0x01, 0x0F, 0x00] + key
        return [0x30, 0x82, UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
    }

    private func run(_ arguments: [String], files: [String: [UInt8]]) throws -> [UInt8] {
        let key = ["-pubin", "-inkey", "key", "-keyform", "DER"]
        return try OpenSSLProgram.run(["pkeyutl"] + arguments + key, files: files.merging(["key": der]) { $1 })
    }

    func encryptOAEP(_ plain: [UInt8]) throws -> [UInt8] {
        try run(
            [
                "-encrypt", "-in", "plain", "-out", "out", "-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt",
                "rsa_oaep_md:sha256", "-pkeyopt", "rsa_mgf1_md:sha256",
            ],
            files: ["plain": plain]
        )
    }

    /// The public operation: the whole block under a signature.
    func block(of signature: [UInt8]) throws -> [UInt8] {
        try run(
            ["-verifyrecover", "-in", "signature", "-out", "out", "-pkeyopt", "rsa_padding_mode:none"],
            files: ["signature": signature]
        )
    }

    func isPSS(_ signature: [UInt8], of digest: [UInt8], saltLength: Int) -> Bool {
        let arguments = [
            "-verify", "-in", "digest", "-sigfile", "signature", "-pkeyopt", "digest:sha256", "-pkeyopt",
            "rsa_padding_mode:pss", "-pkeyopt", "rsa_mgf1_md:sha256", "-pkeyopt", "rsa_pss_saltlen:\(saltLength)",
        ]
        return (try? run(arguments, files: ["digest": digest, "signature": signature])) != nil
    }
}
