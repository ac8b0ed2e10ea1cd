public import PKIX

/// What is at hand about revocation, fetched by somebody else, and what is demanded of it.
public struct RevocationEvidence: Sendable {
    public var lists: RevocationLists
    public var answers: [StatusAnswer]
    public var freshness: EvidenceFreshness
    /// Why there is nothing, where somebody was asked and no answer came; told when nothing else decides.
    public var failure: StatusFailure?

    public init(
        lists: RevocationLists = RevocationLists(),
        answers: [StatusAnswer] = [],
        freshness: EvidenceFreshness = EvidenceFreshness(),
        failure: StatusFailure? = nil
    ) {
        self.lists = lists
        self.answers = answers
        self.freshness = freshness
        self.failure = failure
    }

    /// Nobody was asked.
    public static let none = RevocationEvidence()

    var isEmpty: Bool { lists.isEmpty && answers.isEmpty }
}

/// Why somebody who was asked for the status did not give it.
public enum StatusFailure: Error, Hashable, Sendable, CaseIterable {
    /// Nobody answered at the address, or not in time.
    case unreachable
    /// What answered is no responder: another status of HTTP, or too long an answer.
    case noAnswer
    /// What answered gave no revocation list: another status of HTTP, too long an answer, or other bytes.
    case noList
}

/// How fresh evidence must be, in seconds.
public struct EvidenceFreshness: Hashable, Sendable {
    /// How far apart the clocks of authority and judge may be.
    public var tolerance: Int64
    /// How old an OCSP answer may be, whatever it says of its next update.
    public var maximumAge: Int64
    /// Until when evidence was gathered, where an instant of the past is judged.
    ///
    /// Evidence made between that instant and this one counts, too. `nil` takes the instant that is judged for now.
    public var gatheredUntil: Int64?

    public init(tolerance: Int64 = 60, maximumAge: Int64 = 3600, gatheredUntil: Int64? = nil) {
        self.tolerance = tolerance
        self.maximumAge = maximumAge
        self.gatheredUntil = gatheredUntil
    }

    /// The latest instant that evidence may bear when `instant` is judged.
    func latest(judging instant: Int64) -> Int64 {
        let (sum, overflow) = max(instant, gatheredUntil ?? instant).addingReportingOverflow(tolerance)
        return overflow ? .max : sum
    }
}

/// What was found about a certificate's revocation, and by which evidence.
public struct RevocationStatus: Hashable, Sendable {
    public enum Word: String, Hashable, Sendable, CaseIterable {
        /// Not revoked at the instant that was judged.
        case good
        /// Revoked or held; with JPKI a hold is never lifted.
        case revoked
        /// The responder does not know the certificate.
        case unknown
    }

    public let word: Word
    /// Also where the revocation came after the instant that was judged, and the word is `good`; since 1970 UTC.
    public let revokedAt: Int64?
    public let reason: CRLReason?
    public let rule: EvidenceRule
    /// The list, the list and its delta, or the answer.
    public let documents: [StatusDocument]

    public var isRevoked: Bool { word == .revoked }
}

/// Why evidence of one time speaks for the instant that was judged.
public enum EvidenceRule: String, Hashable, Sendable, CaseIterable {
    /// The instant lies between this update and the next.
    case covering
    /// The evidence is younger than the instant and finds no revocation, and nothing revoked becomes good again.
    case later
    /// The evidence knows a revocation, which came after the instant.
    case revokedLater = "revoked-later"
    /// The revocation came before the instant; it stands, however old the evidence.
    case standing
}

/// One list or answer that decided, for the records: 証跡.
public struct StatusDocument: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case list = "crl"
        case delta = "delta-crl"
        case answer = "ocsp"
    }

    public let kind: Kind
    /// CRLNumber; `nil` for answers.
    public let number: UInt64?
    /// Seconds since 1970 UTC.
    public let thisUpdate: Int64
    public let nextUpdate: Int64?
    /// When the responder signed; `nil` for lists.
    public let producedAt: Int64?
    /// SHA-256 of the certificate whose key signed, in upper-case hexadecimal: an authority's, or a responder's.
    public let signer: String
    /// Whether the answer brought back the nonce that was sent; `nil` for lists.
    public let hasNonce: Bool?
    /// SHA-256 of the whole document, in upper-case hexadecimal.
    public let fingerprint: String
}
