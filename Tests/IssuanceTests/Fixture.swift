import AuthorityTesting
import CertificateProfiles
import CivilCalendar
import CryptoExtras
import Foundation
import Issuance
import Testing
import X509

/// One authority and one key pair of a holder for all tests: making keys is slow.
enum Fixture {
    /// 2025-10-27T00:30:05Z, in the morning of that day in Japan.
    static let now: Int64 = 1_761_525_005

    static let end = day(2030, 2, 17)

    static var authority: OfflineAuthority { get throws { try stored.get() } }

    static var holderKey: HolderKey { get throws { try storedKey.get() } }

    static var modulus: [UInt8] {
        get throws {
            let key = try #require(_RSA.Signing.PublicKey(holderKey.key.publicKey))
            return Array(try key.getKeyPrimitives().modulus)
        }
    }

    static let exponent: [UInt8] = [0x01, 0x00, 0x01]

    private static let stored = Result { try OfflineAuthority(generatingAt: now - 86_400) }
    private static let storedKey = Result { HolderKey(rsa: try _RSA.Signing.PrivateKey(keySize: .bits2048)) }

    static let holder = HolderFacts(
        name: "番号　花子",
        nameSubstitutes: "01000",
        address: "東京都千代田区霞が関２－１－２",
        addressSubstitutes: "000000000100000",
        gender: "2",
        birth: day(1989, 3, 31),
        prefecture: "Tokyo-to",
        municipality: "Chiyoda-ku",
        municipalityCode: "13101"
    )

    static func day(_ year: Int, _ month: Int, _ day: Int) -> CivilDate {
        guard let date = CivilDate(year: year, month: month, day: day) else { preconditionFailure("no such day") }
        return date
    }

    /// A certificate of each kind that an authority or a holder gets, issued for the same facts.
    static func issue(_ kind: CertificateKind) throws -> [UInt8] {
        var certificates = try authority.certificates
        return switch kind {
        case .signCA: certificates.signCACertificate
        case .authCA: certificates.authCACertificate
        default: try certificates.issue(try holderKey.request(kind, for: holder, notBefore: now, end: end))
        }
    }
}
