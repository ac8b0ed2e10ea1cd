import Problems
import Terminal

/// A judgement: every finding with its word, and how the program ends.
struct FindingReport {
    let findings: [Finding]
    /// Something is past its end or revoked: worse than undecided, better than failed.
    let isExpired: Bool
    /// The findings that may fail because of that.
    var ended: Set<String> = ["validity"]
    /// Somebody was asked and did not answer: told in place of undecided.
    var isUnanswered = false

    /// Failed beats expired beats not checked; only where every check was made and passed is the outcome done.
    var outcome: Outcome {
        if findings.contains(where: { $0.state == .failed && !(isExpired && ended.contains($0.check)) }) {
            return .invalid
        }
        if isExpired { return .revokedOrExpired }
        if findings.contains(where: { $0.state == .notChecked }) { return isUnanswered ? .network : .undecided }
        return .done
    }

    /// The first line, which a program may look for.
    var summary: Text {
        let counts = FindingState.allCases.map { state in findings.count { $0.state == state } }
        return Text(
            ja: "確認 \(counts[0])、不合格 \(counts[1])、未確認 \(counts[2])",
            en: "confirmed \(counts[0]), failed \(counts[1]), not checked \(counts[2])"
        )
    }

    /// Adds the judgement to a report.
    func add(to report: inout Report) {
        report.add("findings", nil, .list(findings.map { .report($0.report) }))
        report.add("outcome", nil, .text("\(outcome)"))
    }

    /// What people read: the sum first, then each finding with its word.
    var lines: [String] {
        let language = Terminal.language
        let rows = findings.map { finding -> [String] in
            let reason = finding.reason.map { ": " + $0.inLanguage(language) } ?? ""
            return [finding.state.word.inLanguage(language), finding.subject.inLanguage(language) + reason]
        }
        let table = Terminal.table(rows)
        return [summary.inLanguage(language)]
            + zip(findings, table).map { finding, line in
                let word = finding.state.word.inLanguage(language)
                return "  " + Terminal.coloured(word, finding.state.colour) + line.dropFirst(word.count)
            }
    }
}

extension Finding {
    fileprivate var report: Report {
        var report = Report()
        report.add("check", nil, .text(check))
        report.add("state", nil, .text(state.rawValue))
        report.add("subject", nil, .text(subject.inLanguage(Terminal.language)))
        report.add("reason", nil, reason.map { .text($0.inLanguage(Terminal.language)) } ?? .absent(nil))
        return report
    }
}

extension FindingState {
    fileprivate var colour: Terminal.Colour {
        switch self {
        case .confirmed: .green
        case .failed: .red
        case .notChecked: .yellow
        }
    }
}
