import PKIX
import Problems

/// What lists say about one certificate at one instant (RFC 5280, 6.3).
struct ListJudgement {
    let certificate: CertificateFacts
    let anchors: TrustAnchors
    let instant: Int64
    let freshness: EvidenceFreshness

    /// What was found, or why nothing was.
    func decide(_ lists: RevocationLists) -> RevocationOpinion {
        let issuer = certificate.parts.signed.issuer.encoded
        guard lists.hasIssuer(issuer) else { return .nothing(.listOfOtherIssuer) }
        let candidates = lists.lists(issuer: issuer, partitions: certificate.extensions.revocationListNames)
        guard !candidates.isEmpty else { return .nothing(.listOfOtherPartition) }
        var flaws: [Text] = []
        var usable: [SignedList] = []
        for list in candidates {
            if let flaw = flaw(of: list) { flaws.append(flaw) } else { usable.append(list) }
        }
        if let revoked = revocation(usable) { return .status(revoked) }
        var best: RevocationStatus?
        for list in usable where !list.content.isDelta {
            switch absence(from: list, deltas: usable) {
            case .status(let status):
                if status.isNewer(than: best) { best = status }
            case .nothing(let reason):
                flaws.append(reason)
            }
        }
        if let best { return .status(best) }
        return .nothing(flaws.first ?? .deltaWithoutBase)
    }

    /// Why a list cannot be used, whatever is on it.
    private func flaw(of list: SignedList) -> Text? {
        switch list.signer {
        case .foreign: return .listOfOtherIssuer
        case .unknownGeneration: return .listOfUnknownGeneration
        case .wrongSignature: return .listSignatureWrong
        case .authority(let signer):
            // The lists may have been taken in under other authorities than these.
            guard anchors.anchors.contains(where: { $0.fingerprint == signer.fingerprint }) else {
                return .listOfOtherIssuer
            }
        }
        let content = list.content
        guard content.unknownCritical.isEmpty else { return .listHasUnknownCritical }
        if let scope = content.scope {
            guard scope.kind != .authorityCertificates, !scope.isOtherwiseLimited else { return .listOfOtherKind }
        }
        guard let number = content.number, number >= list.list.minimumNumber else { return .listNumberTooLow }
        guard !content.isDelta || content.deltaBase != nil else { return .listNumberTooLow }
        guard content.nextUpdate != nil else { return .listWithoutEnd }
        guard content.thisUpdate <= freshness.latest(judging: instant) else { return .evidenceOfFuture }
        return nil
    }

    /// A revocation that some list knows; being final, it needs neither a base nor a list in its time.
    private func revocation(_ lists: [SignedList]) -> RevocationStatus? {
        var later: RevocationStatus?
        for list in lists {
            guard let entry = entry(list) else { continue }
            let status = RevocationStatus(
                word: entry.revokedAt <= instant ? .revoked : .good,
                revokedAt: entry.revokedAt,
                reason: entry.reason ?? .unspecified,
                rule: entry.revokedAt > instant ? .revokedLater : covers(list.content) ? .covering : .standing,
                documents: [list.document]
            )
            if status.isRevoked { return status }
            later = later ?? status
        }
        return later
    }

    /// The entry; one that a delta list takes back is none, and what the base says stands.
    private func entry(_ list: SignedList) -> RevokedCertificate? {
        let entry = list.content.entry(serial: certificate.parts.signed.serial)
        return entry?.reason == .removeFromCRL ? nil : entry
    }

    /// What it means that neither a complete list nor the newest delta that fits it has the certificate.
    private func absence(from list: SignedList, deltas: [SignedList]) -> RevocationOpinion {
        let delta = deltas.filter { $0.adds(to: list) }.max { ($0.content.number ?? 0) < ($1.content.number ?? 0) }
        let newest = delta ?? list
        let documents = [list.document] + (delta.map { [$0.document] } ?? [])
        guard newest.content.thisUpdate <= certificate.notAfter else { return .nothing(.listAfterExpiry) }
        let rule: EvidenceRule
        if covers(newest.content) {
            rule = .covering
        } else if newest.content.thisUpdate > instant {
            rule = .later
        } else if delta != nil, covers(list.content) {
            // An old delta beside a list that still holds.
            return .status(status(.covering, [list.document]))
        } else {
            return .nothing(.listOutOfDate)
        }
        return .status(status(rule, documents))
    }

    private func status(_ rule: EvidenceRule, _ documents: [StatusDocument]) -> RevocationStatus {
        RevocationStatus(word: .good, revokedAt: nil, reason: nil, rule: rule, documents: documents)
    }

    private func covers(_ list: CertificateList) -> Bool {
        guard let end = list.nextUpdate, end >= list.thisUpdate else { return false }
        return list.thisUpdate - freshness.tolerance <= instant && instant <= end + freshness.tolerance
    }
}

/// What one source says: something about the certificate, or a reason why it says nothing.
enum RevocationOpinion {
    case status(RevocationStatus)
    case nothing(Text)
}

extension SignedList {
    /// Whether this delta list and that complete list make a complete one (RFC 5280, 5.2.4).
    func adds(to list: SignedList) -> Bool {
        guard let base = content.deltaBase, let number = content.number, let complete = list.content.number,
            case .authority(let mine) = signer, case .authority(let other) = list.signer
        else { return false }
        return mine.fingerprint == other.fingerprint && content.scope == list.content.scope && complete >= base
            && complete < number
    }

    var document: StatusDocument {
        var fingerprint = ""
        if case .authority(let anchor) = signer { fingerprint = anchor.fingerprint }
        return StatusDocument(
            kind: content.isDelta ? .delta : .list,
            number: content.number,
            thisUpdate: content.thisUpdate,
            nextUpdate: content.nextUpdate,
            producedAt: nil,
            signer: fingerprint,
            hasNonce: nil,
            fingerprint: list.fingerprint
        )
    }
}

extension RevocationStatus {
    /// Made of younger evidence.
    fileprivate func isNewer(than other: RevocationStatus?) -> Bool {
        guard let other, let mine = documents.last, let theirs = other.documents.last else { return true }
        return mine.thisUpdate > theirs.thisUpdate
    }
}
