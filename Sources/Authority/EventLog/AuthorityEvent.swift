public import AuthorityCryptography
public import CertificateProfiles
import FoundationEssentials

/// Everything that can happen to an authority and its certificates, as the log keeps it.
///
/// The state of the authority is what these events say, in their order, and nothing else. Instants are seconds since
/// 1970 UTC. Holders and cards are told by references that mean nothing outside; no event holds personal data.
///
/// The form of an event that was once published never changes; new kinds are added. A program reads all kinds that are
/// older than itself, and refuses those that are younger.
public enum AuthorityEvent: Hashable, Sendable, Codable {
    /// A generation of an authority began: from now on it issues.
    case generationBegan(GenerationBegan)
    /// The first certificate of a municipality is about to be issued: from now on there is a list for it.
    case partitionOpened(PartitionOpened)
    /// What will be signed was decided; from here on the serial number is spent.
    case issuancePlanned(IssuancePlanned)
    /// The certificate was signed, compared with its plan, and may be handed out.
    case certificateIssued(CertificateIssued)
    /// The plan will not be carried out. The certificate may have been signed, so it counts as revoked (unspecified).
    case issuanceAbandoned(IssuanceAbandoned)
    /// The card was handed over: from here on the certificate is good.
    case certificateReleased(CertificateReference)
    /// The certificate was revoked or held.
    case certificateRevoked(CertificateRevoked)
    /// A held certificate is finally revoked; relying parties go on seeing the hold.
    case holdMadeFinal(CertificateReference)
    case listPublished(ListPublished)
    case verifierAdmitted(VerifierAdmitted)
    case verifierDismissed(VerifierDismissed)
    case serviceStarted(ServiceStarted)
    case serviceStopped
    /// An operator said that a clock which was set on purpose is right.
    case clockTrusted(ClockTrusted)
    /// Somebody was told, or is about to be told, which certificate goes with another.
    case certificateLookedUp(CertificateLookedUp)

    /// The JSON of the log: one object with the event's name as its only key, members sorted.
    public func encoded() throws -> [UInt8] { try quicklyEncoded() ?? encodedByLibrary() }

    func encodedByLibrary() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    /// Reads what ``encoded()`` wrote.
    public init(decoding body: [UInt8]) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(body))
    }
}

/// One certificate: serial numbers run through all generations of an authority.
public struct CertificateReference: Hashable, Sendable, Codable {
    public let authority: CertificateAuthority
    public let serial: UInt32

    public init(_ authority: CertificateAuthority, _ serial: UInt32) {
        self.authority = authority
        self.serial = serial
    }
}

public struct GenerationBegan: Hashable, Sendable, Codable {
    public let authority: CertificateAuthority
    /// From 1.
    public let generation: Int
    /// Of the authority's own certificate; it counts among those the authority issues.
    public let serial: UInt32
    public let notBefore: Int64
    public let notAfter: Int64
    public let algorithm: SignatureAlgorithm
    /// The authority's own certificate: DER in Base64.
    public let certificate: String
    /// Where the key is: a PKCS#11 URI without its PIN, or `file:` and a name.
    public let key: String

    public init(
        authority: CertificateAuthority,
        generation: Int,
        serial: UInt32,
        notBefore: Int64,
        notAfter: Int64,
        algorithm: SignatureAlgorithm,
        certificate: String,
        key: String
    ) {
        self.authority = authority
        self.generation = generation
        self.serial = serial
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.algorithm = algorithm
        self.certificate = certificate
        self.key = key
    }
}

public struct PartitionOpened: Hashable, Sendable, Codable {
    public let authority: CertificateAuthority
    /// The municipality's five digits.
    public let code: String
    /// In Roman letters, as in the names of its lists; a merged municipality keeps the list of its certificates.
    public let prefecture: String
    public let municipality: String

    public init(authority: CertificateAuthority, code: String, prefecture: String, municipality: String) {
        self.authority = authority
        self.code = code
        self.prefecture = prefecture
        self.municipality = municipality
    }
}

public struct IssuancePlanned: Hashable, Sendable, Codable {
    public let certificate: CertificateReference
    public let generation: Int
    public let kind: CertificateKind
    /// Which list would tell of its revocation: the municipality's five digits, or a name of ``ListPartition``.
    public let partition: String
    public let notBefore: Int64
    public let notAfter: Int64
    /// SHA-256 of the bytes to be signed, hexadecimal.
    public let toBeSigned: String
    /// Who asked, so that asking again gives the same certificate: unique among the requests of an authority.
    public let request: String
    /// Opaque reference to the holder; pairs and successors are found by it.
    public let holder: String?
    /// Serial of the card or of the telephone's token.
    public let card: String?
    /// Serial of the certificate that this one takes the place of.
    public let replaces: UInt32?

    public init(
        certificate: CertificateReference,
        generation: Int,
        kind: CertificateKind,
        partition: String,
        notBefore: Int64,
        notAfter: Int64,
        toBeSigned: String,
        request: String,
        holder: String? = nil,
        card: String? = nil,
        replaces: UInt32? = nil
    ) {
        self.certificate = certificate
        self.generation = generation
        self.kind = kind
        self.partition = partition
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.toBeSigned = toBeSigned
        self.request = request
        self.holder = holder
        self.card = card
        self.replaces = replaces
    }
}

public struct CertificateIssued: Hashable, Sendable, Codable {
    public let certificate: CertificateReference
    /// SHA-256 of the certificate's DER, hexadecimal.
    public let fingerprint: String

    public init(certificate: CertificateReference, fingerprint: String) {
        self.certificate = certificate
        self.fingerprint = fingerprint
    }
}

public struct CertificateRevoked: Hashable, Sendable, Codable {
    public let certificate: CertificateReference
    public let reason: RevocationReason
    /// When it took effect; relying parties see it as revocationDate.
    public let at: Int64
    /// As planned: which list tells of it, and until when.
    public let partition: String
    public let notAfter: Int64

    public init(
        certificate: CertificateReference,
        reason: RevocationReason,
        at: Int64,
        partition: String,
        notAfter: Int64
    ) {
        self.certificate = certificate
        self.reason = reason
        self.at = at
        self.partition = partition
        self.notAfter = notAfter
    }
}

public struct IssuanceAbandoned: Hashable, Sendable, Codable {
    public let certificate: CertificateReference
    public let at: Int64
    /// As planned: which list tells of it, and until when.
    public let partition: String
    public let notAfter: Int64

    public init(certificate: CertificateReference, at: Int64, partition: String, notAfter: Int64) {
        self.certificate = certificate
        self.at = at
        self.partition = partition
        self.notAfter = notAfter
    }
}

/// Names of lists that are not those of a municipality.
public enum ListPartition {
    /// Certificates about keys of authorities.
    public static let authorities = "authorities"
    /// Certificates of responders and of time stamping.
    public static let services = "services"
    /// Everything that is not about a key of an authority.
    public static let all = "all"
}

/// CRLReason as JPKI uses it (RFC 5280, 5.3.1; certification practice statements of J-LIS, 4.9.9).
public enum RevocationReason: UInt8, Hashable, Sendable, Codable, CaseIterable {
    /// Discarded before it was handed over.
    case unspecified = 0
    /// The holder's key leaked, or the card was lost for good.
    case keyCompromise = 1
    /// The authority's own key.
    case cACompromise = 2
    /// What it says of the holder is no longer so.
    case affiliationChanged = 3
    /// Renewed or issued anew.
    case superseded = 4
    /// No longer needed: returned, died, moved away.
    case cessationOfOperation = 5
    /// Suspended by telephone. Never lifted: new certificates are issued instead.
    case certificateHold = 6
}

public struct ListPublished: Hashable, Sendable, Codable {
    public let authority: CertificateAuthority
    /// Five digits, or a name of ``ListPartition``.
    public let partition: String
    /// cRLNumber, from 1; one sequence per partition for full and delta lists.
    public let number: UInt64
    /// The cRLNumber of the base; `nil` for a full list.
    public let base: UInt64?
    public let thisUpdate: Int64
    public let nextUpdate: Int64
    public let entries: Int
    /// SHA-256 of the list's DER, hexadecimal.
    public let fingerprint: String

    public init(
        authority: CertificateAuthority,
        partition: String,
        number: UInt64,
        base: UInt64?,
        thisUpdate: Int64,
        nextUpdate: Int64,
        entries: Int,
        fingerprint: String
    ) {
        self.authority = authority
        self.partition = partition
        self.number = number
        self.base = base
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.entries = entries
        self.fingerprint = fingerprint
    }
}

public struct VerifierAdmitted: Hashable, Sendable, Codable {
    public let name: String
    /// SHA-256 of its client certificate's DER, hexadecimal.
    public let fingerprint: String

    public init(name: String, fingerprint: String) {
        self.name = name
        self.fingerprint = fingerprint
    }
}

public struct VerifierDismissed: Hashable, Sendable, Codable {
    public let name: String

    public init(name: String) { self.name = name }
}

public struct ServiceStarted: Hashable, Sendable, Codable {
    public let program: String

    public init(program: String) { self.program = program }
}

public struct ClockTrusted: Hashable, Sendable, Codable {
    /// What the time would have been by the clock as it was believed before, in milliseconds since 1970 UTC: no record
    /// was given an earlier time.
    public let before: Int64
    /// The time of day that is believed from now on, in the same measure.
    public let after: Int64

    public init(before: Int64, after: Int64) {
        self.before = before
        self.after = after
    }
}

/// Who looked is the entry's actor: a verifier, or ``anybody``.
public struct CertificateLookedUp: Hashable, Sendable, Codable {
    public enum Relation: String, Hashable, Sendable, Codable, CaseIterable {
        /// The newest good certificate of the same kind and holder.
        case successor
        /// That of the other kind.
        case pair
    }

    /// The actor of look-ups where verifiers need no account.
    public static let anybody = "anybody"

    /// The certificate that was named; it need not exist.
    public let certificate: CertificateReference
    public let relation: Relation
    /// What was found; `nil` if nothing was.
    public let found: CertificateReference?
    /// What the verifier said it wants to know it for.
    public let purpose: String?

    public init(
        certificate: CertificateReference,
        relation: Relation,
        found: CertificateReference?,
        purpose: String? = nil
    ) {
        self.certificate = certificate
        self.relation = relation
        self.found = found
        self.purpose = purpose
    }
}
