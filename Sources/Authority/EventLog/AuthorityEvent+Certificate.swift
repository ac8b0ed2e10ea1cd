public import CertificateProfiles
import FoundationEssentials

extension AuthorityEvent {
    /// The certificate it befell; `nil` for events of lists, verifiers, services and clocks, and for look-ups,
    /// which change nothing.
    public var certificate: CertificateReference? {
        switch self {
        case .generationBegan(let event): CertificateReference(event.authority, event.serial)
        case .issuancePlanned(let event): event.certificate
        case .certificateIssued(let event): event.certificate
        case .issuanceAbandoned(let event): event.certificate
        case .certificateReleased(let reference), .holdMadeFinal(let reference): reference
        case .certificateRevoked(let event): event.certificate
        case .partitionOpened, .listPublished, .verifierAdmitted, .verifierDismissed, .serviceStarted,
            .serviceStopped, .clockTrusted, .certificateLookedUp:
            nil
        }
    }

    /// What it is to the certificate it befell.
    public var trigger: CertificateTrigger? {
        switch self {
        case .generationBegan: .begin
        case .issuancePlanned: .plan
        case .certificateIssued: .issue
        case .issuanceAbandoned: .abandon
        case .certificateReleased: .release
        case .certificateRevoked: .revoke
        case .holdMadeFinal: .makeFinal
        case .partitionOpened, .listPublished, .verifierAdmitted, .verifierDismissed, .serviceStarted,
            .serviceStopped, .clockTrusted, .certificateLookedUp:
            nil
        }
    }

    /// The kind of the certificate that begins with it.
    var kind: CertificateKind? {
        switch self {
        case .generationBegan(let event): event.kind
        case .issuancePlanned(let event): event.kind
        default: nil
        }
    }

    var generation: Int? {
        switch self {
        case .generationBegan(let event): event.generation
        case .issuancePlanned(let event): event.generation
        default: nil
        }
    }
}

extension GenerationBegan {
    /// Of the authority's own certificate.
    public var kind: CertificateKind { authority == .sign ? .signCA : .authCA }

    /// The certificate in DER; `nil` if the event holds no Base64.
    public var der: [UInt8]? { Data(base64Encoded: certificate).map(Array.init) }

    /// SHA-256 of the certificate's DER, hexadecimal.
    public var fingerprint: String? { der.map(Fingerprint.of) }
}
