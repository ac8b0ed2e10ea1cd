import AuthorityTesting
import CertificateProfiles
import CivilCalendar
import CryptoExtras
import Foundation
import Issuance
import Problems
import Validation

/// One test authority, one holder and one key of the holder for all tests: making keys is slow.
enum Fixture {
    /// 2025-10-27T00:30:05Z.
    static let now: Int64 = 1_761_525_005
    static let end = day(2030, 2, 17)
    /// 2030-02-17T14:59:59Z, the end of that day in Japan.
    static let lastSecond: Int64 = 1_897_570_799

    static var authority: TestAuthority { get throws { try storedAuthority.get() } }
    static var holderKey: HolderKey { get throws { try storedKey.get() } }

    private static let storedAuthority = Result { try TestAuthority(generatingAt: now - 86_400) }
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

    static var simulated: TrustAnchors {
        get throws { try TrustAnchors(simulated: authority.signCACertificate, authCA: authority.authCACertificate) }
    }

    /// A certificate as the project's own authority issues it.
    static func issue(_ purpose: CertificatePurpose, mobile: Bool = false) throws -> [UInt8] {
        var authority = try authority
        let kind: CertificateKind =
            switch purpose {
            case .signature: mobile ? .mobileSign : .sign
            case .authentication: mobile ? .mobileAuth : .auth
            }
        return try authority.issue(try holderKey.request(kind, for: holder, notBefore: now, end: end))
    }

    /// A judgement by the simulated authorities.
    static func judge(
        _ der: [UInt8],
        as purpose: CertificatePurpose,
        at seconds: Int64 = now
    ) throws -> CertificateVerdict {
        CertificateJudge(try simulated).judge(der, as: purpose, at: seconds)
    }
}

extension CertificateVerdict {
    /// The states of all findings but revocation, by identifier.
    var states: [String: FindingState] {
        Dictionary(uniqueKeysWithValues: findings.filter { $0.check != "revocation" }.map { ($0.check, $0.state) })
    }

    var failed: [String] { findings.filter { $0.state == .failed }.map(\.check) }
    var notChecked: [String] { findings.filter { $0.state == .notChecked }.map(\.check) }

    func finding(_ check: String) -> Finding? { findings.first { $0.check == check } }
    func reason(_ check: String) -> String { finding(check)?.reason?.en ?? "" }
}

extension [UInt8] {
    /// The same bytes with the first occurrence of `pattern` replaced by as many others.
    func patched(_ pattern: [UInt8], _ other: [UInt8]) throws -> [UInt8] {
        guard let range = firstRange(of: pattern), pattern.count == other.count else { throw PatternMissing() }
        var bytes = self
        bytes.replaceSubrange(range, with: other)
        return bytes
    }

    struct PatternMissing: Error {}
}
