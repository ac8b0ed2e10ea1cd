import Problems

/// Who issued a certificate: looked for by name, narrowed by key identifier, decided by signature.
///
/// All generations of an authority share one name, so the name alone says nothing about the key.
struct IssuerSearch {
    private let answer: Answer
    private let hierarchy: Hierarchy
    private let certificate: CertificateFacts

    private enum Answer {
        /// No authority of this hierarchy has the name.
        case foreign
        /// The name is known, and no key at hand is the one that signed, as far as the certificate says which.
        case unknownGeneration
        /// This key is the one that the certificate refers to, and it made the signature or did not.
        case named(TrustAnchor, hasSigned: Bool)
    }

    init(for certificate: CertificateFacts, among anchors: TrustAnchors) {
        self.certificate = certificate
        hierarchy = anchors.hierarchy
        let reference = certificate.extensions.issuerKey
        let namesakes = anchors.anchors.filter { $0.name == certificate.parts.signed.issuer }
        let fitting = namesakes.filter { $0.fits(reference) }
        if namesakes.isEmpty {
            answer = .foreign
        } else if let signer = fitting.first(where: { $0.hasSigned(certificate) }) {
            answer = .named(signer, hasSigned: true)
        } else if let named = fitting.first, !reference.isEmpty {
            answer = .named(named, hasSigned: false)
        } else {
            answer = .unknownGeneration
        }
    }

    /// The authority whose key made the signature.
    var signer: TrustAnchor? {
        guard case .named(let anchor, hasSigned: true) = answer else { return nil }
        return anchor
    }

    /// Known is an authority that is trusted and issues for the purpose.
    func finding(for purpose: CertificatePurpose) -> Finding {
        let check = CertificateCheck.issuer
        switch answer {
        case .foreign:
            return check.notChecked(.foreignIssuer(certificate.parts.signed.issuer, hierarchy))
        case .unknownGeneration:
            return check.notChecked(.unknownGeneration)
        case .named(let anchor, _):
            guard let kind = anchor.kind, kind != purpose else { return check.confirmed }
            return check.failed(.otherAuthority(issues: kind, wanted: purpose))
        }
    }

    var signatureFinding: Finding {
        let check = CertificateCheck.signature
        switch answer {
        case .foreign, .unknownGeneration: return check.notChecked(.noIssuerKey)
        case .named(_, hasSigned: true): return check.confirmed
        case .named(_, hasSigned: false):
            guard certificate.parts.algorithm.ofProfile != nil else { return check.notChecked(.algorithmUnknown) }
            return check.failed(.signatureWrong)
        }
    }
}
