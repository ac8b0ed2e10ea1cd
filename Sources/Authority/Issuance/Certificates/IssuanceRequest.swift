public import CertificateProfiles
public import CivilCalendar

/// What somebody wants a certificate for.
public struct IssuanceRequest: Sendable {
    public var kind: CertificateKind
    public var subject: Subject
    public var key: RequestedKey
    /// First second of the validity, since 1970 UTC.
    public var notBefore: Int64
    /// Last day of the validity in Japan.
    public var end: CivilDate
    /// Unique among the requests to an authority: asking again under it gives the same certificate.
    public var identifier: String
    /// Opaque reference to the holder, by which pairs and successors are found.
    public var holder: String?
    /// Serial of the card or of the telephone's token.
    public var card: String?
    /// Serial of the certificate that the new one takes the place of.
    public var replaces: UInt32?

    public enum Subject: Sendable {
        case holder(HolderFacts)
        /// A responder or a time-stamping authority, by its name.
        case service(String)
        case authority
    }

    public init(
        _ kind: CertificateKind,
        subject: Subject,
        key: RequestedKey,
        notBefore: Int64,
        end: CivilDate,
        identifier: String,
        holder: String? = nil,
        card: String? = nil,
        replaces: UInt32? = nil
    ) {
        self.kind = kind
        self.subject = subject
        self.key = key
        self.notBefore = notBefore
        self.end = end
        self.identifier = identifier
        self.holder = holder
        self.card = card
        self.replaces = replaces
    }
}

/// The key that a certificate is wanted for.
public enum RequestedKey: Sendable {
    /// CertificationRequest in DER (RFC 2986): the fresh key signed the request that names it, so whoever asks has the
    /// key. Its subject is one `CN`, the identifier of the issuance request, so that it serves for this one only.
    case proven([UInt8])
    /// SubjectPublicKeyInfo in DER of a key that the authority keeps itself.
    case own([UInt8])
}
