import Foundation

/// The foreign judge: runs `openssl` in a folder of its own that holds the bytes it is asked about.
public struct OpenSSLProgram {
    public let status: Int32
    public let output: [UInt8]

    public static func run(_ arguments: [String], files: [String: [UInt8]] = [:]) throws -> OpenSSLProgram {
        let folder = FileManager.default.temporaryDirectory.appending(path: "fuda-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = folder
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return OpenSSLProgram(status: process.terminationStatus, output: Array(said))
    }

    /// What it printed, as text.
    public var text: String { String(decoding: output, as: UTF8.self) }

    /// A certificate in the armour that `openssl verify` wants.
    public static func pem(_ der: [UInt8]) -> [UInt8] {
        let body = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return Array("-----BEGIN CERTIFICATE-----\n\(body)\n-----END CERTIFICATE-----\n".utf8)
    }

    /// A revocation list in the armour that `openssl verify` wants.
    public static func crlPEM(_ der: [UInt8]) -> [UInt8] {
        let body = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return Array("-----BEGIN X509 CRL-----\n\(body)\n-----END X509 CRL-----\n".utf8)
    }

    /// SubjectPublicKeyInfo in DER of an RSA-2048 key with exponent 65,537 (RFC 3279, 2.3.1).
    public static func publicKey(modulus: [UInt8]) -> [UInt8] {
        let header: [UInt8] = [
            0x30, 0x82, 0x01, 0x22, 0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05,
            0x00, 0x03, 0x82, 0x01, 0x0F, 0x00, 0x30, 0x82, 0x01, 0x0A, 0x02, 0x82, 0x01, 0x01, 0x00,
        ]
        return header + modulus + [0x02, 0x03, 0x01, 0x00, 0x01]
    }
}
