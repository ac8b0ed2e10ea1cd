import CardKeys
import CardProfiles
import CertificateProfiles
import Issuance
import Personalization
import VirtualCard

/// Where the certificates of cards come from.
protocol CertificateSource {
    /// The certificate for a key that asks for it by a CertificationRequest (RFC 2986).
    mutating func certificate(_ kind: CertificateKind, _ request: CardCertificateRequest) throws -> [UInt8]
    var signatureCACertificate: [UInt8] { get throws }
    var authenticationCACertificate: [UInt8] { get throws }
}

/// What a card asks a certificate for.
struct CardCertificateRequest {
    /// CertificationRequest in DER.
    let proof: [UInt8]
    let identifier: String
    let holder: HolderFacts
    let order: CardOrder
}

extension TestAuthority: CertificateSource {
    mutating func certificate(_ kind: CertificateKind, _ request: CardCertificateRequest) throws -> [UInt8] {
        try issue(
            IssuanceRequest(
                kind,
                subject: .holder(request.holder),
                key: .proven(request.proof),
                notBefore: request.order.issuedAt,
                end: request.order.certificateEnd,
                identifier: request.identifier
            )
        )
    }

    var signatureCACertificate: [UInt8] { signCACertificate }
    var authenticationCACertificate: [UInt8] { authCACertificate }
}

/// The authorities as a card being made sees them.
struct CardAuthority<Certificates: CertificateSource>: PersonalizationAuthority {
    var certificates: Certificates
    let cards: CVAuthority

    mutating func certificate(
        _ use: CardKeyUse,
        request: [UInt8],
        identifier: String,
        _ order: CardOrder
    ) throws -> [UInt8] {
        let isMobile = order.persona.kind != .plastic
        let kind: CertificateKind =
            switch use {
            case .sign: isMobile ? .mobileSign : .sign
            case .auth: isMobile ? .mobileAuth : .auth
            }
        return try certificates.certificate(
            kind,
            CardCertificateRequest(proof: request, identifier: identifier, holder: holder(order), order: order)
        )
    }

    var signatureCACertificate: [UInt8] { get throws { try certificates.signatureCACertificate } }
    var authenticationCACertificate: [UInt8] { get throws { try certificates.authenticationCACertificate } }
    var faceCertificate: [UInt8] { cards.faceCertificate.encoded }
    var textCertificate: [UInt8] { cards.textCertificate.encoded }
    var rootToIntermediate: [UInt8] { cards.rootToIntermediate.encoded }
    var intermediateToLower: [UInt8] { cards.intermediateToLower.encoded }
    var intermediateKeyID: [UInt8] { CardKeyIdentifier.intermediate.bytes }
    var terminalCAModulus: [UInt8] { cards.terminalCAModulus }

    func signFaceRecord(_ bytes: [UInt8]) throws -> [UInt8] { try cards.signFace(bytes) }
    func signFaceDigests(_ threeDigests: [UInt8]) throws -> [UInt8] {
        try cards.signFaceDigests(threeDigests)
    }
    func signTextRecord(_ bytes: [UInt8]) throws -> [UInt8] { try cards.signText(bytes) }
    func encryptForIssuer(_ bytes: [UInt8]) throws -> [UInt8] { try cards.encryptForIssuer(bytes) }
    func terminalKey(serial: String) -> [UInt8] { cards.terminalKey(cardSerial: serial) }
    func sha256(_ bytes: [UInt8]) throws -> [UInt8] { try OpenSSLCryptography().sha256(bytes) }

    private func holder(_ order: CardOrder) -> HolderFacts {
        let holder = order.persona.holder
        return HolderFacts(
            name: holder.name,
            nameSubstitutes: holder.nameSubstitutes,
            address: holder.address,
            addressSubstitutes: holder.addressSubstitutes,
            gender: holder.gender.first ?? "0",
            birth: order.birth,
            prefecture: holder.localities.first ?? "",
            municipality: holder.localities.last ?? "",
            municipalityCode: holder.municipalityCode
        )
    }
}

/// The channel to a card in this process: the blank card's own commands, nothing else.
struct CardInMemory: PersonalizationChannel {
    private(set) var card: VirtualCard<OpenSSLCryptography>
    private var store = VolatileStore()

    init(_ card: VirtualCard<OpenSSLCryptography>) { self.card = card }

    mutating func transmit(_ command: [UInt8]) -> [UInt8] {
        card.respond(to: command, committingTo: &store)
    }
}
