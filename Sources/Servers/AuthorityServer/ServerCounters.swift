import Revocation
import Synchronization

/// What a server counts of its work, for those who watch it; nothing tells of anybody.
final class ServerCounters: Sendable {
    private let answers = Atomic(0)
    private let refusals: [Counter]
    private let shed = Atomic(0)
    private let signing = Atomic(0)

    /// Atomics cannot be put into arrays; a class around one can.
    private final class Counter: Sendable {
        let value = Atomic(0)
    }

    init() { refusals = OCSPRefusalKind.allCases.map { _ in Counter() } }

    func answered(_ reply: OCSPReply, wasShed: Bool) {
        switch reply {
        case .answer: answers.add(1, ordering: .relaxed)
        case .refusal(let kind):
            if let place = OCSPRefusalKind.allCases.firstIndex(of: kind) {
                refusals[place].value.add(1, ordering: .relaxed)
            }
        }
        if wasShed { shed.add(1, ordering: .relaxed) }
    }

    /// Whether one more may wait for its signature.
    func beginSigning(limit: Int) -> Bool {
        if signing.add(1, ordering: .relaxed).newValue <= limit { return true }
        endSigning()
        return false
    }

    func endSigning() { signing.subtract(1, ordering: .relaxed) }

    /// Lines in the text format of Prometheus, version 0.0.4.
    var lines: [String] {
        var lines = [
            "# TYPE fuda_ocsp_answers_total counter",
            "fuda_ocsp_answers_total \(answers.load(ordering: .relaxed))",
            "# TYPE fuda_ocsp_shed_total counter",
            "fuda_ocsp_shed_total \(shed.load(ordering: .relaxed))",
            "# TYPE fuda_ocsp_signing gauge",
            "fuda_ocsp_signing \(signing.load(ordering: .relaxed))",
            "# TYPE fuda_ocsp_refusals_total counter",
        ]
        for (kind, counter) in zip(OCSPRefusalKind.allCases, refusals) {
            lines.append(
                "fuda_ocsp_refusals_total{status=\"\(kind.rawValue)\"} \(counter.value.load(ordering: .relaxed))"
            )
        }
        return lines
    }
}
