import Foundation
import Issuance

/// The foreign judge: runs `openssl` on bytes put into a folder of its own.
struct OpenSSL {
    struct Answer {
        let status: Int32
        let output: [UInt8]
        let complaint: String
        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// Runs `openssl` with `arguments`, in a fresh folder that holds `files`.
    static func run(_ arguments: [String], files: [String: [UInt8]] = [:]) throws -> Answer {
        let folder = FileManager.default.temporaryDirectory.appending(path: "fuda-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }

        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = folder
        let output = Pipe()
        let complaint = Pipe()
        process.standardOutput = output
        process.standardError = complaint
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // What openssl says here is far less than a pipe holds, so one after the other cannot lock up.
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complained = complaint.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Answer(
            status: process.terminationStatus,
            output: Array(said),
            complaint: String(decoding: complained, as: UTF8.self)
        )
    }

    /// DER in the armour that `openssl verify` wants.
    static func pem(_ der: [UInt8]) -> [UInt8] {
        let body = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return Array("-----BEGIN CERTIFICATE-----\n\(body)\n-----END CERTIFICATE-----\n".utf8)
    }
}

extension OpenSSL {
    /// A public key as SubjectPublicKeyInfo in PEM, put together octet by octet (RFC 8017, A.1.1; RFC 3279, 2.3.1).
    static func publicKey(_ key: CardPublicKey) -> [UInt8] {
        let header: [UInt8] = [
            0x30, 0x82, 0x01, 0x22, 0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05,
            0x00, 0x03, 0x82, 0x01, 0x0F, 0x00, 0x30, 0x82, 0x01, 0x0A, 0x02, 0x82, 0x01, 0x01, 0x00,
        ]
        let der = header + key.modulus + [0x02, 0x03] + key.exponent
        let body = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return Array("-----BEGIN PUBLIC KEY-----\n\(body)\n-----END PUBLIC KEY-----\n".utf8)
    }
}

/// One line of `openssl asn1parse`.
struct ASN1Line {
    let offset: Int
    let depth: Int
    let type: String
    let value: String

    /// The lines for a whole encoding, or for what is inside the octet string at `offset`.
    static func list(_ der: [UInt8], inside offset: Int? = nil) throws -> [ASN1Line] {
        let deeper = offset.map { ["-strparse", "\($0)"] } ?? []
        let answer = try OpenSSL.run(["asn1parse", "-inform", "DER", "-in", "x.der"] + deeper, files: ["x.der": der])
        guard answer.status == 0 else { throw Unreadable(complaint: answer.complaint) }
        let pattern =
            /^\s*(\d+):d=(\d+)\s+hl=\s*\d+\s+l=\s*\d+\s+(?:cons|prim):\s+([^:]*?)\s*(?:(?:\[HEX DUMP\])?:(.*))?$/
        return answer.text.split(separator: "\n").compactMap { line in
            guard let match = line.wholeMatch(of: pattern), let offset = Int(match.1), let depth = Int(match.2) else {
                return nil
            }
            return ASN1Line(offset: offset, depth: depth, type: String(match.3), value: match.4.map(String.init) ?? "")
        }
    }

    struct Unreadable: Error {
        let complaint: String
    }
}
