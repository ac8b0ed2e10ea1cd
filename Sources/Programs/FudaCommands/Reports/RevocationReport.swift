import PKIX
import Problems
import Validation

/// What was found about revocation and by which evidence, as people and programs see it.
enum RevocationReport {
    static func report(_ status: RevocationStatus) -> Report {
        var report = Report()
        report.add("status", ja: "失効の状態", en: "status", .word(status.word.rawValue, word(status.word)))
        report.add("revokedAt", ja: "失効した日時", en: "revoked", status.revokedAt.map { .instant($0) } ?? .absent(nil))
        report.add("reason", ja: "失効の理由", en: "reason", status.reason.map { .text($0.name) } ?? .absent(nil))
        report.add("rule", ja: "根拠と時刻", en: "evidence and time", .word(status.rule.rawValue, rule(status.rule)))
        report.add("documents", ja: "根拠", en: "evidence", .list(status.documents.map { .report(document($0)) }))
        return report
    }

    private static func document(_ document: StatusDocument) -> Report {
        var report = Report()
        report.add("kind", ja: "種類", en: "kind", .word(document.kind.rawValue, kind(document.kind)))
        report.add("number", ja: "番号", en: "number", document.number.map { .text("\($0)") } ?? .absent(nil))
        report.add("thisUpdate", ja: "更新日時", en: "this update", .instant(document.thisUpdate))
        report.add("nextUpdate", ja: "次の更新", en: "next update", instant(document.nextUpdate))
        report.add("producedAt", ja: "作成日時", en: "produced", instant(document.producedAt))
        report.add("nonce", nil, document.hasNonce.map { .flag($0) } ?? .absent(nil))
        report.add("signer", ja: "署名者（SHA-256）", en: "signer (SHA-256)", .text(document.signer))
        report.add("sha256", ja: "SHA-256", en: "SHA-256", .text(document.fingerprint))
        return report
    }

    private static func instant(_ seconds: Int64?) -> Report.Value { seconds.map { .instant($0) } ?? .absent(nil) }

    private static func word(_ word: RevocationStatus.Word) -> Text {
        switch word {
        case .good: Text(ja: "失効していません", en: "not revoked")
        case .revoked: Text(ja: "失効", en: "revoked")
        case .unknown: Text(ja: "応答者は知りません", en: "not known to the responder")
        }
    }

    private static func rule(_ rule: EvidenceRule) -> Text {
        switch rule {
        case .covering: Text(ja: "判定の時刻に有効な情報", en: "in force at the time judged")
        case .later: Text(ja: "判定の時刻より後の情報", en: "of a later time")
        case .revokedLater: Text(ja: "判定の時刻より後に失効", en: "revoked after the time judged")
        case .standing: Text(ja: "以前の失効は変わりません", en: "an earlier revocation stands")
        }
    }

    private static func kind(_ kind: StatusDocument.Kind) -> Text {
        switch kind {
        case .list: Text(ja: "失効リスト", en: "revocation list")
        case .delta: Text(ja: "差分失効リスト", en: "delta revocation list")
        case .answer: Text(ja: "OCSP応答", en: "OCSP answer")
        }
    }
}
