public import AuthorityCryptography
import CivilCalendar
import SwiftASN1
import X509

/// A certificate put together from what was signed and its signature.
public enum SignedCertificate {
    /// Certificate in DER (RFC 5280, 4.1).
    public static func assembled(
        toBeSigned: [UInt8],
        signedWith algorithm: SignatureAlgorithm,
        signature: [UInt8]
    ) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(algorithm)
        // No unused bits in front of the octets.
        let value = DERHeader.wrapped(0x03, [0] + signature)
        return DERHeader.wrapped(0x30, toBeSigned + serializer.serializedBytes + value)
    }
}

extension DER.Serializer {
    /// AlgorithmIdentifier: with NULL for RSA (RFC 4055, 5), without parameters for ECDSA (RFC 5758, 3.2).
    mutating func serialize(_ algorithm: SignatureAlgorithm) throws {
        try sequence { identifier in
            switch algorithm {
            case .rsa2048SHA256:
                try identifier.serialize(StandardObjectIdentifier.sha256WithRSA)
                try identifier.serialize(ASN1Null())
            case .p384SHA384:
                try identifier.serialize(StandardObjectIdentifier.ecdsaWithSHA384)
            }
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
