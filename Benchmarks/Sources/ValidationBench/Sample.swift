import Crypto
import CryptoExtras
import Foundation
import PKIX

/// A simulated authority that issues signature certificates in the shape of the profile, and lists.
struct Sample {
    let key: _RSA.Signing.PrivateKey
    let holderKey: [UInt8]
    let name = Sample.name(["JPKI for digital signature", "Japan Agency for Local Authority Information Systems"])
    let partition = Sample.name([
        "JPKI for digital signature", "CRL Distribution Points", "Tokyo-to", "Chiyoda-ku CRLDP",
    ])
    let now: Int64 = 1_790_000_000

    init() throws {
        key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        holderKey = Array(try _RSA.Signing.PrivateKey(keySize: .bits2048).publicKey.derRepresentation)
    }

    var keyIdentifier: [UInt8] { Array(Insecure.SHA1.hash(data: key.publicKey.pkcs1DERRepresentation)) }

    static func name(_ units: [String]) -> [UInt8] {
        var writer = DERWriter()
        let attributes = [(UInt8(0x06), UInt8(0x13), "JP"), (0x0A, 0x0C, "JPKI-SIM")] + units.map { (0x0B, 0x0C, $0) }
        writer.sequence { name in
            for (type, tag, value) in attributes {
                name.element(DERTag.set) { set in
                    set.sequence {
                        $0.objectIdentifier([0x55, 0x04, type]); $0.append(tag, Array(value.utf8))
                    }
                }
            }
        }
        return writer.bytes
    }

    func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        Array(try key.signature(for: bytes, padding: .insecurePKCS1v1_5).rawRepresentation)
    }

    /// The authority's own certificate with serial number 1, or a holder's.
    func certificate(_ serial: UInt64) throws -> [UInt8] {
        let isAuthority = serial == 1
        var signed = DERWriter()
        signed.sequence { certificate in
            certificate.element(DERTag.contextConstructed(0)) { $0.integer(2) }
            certificate.integer(serial)
            certificate.append(AlgorithmIdentifier.sha256WithRSAEncryption.encoded)
            certificate.append(name)
            certificate.sequence { validity in
                var times: [UInt8] = []
                try? DERTime.append(now - 86_400, to: &times)
                try? DERTime.append(now + 100_000_000, to: &times)
                validity.append(times)
            }
            certificate.append(isAuthority ? name : Self.name(["Tokyo-to", "997794E9AGCIEG13221003A"]))
            certificate.append(isAuthority ? Array(key.publicKey.derRepresentation) : holderKey)
            certificate.element(DERTag.contextConstructed(3)) { tagged in
                tagged.sequence { isAuthority ? authorityExtensions(&$0) : holderExtensions(&$0) }
            }
        }
        var writer = DERWriter()
        let signature = try sign(signed.bytes)
        writer.sequence {
            $0.append(signed.bytes)
            $0.append(AlgorithmIdentifier.sha256WithRSAEncryption.encoded)
            $0.bitString(signature)
        }
        return writer.bytes
    }

    private func authorityExtensions(_ list: inout DERWriter) {
        Self.put(0x0F, critical: true, &list) { $0.append(DERTag.bitString, [0x01, 0x06]) }
        Self.put(0x13, critical: true, &list) { $0.sequence { $0.append(DERTag.boolean, [0xFF]) } }
        Self.put(0x0E, critical: false, &list) { $0.append(DERTag.octetString, keyIdentifier) }
    }

    private func holderExtensions(_ list: inout DERWriter) {
        Self.put(0x0F, critical: true, &list) { $0.append(DERTag.bitString, [0x06, 0xC0]) }
        Self.put(0x11, critical: false, &list) { value in
            value.sequence { names in
                let facts: [(UInt8, String)] = [
                    (1, "番号　花子"), (4, "319890331"), (3, "2"), (5, "東京都千代田区霞が関２－１－２"), (2, "00000"),
                    (6, "000000000000000"),
                ]
                for (fact, text) in facts {
                    names.element(DERTag.contextConstructed(0)) { name in
                        name.objectIdentifier([0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 8, 5, 5, fact])
                        name.element(DERTag.contextConstructed(0)) { $0.append(DERTag.utf8String, Array(text.utf8)) }
                    }
                }
            }
        }
        Self.put(0x20, critical: true, &list) { value in
            value.sequence { policies in
                policies.sequence { $0.objectIdentifier([0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 8, 5, 1, 0, 20]) }
            }
        }
        Self.put(0x1F, critical: false, &list) { value in
            value.sequence { points in
                points.sequence { point in
                    point.element(DERTag.contextConstructed(0)) { name in
                        name.element(DERTag.contextConstructed(0)) { full in
                            full.element(DERTag.contextConstructed(4)) { $0.append(partition) }
                        }
                    }
                }
            }
        }
        Self.put(0x23, critical: false, &list) { value in value.sequence { $0.append(DERTag.context(0), keyIdentifier) }
        }
        Self.put(0x0E, critical: false, &list) { $0.append(DERTag.octetString, [UInt8](repeating: 7, count: 20)) }
    }

    private static func put(
        _ type: UInt8,
        critical: Bool,
        _ list: inout DERWriter,
        _ body: (inout DERWriter) -> Void
    ) {
        list.sequence { one in
            one.objectIdentifier([0x55, 0x1D, type])
            if critical { one.append(DERTag.boolean, [0xFF]) }
            one.element(DERTag.octetString, body)
        }
    }

    /// A list of so many certificates, every second number from 1,000,001 on.
    func draft(_ count: UInt32) throws -> CertificateListDraft {
        var entries = EncodedEntries()
        entries.reserve(Int(count))
        for place in 0..<count {
            try entries.append(serial: 1_000_001 + 2 * place, revokedAt: now - Int64(place), reason: .superseded)
        }
        return CertificateListDraft(
            algorithm: .sha256WithRSAEncryption,
            issuer: name,
            thisUpdate: now - 3600,
            nextUpdate: now + 172_800,
            entries: entries,
            authorityKeyIdentifier: keyIdentifier,
            number: 7,
            scope: IssuingDistributionPoint(name: partition, .userCertificates)
        )
    }
}
