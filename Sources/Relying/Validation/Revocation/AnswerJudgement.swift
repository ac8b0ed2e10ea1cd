import PKIX
import Problems
import SwiftASN1
import X509

/// What an OCSP answer says about one certificate at one instant (RFC 6960, 3.2).
struct AnswerJudgement {
    let certificate: CertificateFacts
    /// The authority whose key signed the certificate; only it, or whom it delegated, answers for it.
    let issuer: TrustAnchor
    let instant: Int64
    let freshness: EvidenceFreshness

    /// What was found, or why nothing was.
    func decide(_ answer: StatusAnswer) -> RevocationOpinion {
        switch answer.response {
        case .failure: return .nothing(.answerUnreadable)
        case .success(.refused(let refusal)): return .nothing(.answerRefused(refusal))
        case .success(.answered(let basic)): return decide(basic, answer)
        }
    }

    private func decide(_ basic: BasicOCSPResponse, _ answer: StatusAnswer) -> RevocationOpinion {
        guard let single = basic.answers.first(where: { isAbout($0.certificate) }) else {
            return .nothing(.answerAboutOther)
        }
        guard !basic.hasUnknownCritical else { return .nothing(.answerHasUnknownCritical) }
        if let sent = answer.nonce {
            guard let nonce = basic.nonce, nonce.elementsEqual(sent) else { return .nothing(.answerNonce) }
        }
        let signer: CertificateFacts
        switch ResponderSearch(issuer: issuer).signer(of: basic) {
        case .success(let found): signer = found
        case .failure(let flaw): return .nothing(flaw.reason)
        }
        guard max(single.thisUpdate, basic.producedAt) <= freshness.latest(judging: instant) else {
            return .nothing(.evidenceOfFuture)
        }
        let document = StatusDocument(
            kind: .answer,
            number: nil,
            thisUpdate: single.thisUpdate,
            nextUpdate: single.nextUpdate,
            producedAt: basic.producedAt,
            signer: signer.fingerprint,
            hasNonce: answer.nonce != nil,
            fingerprint: answer.fingerprint
        )
        return opinion(single, document)
    }

    private func opinion(_ single: OCSPAnswer, _ document: StatusDocument) -> RevocationOpinion {
        switch single.status {
        case .revoked(let time, let reason):
            return .status(
                RevocationStatus(
                    word: time <= instant ? .revoked : .good,
                    revokedAt: time,
                    reason: reason ?? .unspecified,
                    rule: time > instant ? .revokedLater : covers(single) ? .covering : .standing,
                    documents: [document]
                )
            )
        case .good, .unknown:
            let word: RevocationStatus.Word = single.status == .good ? .good : .unknown
            guard covers(single) || single.thisUpdate > instant else { return .nothing(.answerOutOfDate) }
            // A responder may forget certificates that are over, but for those it says it keeps.
            let known = single.archiveCutoff.map { min($0, single.thisUpdate) } ?? single.thisUpdate
            guard known <= certificate.notAfter else { return .nothing(.answerAfterExpiry) }
            return .status(
                RevocationStatus(
                    word: word,
                    revokedAt: nil,
                    reason: nil,
                    rule: covers(single) ? .covering : .later,
                    documents: [document]
                )
            )
        }
    }

    private func isAbout(_ identifier: CertID) -> Bool {
        guard let algorithm = identifier.algorithm, algorithm == .sha1 || algorithm == .sha256,
            let expected = try? issuer.certificateID(of: certificate, by: algorithm)
        else { return false }
        return identifier.issuerNameHash == expected.issuerNameHash
            && identifier.issuerKeyHash == expected.issuerKeyHash && identifier.serial == expected.serial
    }

    private func covers(_ single: OCSPAnswer) -> Bool {
        let tolerance = freshness.tolerance
        guard single.thisUpdate - tolerance <= instant, instant - single.thisUpdate <= freshness.maximumAge + tolerance
        else { return false }
        guard let end = single.nextUpdate else { return true }
        return end >= single.thisUpdate && instant <= end + tolerance
    }
}

/// Who signed an OCSP answer: the authority itself, or one whom it delegated (RFC 6960, 4.2.2.2).
struct ResponderSearch {
    let issuer: TrustAnchor

    enum Flaw: Error, CaseIterable {
        case unknownResponder
        case signature
        case notDelegated
        case outsideValidity
        case revocable

        var reason: Text {
            switch self {
            case .unknownResponder: .responderUnknown
            case .signature: .answerSignatureWrong
            case .notDelegated: .responderNotDelegated
            case .outsideValidity: .responderOutsideValidity
            case .revocable: .responderRevocable
            }
        }
    }

    /// The certificate whose key made the signature and may have made it.
    func signer(of basic: BasicOCSPResponse) -> Result<CertificateFacts, Flaw> {
        if isNamed(issuer.facts, by: basic.responder) {
            return issuer.hasSigned(basic.toBeSigned, basic.algorithm, basic.signature)
                ? .success(issuer.facts) : .failure(.signature)
        }
        let named = basic.certificates.lazy
            .compactMap { try? CertificateFacts(parsing: Array($0)) }
            .first { isNamed($0, by: basic.responder) }
        guard let responder = named else { return .failure(.unknownResponder) }
        if let flaw = flaw(of: responder, at: basic.producedAt) { return .failure(flaw) }
        let key = CheckingKey(responder.parts.signed.key)
        return key?.hasSigned(basic.toBeSigned, basic.algorithm, basic.signature) == true
            ? .success(responder) : .failure(.signature)
    }

    private func isNamed(_ certificate: CertificateFacts, by responder: BasicOCSPResponse.Responder) -> Bool {
        switch responder {
        case .name(let name): certificate.parts.signed.subject.encoded.elementsEqual(name)
        case .keyHash(let hash):
            HashAlgorithm.sha1.hash(certificate.parts.signed.key.content).elementsEqual(hash)
        }
    }

    /// The authority's own key must have issued it for this use; it must say that nobody need ask about it in turn.
    private func flaw(of responder: CertificateFacts, at time: Int64) -> Flaw? {
        guard responder.parts.signed.issuer == issuer.name, issuer.hasSigned(responder), !responder.isAuthority,
            responder.formReason == nil, responder.extensions.extendedKeyUsages?.contains(Self.ocspSigning) == true,
            responder.extensions.keyUsage?.digitalSignature != false, responder.criticalReason == nil
        else { return .notDelegated }
        guard responder.notBefore <= time, time <= responder.notAfter else { return .outsideValidity }
        return responder.extensions.needsNoStatus ? nil : .revocable
    }

    /// id-kp-OCSPSigning.
    private static let ocspSigning: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 3, 9]
}
