import CardKeys
import CardProfiles
import CertificateProfiles
import Issuance
import Personalization

/// The authority as a card being made sees it.
struct MakersAuthority: PersonalizationAuthority {
    var authority: OfflineAuthority

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
        return try authority.certificates.issue(
            IssuanceRequest(
                kind,
                subject: .holder(holder(order)),
                key: .proven(request),
                notBefore: order.issuedAt,
                end: order.certificateEnd,
                identifier: identifier
            )
        )
    }

    var signatureCACertificate: [UInt8] { authority.certificates.signCACertificate }
    var authenticationCACertificate: [UInt8] { authority.certificates.authCACertificate }
    var faceCertificate: [UInt8] { authority.cards.faceCertificate.encoded }
    var textCertificate: [UInt8] { authority.cards.textCertificate.encoded }
    var rootToIntermediate: [UInt8] { authority.cards.rootToIntermediate.encoded }
    var intermediateToLower: [UInt8] { authority.cards.intermediateToLower.encoded }
    var intermediateKeyID: [UInt8] { CardKeyIdentifier.intermediate.bytes }
    var terminalCAModulus: [UInt8] { authority.cards.terminalCAModulus }

    func signFaceRecord(_ bytes: [UInt8]) throws -> [UInt8] { try authority.cards.signFace(bytes) }
    func signFaceDigests(_ digests: [UInt8]) throws -> [UInt8] { try authority.cards.signFaceDigests(digests) }
    func signTextRecord(_ bytes: [UInt8]) throws -> [UInt8] { try authority.cards.signText(bytes) }
    func encryptForIssuer(_ bytes: [UInt8]) throws -> [UInt8] { try authority.cards.encryptForIssuer(bytes) }
    func terminalKey(serial: String) -> [UInt8] { authority.cards.terminalKey(cardSerial: serial) }
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
