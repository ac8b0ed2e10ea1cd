import Problems

/// What came of asking about revocation: the finding, and the status where there is one.
struct RevocationOutcome {
    let finding: Finding
    let status: RevocationStatus?

    static func notChecked(_ reason: Text) -> Self {
        Self(finding: CertificateCheck.revocation.notChecked(reason), status: nil)
    }

    init(_ status: RevocationStatus) {
        self.status = status
        let check = CertificateCheck.revocation
        finding =
            switch status.word {
            case .good: check.confirmed
            case .revoked: check.failed(.revoked(status.reason))
            case .unknown: check.failed(.unknownToResponder)
            }
    }

    private init(finding: Finding, status: RevocationStatus?) {
        self.finding = finding
        self.status = status
    }
}

extension CertificateJudge {
    /// Whether the certificate was revoked at the instant, as far as the evidence tells.
    ///
    /// Of several pieces of evidence one that says revoked decides, then one that does not know the certificate, then one
    /// that says good; where none says anything, the first one's reason is told.
    func revocation(
        of facts: CertificateFacts,
        issuedBy signer: TrustAnchor?,
        at instant: Int64,
        _ evidence: RevocationEvidence
    ) -> RevocationOutcome {
        guard !evidence.isEmpty else {
            return .notChecked(evidence.failure.map(Text.failure) ?? .noStatusSource)
        }
        guard let signer else { return .notChecked(.noIssuerKey) }
        var opinions: [RevocationOpinion] = []
        for answer in evidence.answers {
            let judgement = AnswerJudgement(
                certificate: facts,
                issuer: signer,
                instant: instant,
                freshness: evidence.freshness
            )
            opinions.append(judgement.decide(answer))
        }
        if !evidence.lists.isEmpty {
            let judgement = ListJudgement(
                certificate: facts,
                anchors: anchors,
                instant: instant,
                freshness: evidence.freshness
            )
            opinions.append(judgement.decide(evidence.lists))
        }
        var reason: Text?
        var decisive: RevocationStatus?
        for opinion in opinions {
            switch opinion {
            case .nothing(let why): reason = reason ?? why
            case .status(let status):
                if status.word.weight > (decisive?.word.weight ?? -1) { decisive = status }
            }
        }
        if let decisive { return RevocationOutcome(decisive) }
        return .notChecked(reason ?? .noStatusSource)
    }
}

extension RevocationStatus.Word {
    fileprivate var weight: Int {
        switch self {
        case .good: 0
        case .unknown: 1
        case .revoked: 2
        }
    }
}
