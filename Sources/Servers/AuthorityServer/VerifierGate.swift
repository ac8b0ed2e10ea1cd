import AuthorityAssembly
import EventLog

/// Who asks, and what for.
struct Asker: Hashable, Sendable {
    let name: String
    let purpose: Purpose

    /// What a verifier says it wants to know a certificate's state for.
    enum Purpose: String, Sendable {
        /// It was handed a signature.
        case signature
        /// Whether a customer is still who it enrolled.
        case liveness
    }
}

/// Whether a request is answered.
enum Admission: Hashable, Sendable {
    /// Nobody is asked who they are, and nothing is counted.
    case anybody
    case verifier(Asker)
    case refused(Refusal)

    enum Refusal: Hashable, Sendable {
        /// 403: no account, or the wrong door.
        case forbidden
        /// 400: the purpose is missing or unknown, or a header comes twice.
        case badRequest
        /// 503: who is admitted is not known at the moment.
        case unavailable
    }
}

/// Lets verifiers with an account in, and nobody else, where the configuration asks for accounts.
struct VerifierGate: Sendable {
    /// The client's certificate in PEM, percent-encoded: what nginx calls `$ssl_client_escaped_cert`.
    static let certificateHeader = "x-client-certificate"
    static let purposeHeader = "x-purpose"

    let wantsAccounts: Bool
    let roll: VerifierRoll

    /// `values` gives all values of a header by its name in small letters.
    func admit(_ door: Door, _ values: (String) -> [String]) -> Admission {
        guard wantsAccounts else { return .anybody }
        guard door == .socket else { return .refused(.forbidden) }
        let certificates = values(Self.certificateHeader)
        guard certificates.count < 2 else { return .refused(.badRequest) }
        guard let escaped = certificates.first, let pem = PercentEncoding.decoded(escaped),
            let der = ClientCertificate.der(Array(pem.utf8))
        else { return .refused(.forbidden) }
        switch roll.look(up: Fingerprint.of(der)) {
        case .unknown: return .refused(.forbidden)
        case .stale: return .refused(.unavailable)
        case .admitted(let name):
            let purposes = values(Self.purposeHeader)
            guard purposes.count == 1, let purpose = Asker.Purpose(rawValue: purposes[0]) else {
                return .refused(.badRequest)
            }
            return .verifier(Asker(name: name, purpose: purpose))
        }
    }
}
