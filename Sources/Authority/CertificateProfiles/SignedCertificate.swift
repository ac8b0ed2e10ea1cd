public import AuthorityCryptography
import CivilCalendar
public import PKIX
import SwiftASN1

/// A certificate put together from what was signed and its signature.
public enum SignedCertificate {
    /// Certificate in DER (RFC 5280, 4.1).
    public static func assembled(
        toBeSigned: [UInt8],
        signedWith algorithm: SignatureAlgorithm,
        signature: [UInt8]
    ) -> [UInt8] {
        var writer = DERWriter(capacity: toBeSigned.count + signature.count + 32)
        writer.sequence { certificate in
            certificate.append(toBeSigned)
            certificate.append(algorithm.identifier.encoded)
            certificate.bitString(signature)
        }
        return writer.bytes
    }
}

extension SignatureAlgorithm {
    /// As it is written into what is signed.
    public var identifier: AlgorithmIdentifier {
        switch self {
        case .rsa2048SHA256: .sha256WithRSAEncryption
        case .p384SHA384: .ecdsaWithSHA384
        }
    }
}

extension UTCTime {
    init(seconds: Int64) throws {
        guard (0..<Self.end).contains(seconds) else { throw CertificateProfileError.timeOutOfRange }
        let day = CivilDate(daysSince1970: Int(seconds / 86_400))
        let second = Int(seconds % 86_400)
        self = try UTCTime(
            year: day.year,
            month: day.month,
            day: day.day,
            hours: second / 3600,
            minutes: second / 60 % 60,
            seconds: second % 60
        )
    }

    /// 2050-01-01T00:00:00Z: from here on RFC 5280, 4.1.2.5, demands GeneralizedTime.
    private static let end: Int64 = 2_524_608_000
}
