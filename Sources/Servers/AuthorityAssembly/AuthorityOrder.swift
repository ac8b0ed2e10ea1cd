public import AuthorityCryptography
public import CertificateProfiles
import CivilCalendar
public import EventLog
public import Problems

/// What a command asks of an authority, whether it runs in this process or in a server: one line of JSON.
public enum AuthorityOrder: Sendable, Codable {
    case issue(IssueOrder)
    /// The card was handed over.
    case release([CertificateReference])
    case revoke(CertificateSelection, RevocationReason)
    case status(CertificateSelection)
    /// Full lists of the named partitions, or of all; of both authorities unless one is named.
    case publish(CertificateAuthority?, partitions: [String]?)
    /// Generations, counts and lists.
    case overview
    /// The next generation of an authority.
    case begin(CertificateAuthority, key: String?)
    /// Writes the log to a file, by its absolute path, and compares it with the tables.
    case audit(String)
    /// The clock was set on purpose, and is right now.
    case trustClock
    /// A verifier gets an account, by its client certificate: DER in Base64.
    case admit(verifier: String, certificate: String)
    case dismiss(verifier: String)
    case verifiers
    /// What verifiers were answered in a month of Japan's time, `YYYY-MM`.
    case usage(month: String)
}

/// Which certificates are meant.
public enum CertificateSelection: Hashable, Sendable, Codable {
    /// All on the card with this serial.
    case card(String)
    case serial(CertificateReference)
}

/// A certificate for a holder's key.
public struct IssueOrder: Sendable, Codable {
    public var kind: CertificateKind
    public var holder: Holder
    /// CertificationRequest (RFC 2986): DER in Base64.
    public var request: String
    public var identifier: String
    /// Seconds since 1970 UTC.
    public var notBefore: Int64
    /// `YYYY-MM-DD`, the last day in Japan.
    public var end: String
    public var holderReference: String?
    public var card: String?

    /// See ``HolderFacts``.
    public struct Holder: Sendable, Codable {
        public var name: String
        public var nameSubstitutes: String
        public var address: String
        public var addressSubstitutes: String
        public var gender: String
        /// `YYYY-MM-DD`.
        public var birth: String
        public var prefecture: String
        public var municipality: String
        public var municipalityCode: String

        public init(_ facts: HolderFacts) {
            name = facts.name
            nameSubstitutes = facts.nameSubstitutes
            address = facts.address
            addressSubstitutes = facts.addressSubstitutes
            gender = String(facts.gender)
            birth = facts.birth.description
            prefecture = facts.prefecture
            municipality = facts.municipality
            municipalityCode = facts.municipalityCode
        }
    }

    public init(
        kind: CertificateKind,
        holder: Holder,
        request: String,
        identifier: String,
        notBefore: Int64,
        end: String,
        holderReference: String? = nil,
        card: String? = nil
    ) {
        self.kind = kind
        self.holder = holder
        self.request = request
        self.identifier = identifier
        self.notBefore = notBefore
        self.end = end
        self.holderReference = holderReference
        self.card = card
    }
}

/// What comes back: one line of JSON.
public enum AuthorityAnswer: Sendable, Codable {
    case done
    case issued(CertificateReference, certificate: String)
    case revoked([RevokedLine])
    case status([StatusLine])
    case published([ListPublished])
    case overview(AuthorityOverview)
    case begun(BegunGeneration)
    case audited(Audit)
    case verifiers([VerifierLine])
    case usage([UsageLine])
    case refused(Refusal)

    public struct RevokedLine: Hashable, Sendable, Codable {
        public var authority: CertificateAuthority
        public var serial: UInt32
        public var kind: CertificateKind
        public var reason: RevocationReason
        public var at: Int64
        public var wasAlready: Bool
    }

    public struct StatusLine: Hashable, Sendable, Codable {
        public var authority: CertificateAuthority
        public var serial: UInt32
        public var kind: CertificateKind
        public var state: CertificateState
        public var reason: RevocationReason?
        public var revokedAt: Int64?
        public var notBefore: Int64?
        public var notAfter: Int64?
        public var card: String?
        public var generation: Int
    }

    /// A generation that began.
    public struct BegunGeneration: Hashable, Sendable, Codable {
        public var authority: CertificateAuthority
        public var generation: Int
        public var serial: UInt32
        /// Seconds since 1970 UTC.
        public var notBefore: Int64
        public var notAfter: Int64
        public var algorithm: SignatureAlgorithm
        /// Where its key is, without any secret.
        public var key: String
        /// Its own certificate: DER in Base64.
        public var certificate: String
        public var links: [LinkLine]
        /// Generations that are not linked with it, as their keys could not be reached.
        public var unlinked: [Int]
    }

    /// A certificate by which one generation vouches for another (RFC 4210, 4.4).
    public struct LinkLine: Hashable, Sendable, Codable {
        /// The generation whose key signed.
        public var from: Int
        /// The generation it is about.
        public var to: Int
        public var serial: UInt32
        /// DER in Base64.
        public var certificate: String
    }

    public struct Audit: Hashable, Sendable, Codable {
        public var entries: Int
        public var checkpoints: Int
        /// Where the tables say something else than the log.
        public var differences: [String]
    }

    public struct VerifierLine: Hashable, Sendable, Codable {
        public var name: String
        /// SHA-256 of its client certificate, hexadecimal.
        public var fingerprint: String
        /// Seconds since 1970 UTC.
        public var admittedAt: Int64
        public var dismissedAt: Int64?
    }

    /// How many certificates a verifier was told about.
    public struct UsageLine: Hashable, Sendable, Codable {
        public var verifier: String
        /// `ocsp`, `crl` or `link`.
        public var method: String
        /// `signature` or `liveness`.
        public var purpose: String
        public var authority: CertificateAuthority
        public var number: Int
    }

    /// A ``Problem`` on its way through a socket.
    public struct Refusal: Hashable, Sendable, Codable {
        public var code: String
        public var outcome: Int32
        public var whatHappened: [String]
        public var whatToDo: [String]

        init(_ problem: Problem) {
            code = problem.code
            outcome = problem.outcome.rawValue
            whatHappened = [problem.whatHappened.ja, problem.whatHappened.en]
            whatToDo = [problem.whatToDo.ja, problem.whatToDo.en]
        }

        public var problem: Problem {
            Problem(
                code: code,
                outcome: Outcome(rawValue: outcome) ?? .other,
                whatHappened: Text(ja: whatHappened.first ?? "", en: whatHappened.last ?? ""),
                whatToDo: Text(ja: whatToDo.first ?? "", en: whatToDo.last ?? "")
            )
        }
    }
}

/// An authority at a glance.
public struct AuthorityOverview: Hashable, Sendable, Codable {
    public var node: String
    public var authorities: [Line]

    public struct Line: Hashable, Sendable, Codable {
        public var authority: CertificateAuthority
        public var generations: Int
        /// The newest generation's own certificate: DER in Base64.
        public var certificate: String
        /// Until when it is good, seconds since 1970 UTC.
        public var notAfter: Int64
        public var issued: Int
        public var inactive: Int
        public var revoked: Int
        public var lists: Int
    }
}
