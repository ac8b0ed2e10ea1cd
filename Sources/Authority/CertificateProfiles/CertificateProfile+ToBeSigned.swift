public import AuthorityCryptography
import CivilCalendar
import SwiftASN1
import X509

extension CertificateProfile {
    /// TBSCertificate in DER (RFC 5280, 4.1.2): exactly the bytes that the authority's key signs.
    ///
    /// Both instants are seconds since 1970 UTC, from 1970 to 2049, as UTCTime holds them; outside it throws
    /// ``CertificateProfileError/timeOutOfRange``. Throws further what ``subjectName(_:)`` throws.
    public func toBeSigned(
        serial: UInt32,
        notBefore: Int64,
        notAfter: Int64,
        _ particulars: CertificateParticulars,
        signedWith algorithm: SignatureAlgorithm
    ) throws -> [UInt8] {
        let validity = [try UTCTime(seconds: notBefore), try UTCTime(seconds: notAfter)]
        let subject = try subjectName(particulars)
        let extensions = try filledExtensions(particulars)
        var serializer = DER.Serializer()
        try serializer.sequence { tbs in
            try tbs.serialize(2, explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific)
            try tbs.serialize(serial)
            try tbs.serialize(algorithm)
            try tbs.serialize(try issuer.distinguishedName())
            try tbs.sequence { times in
                for time in validity { try times.serialize(time) }
            }
            try tbs.serialize(subject)
            try tbs.serialize(particulars.subjectKey)
            try tbs.appendConstructedNode(identifier: .three) { tagged in
                try tagged.sequence { list in
                    for one in extensions { try list.serialize(one) }
                }
            }
        }
        return serializer.serializedBytes
    }
}

/// A certificate put together from what was signed and its signature.
public enum SignedCertificate {
    /// Certificate in DER (RFC 5280, 4.1).
    public static func assembled(
        toBeSigned: [UInt8],
        signedWith algorithm: SignatureAlgorithm,
        signature: [UInt8]
    ) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.sequence { certificate in
            certificate.serializeRawBytes(toBeSigned)
            try certificate.serialize(algorithm)
            try certificate.serialize(ASN1BitString(bytes: signature[...]))
        }
        return serializer.serializedBytes
    }
}

extension ASN1Identifier {
    /// `[3]`.
    fileprivate static let three = ASN1Identifier(tagWithNumber: 3, tagClass: .contextSpecific)
}

extension DER.Serializer {
    /// AlgorithmIdentifier: with NULL for RSA (RFC 4055, 5), without parameters for ECDSA (RFC 5758, 3.2).
    fileprivate mutating func serialize(_ algorithm: SignatureAlgorithm) throws {
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

    fileprivate mutating func serialize(_ one: Certificate.Extension) throws {
        try sequence { field in
            try field.serialize(one.oid)
            if one.critical { try field.serialize(true) }
            try field.serialize(ASN1OctetString(contentBytes: one.value))
        }
    }
}

extension UTCTime {
    fileprivate init(seconds: Int64) throws {
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
