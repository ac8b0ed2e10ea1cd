public import AuthorityCryptography
import PKIX
import SwiftASN1
public import X509

/// A profile in which everything is filled in that is the same in all certificates of one generation of an authority.
///
/// Made once, it is filled in for each certificate: most of a certificate is the same every time.
public struct CertificateForm: Sendable {
    public let profile: CertificateProfile
    public let algorithm: SignatureAlgorithm
    private let issuerKey: Certificate.PublicKey
    private let locations: PublicLocations
    /// `signature` and `issuer` of TBSCertificate.
    private let opening: [UInt8]
    /// Extensions that say nothing about the subject.
    private let standing: [ExtensionKind: [UInt8]]

    /// Throws ``CertificateProfileError``, or what the encoder throws on text that DER cannot hold.
    public init(
        _ profile: CertificateProfile,
        issuerKey: Certificate.PublicKey,
        locations: PublicLocations,
        signedWith algorithm: SignatureAlgorithm
    ) throws {
        self.profile = profile
        self.algorithm = algorithm
        self.issuerKey = issuerKey
        self.locations = locations
        var serializer = DER.Serializer()
        try serializer.serialize(try profile.issuer.distinguishedName())
        opening = algorithm.identifier.encoded + serializer.serializedBytes
        // For what stands whoever the subject is.
        let anyone = CertificateParticulars(
            .authority,
            subjectKey: issuerKey,
            issuerKey: issuerKey,
            locations: locations
        )
        var standing: [ExtensionKind: [UInt8]] = [:]
        for rule in profile.extensions where !rule.kind.isAboutSubject {
            standing[rule.kind] = try profile.filled(rule, anyone).map(Self.encoded) ?? []
        }
        self.standing = standing
    }

    /// All of TBSCertificate but its serial number (RFC 5280, 4.1.2).
    ///
    /// Both instants are seconds since 1970 UTC, from 1970 to 2049, as UTCTime holds them; outside it throws
    /// ``CertificateProfileError/timeOutOfRange``. The subject's key is SubjectPublicKeyInfo in DER. Throws further what
    /// ``CertificateProfile/subjectName(_:)`` throws, and the certificate library on a key it does not know.
    public func filled(
        notBefore: Int64,
        notAfter: Int64,
        subject: CertificateParticulars.Subject,
        subjectKey: [UInt8]
    ) throws -> UnnumberedCertificate {
        for instant in [notBefore, notAfter] where !(0..<DERTime.endOfUTCTime).contains(instant) {
            throw CertificateProfileError.timeOutOfRange
        }
        let about = try aboutSubject(subject, subjectKey)
        var fields = DERWriter(capacity: 1_536)
        fields.append(opening)
        try fields.sequence { validity in
            try validity.time(notBefore)
            try validity.time(notAfter)
        }
        fields.append(about.name)
        let nameEnd = fields.bytes.count
        fields.append(subjectKey)
        fields.element(DERTag.contextConstructed(3)) { list in
            list.sequence { list in
                for rule in profile.extensions {
                    if let encoded = standing[rule.kind] ?? about.extensions[rule.kind] { list.append(encoded) }
                }
            }
        }
        return try UnnumberedCertificate(fields.bytes, nameEnd: nameEnd, identifier: subject.identifier)
    }

    /// What a certificate says of its subject: the name, and extensions, in DER.
    private typealias AboutSubject = (name: [UInt8], extensions: [ExtensionKind: [UInt8]])

    private func aboutSubject(_ subject: CertificateParticulars.Subject, _ key: [UInt8]) throws -> AboutSubject {
        if case .holder(let facts, let identifier) = subject, profile.kind.isForHolder {
            let holder = HolderWriting(profile: profile, facts: facts, identifier: identifier)
            return (holder.name, try holder.extensions(subjectKey: key))
        }
        let particulars = CertificateParticulars(
            subject,
            subjectKey: try Certificate.PublicKey(derEncoded: key),
            issuerKey: issuerKey,
            locations: locations
        )
        var extensions: [ExtensionKind: [UInt8]] = [:]
        for rule in profile.extensions where rule.kind.isAboutSubject {
            extensions[rule.kind] = try profile.filled(rule, particulars).map(Self.encoded)
        }
        var name = DER.Serializer()
        try name.serialize(try profile.subjectName(particulars))
        return (name.serializedBytes, extensions)
    }

    private static func encoded(_ one: Certificate.Extension) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.sequence { field in
            try field.serialize(one.oid)
            if one.critical { try field.serialize(true) }
            try field.serialize(ASN1OctetString(contentBytes: one.value))
        }
        return serializer.serializedBytes
    }
}

/// TBSCertificate but for its serial number, which a holder's name holds as well.
public struct UnnumberedCertificate: Hashable, Sendable {
    /// From `signature` to `extensions`.
    private let fields: [UInt8]
    /// Where the digits of the serial number stand in the holder's identifier.
    private let digits: Int?

    /// `nameEnd` is where the subject's name ends in `fields`.
    init(_ fields: [UInt8], nameEnd: Int, identifier: SubjectIdentifier?) throws {
        self.fields = fields
        guard let identifier = identifier?.description.utf8 else {
            digits = nil
            return
        }
        // The identifier is the last thing in the name.
        guard fields[..<nameEnd].suffix(identifier.count).elementsEqual(identifier) else {
            throw CertificateProfileError.identifierAstray
        }
        digits = nameEnd - identifier.count + SubjectIdentifier.serialDigits.lowerBound
    }

    /// TBSCertificate in DER: exactly the bytes that the authority's key signs.
    public func toBeSigned(serial: UInt32) -> [UInt8] {
        var content = fields
        if let digits {
            content.replaceSubrange(
                digits..<digits + SubjectIdentifier.serialDigits.count,
                with: SubjectIdentifier.digits(serial)
            )
        }
        var writer = DERWriter(capacity: content.count + 16)
        writer.sequence { certificate in
            // Version 3.
            certificate.element(DERTag.contextConstructed(0)) { $0.integer(2) }
            certificate.integer(UInt64(serial))
            certificate.append(content)
        }
        return writer.bytes
    }
}

extension CertificateParticulars.Subject {
    fileprivate var identifier: SubjectIdentifier? {
        if case .holder(_, let identifier) = self { identifier } else { nil }
    }
}

extension ExtensionKind {
    /// Whether its value depends on whom the certificate is about.
    var isAboutSubject: Bool {
        switch self {
        case .subjectKeyIdentifier, .subjectAlternativeName, .crlDistributionPoints: true
        default: false
        }
    }
}
