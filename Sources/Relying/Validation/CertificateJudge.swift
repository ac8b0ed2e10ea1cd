import Problems

/// Judges certificates by the authorities of one hierarchy (RFC 5280, and the certificate profile of JPKI).
///
/// Has no clock and asks nobody: the time is handed in, and so is what is known about revocation. Whatever the bytes are, there is a verdict.
public struct CertificateJudge: Hashable, Sendable {
    public let anchors: TrustAnchors

    public init(_ anchors: TrustAnchors) {
        self.anchors = anchors
    }

    /// Judges a holder's certificate for a purpose at an instant, given in seconds since 1970 UTC.
    ///
    /// `der` is the certificate and nothing after it. The certificate's own validity decides; that of its authority is
    /// mentioned, and decides nothing (see docs/relying/validation.md). Without evidence revocation is not checked.
    public func judge(
        _ der: [UInt8],
        as purpose: CertificatePurpose,
        at seconds: Int64,
        by evidence: RevocationEvidence = .none
    ) -> CertificateVerdict {
        let facts: CertificateFacts
        do {
            facts = try CertificateFacts(parsing: der)
        } catch {
            return unreadable(error, purpose)
        }
        let issuer = IssuerSearch(for: facts, among: anchors)
        let revocation = revocation(of: facts, issuedBy: issuer.signer, at: seconds, evidence)
        let findings = CertificateCheck.ofHolder.map { check in
            switch check {
            case .form: check.finding(failing: facts.formReason)
            case .issuer: issuer.finding(for: purpose)
            case .signature: issuer.signatureFinding
            case .validity: check.finding(failing: facts.validityReason(at: seconds, issuedBy: issuer.signer))
            case .keyUsage: check.finding(failing: facts.keyUsageReason(for: purpose))
            case .policy: check.finding(failing: facts.policyReason(anchors.hierarchy, purpose))
            case .criticalExtensions: check.finding(failing: facts.criticalReason)
            case .basicConstraints: check.finding(failing: facts.isAuthority ? .isAnAuthority : nil)
            case .revocation: revocation.finding
            case .anchor: check.notChecked(.unread)
            }
        }
        return CertificateVerdict(
            hierarchy: anchors.hierarchy,
            purpose: purpose,
            facts: facts,
            anchor: issuer.signer,
            findings: findings,
            revocation: revocation.status
        )
    }

    /// The authority whose key signed a certificate; `nil` when it is none of those trusted.
    public func issuer(of facts: CertificateFacts) -> TrustAnchor? { IssuerSearch(for: facts, among: anchors).signer }

    /// Says whether an authority's certificate, such as one that a card hands out, is one of the trusted ones.
    ///
    /// Equal it is by its fingerprint. One that only claims to be is not trusted, whatever its own signature says.
    public func judgeAuthority(_ der: [UInt8]) -> AuthorityVerdict {
        let facts: CertificateFacts
        do {
            facts = try CertificateFacts(parsing: der)
        } catch {
            let findings = [
                CertificateCheck.form.failed(error.reason),
                CertificateCheck.basicConstraints.notChecked(.unread),
                CertificateCheck.anchor.notChecked(.unread),
            ]
            return AuthorityVerdict(hierarchy: anchors.hierarchy, facts: nil, anchor: nil, findings: findings)
        }
        let anchor = anchors.anchors.first { $0.facts.fingerprint == facts.fingerprint }
        let findings = [
            CertificateCheck.form.finding(failing: facts.formReason),
            CertificateCheck.basicConstraints.finding(failing: facts.isAuthority ? nil : .isNoAuthority),
            anchor == nil ? unknownAuthority(facts) : CertificateCheck.anchor.confirmed,
        ]
        return AuthorityVerdict(hierarchy: anchors.hierarchy, facts: facts, anchor: anchor, findings: findings)
    }

    private func unknownAuthority(_ facts: CertificateFacts) -> Finding {
        let namesakes = anchors.anchors.filter { $0.name == facts.parts.signed.subject }
        guard !namesakes.isEmpty else {
            return CertificateCheck.anchor.notChecked(.foreignIssuer(facts.parts.signed.subject, anchors.hierarchy))
        }
        let identifier = facts.extensions.subjectKeyIdentifier
        let claimsKey = namesakes.contains {
            identifier != nil && $0.facts.extensions.subjectKeyIdentifier == identifier
        }
        return claimsKey
            ? CertificateCheck.anchor.failed(.claimsAnchor) : CertificateCheck.anchor.notChecked(.unknownGeneration)
    }

    private func unreadable(_ flaw: CertificateFlaw, _ purpose: CertificatePurpose) -> CertificateVerdict {
        CertificateVerdict(
            hierarchy: anchors.hierarchy,
            purpose: purpose,
            facts: nil,
            anchor: nil,
            findings: CertificateCheck.ofHolder.map {
                $0 == .form ? $0.failed(flaw.reason) : $0.notChecked(.unread)
            },
            revocation: nil
        )
    }
}
