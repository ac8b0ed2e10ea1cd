import ForeignTools
import Foundation

extension OpenSSLProgram {
    /// The bytes under a PKCS #1 signature, padding checked and taken off; `nil` when the key did not make it.
    static func recover(_ signature: [UInt8], modulus: [UInt8]) throws -> [UInt8]? {
        let answer = try run(
            [
                "pkeyutl", "-verifyrecover", "-pubin", "-keyform", "DER", "-inkey", "key", "-in", "signature",
                "-pkeyopt",
                "rsa_padding_mode:pkcs1",
            ],
            files: ["key": publicKey(modulus: modulus), "signature": signature]
        )
        return answer.status == 0 ? answer.output : nil
    }

    /// The modulus inside a certificate, as openssl reads it.
    static func modulus(ofCertificate der: [UInt8]) throws -> String {
        let answer = try run(["x509", "-inform", "DER", "-in", "c", "-noout", "-modulus"], files: ["c": der])
        let text = String(decoding: answer.output, as: UTF8.self).trimmingCharacters(in: .newlines)
        return String(text.drop { $0 != "=" }.dropFirst())
    }
}
