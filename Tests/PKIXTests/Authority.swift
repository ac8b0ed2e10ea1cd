import Crypto
import CryptoExtras
import ForeignTools
import Foundation
import PKIX

/// An authority whose key is in the test and whose certificate openssl made.
struct Authority {
    let key: _RSA.Signing.PrivateKey
    let keyPEM: [UInt8]
    /// PEM.
    let certificate: [UInt8]
    let name: [UInt8]
    let keyIdentifier: [UInt8]

    static var shared: Authority { get throws { try made.get() } }
    private static let made = Result { try Authority() }

    init() throws {
        key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        keyPEM = Array(key.pemRepresentation.utf8)
        let made = try OpenSSLProgram.run(
            ["req", "-new", "-x509", "-key", "key.pem", "-days", "3650", "-set_serial", "1", "-utf8"]
                + ["-subj", "/C=JP/O=JPKI-SIM/OU=JPKI for digital signature"]
                + ["-addext", "keyUsage=critical,keyCertSign,cRLSign,digitalSignature"],
            files: ["key.pem": keyPEM]
        )
        certificate = made.output
        name = Self.name(
            [("\u{55}\u{04}\u{06}", 0x13, "JP"), ("\u{55}\u{04}\u{0A}", 0x0C, "JPKI-SIM")]
                + [("\u{55}\u{04}\u{0B}", 0x0C, "JPKI for digital signature")]
        )
        keyIdentifier = Array(Insecure.SHA1.hash(data: key.publicKey.pkcs1DERRepresentation))
    }

    /// A Name; attribute types are their content octets as text.
    static func name(_ attributes: [(type: String, tag: UInt8, value: String)]) -> [UInt8] {
        var writer = DERWriter()
        writer.sequence { name in
            for one in attributes {
                name.element(DERTag.set) { set in
                    set.sequence { pair in
                        pair.objectIdentifier(Array(one.type.utf8))
                        pair.append(one.tag, Array(one.value.utf8))
                    }
                }
            }
        }
        return writer.bytes
    }

    static func partition(_ city: String) -> [UInt8] {
        name(
            [("\u{55}\u{04}\u{06}", 0x13, "JP"), ("\u{55}\u{04}\u{0A}", 0x0C, "JPKI-SIM")]
                + [("\u{55}\u{04}\u{03}", 0x0C, "\(city) CRLDP")]
        )
    }

    func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        Array(try key.signature(for: bytes, padding: .insecurePKCS1v1_5).rawRepresentation)
    }

    func list(_ draft: CertificateListDraft) throws -> [UInt8] {
        let signed = try draft.toBeSigned()
        let signature = try sign(signed)
        return CertificateList.assemble(toBeSigned: signed, algorithm: draft.algorithm, signature: signature)
    }

    func draft(_ entries: EncodedEntries, number: UInt64 = 1, scope: IssuingDistributionPoint? = nil)
        -> CertificateListDraft
    {
        CertificateListDraft(
            algorithm: .sha256WithRSAEncryption,
            issuer: name,
            thisUpdate: 1_790_000_000,
            nextUpdate: 1_790_172_800,
            entries: entries,
            authorityKeyIdentifier: keyIdentifier,
            number: number,
            scope: scope
        )
    }
}
