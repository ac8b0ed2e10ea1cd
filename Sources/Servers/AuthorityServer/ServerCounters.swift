import PKIX
import Revocation
import Synchronization
import TimeStamping

/// What a server counts of its work, for those who watch it; nothing tells of anybody.
final class ServerCounters: Sendable {
    private let answers = Atomic(0)
    private let refusals: [Counter]
    private let shed = Atomic(0)
    private let signing = Atomic(0)
    private let stamps = Atomic(0)
    private let stampRefusals: [Counter]
    private let stampsShed = Atomic(0)
    private let stamping = Atomic(0)

    /// Atomics cannot be put into arrays; a class around one can.
    private final class Counter: Sendable {
        let value = Atomic(0)
    }

    init() {
        refusals = OCSPRefusalKind.allCases.map { _ in Counter() }
        stampRefusals = TimeStampRefusal.allCases.map { _ in Counter() }
    }

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

    func stamped(_ reply: TimeStampReply) {
        switch reply {
        case .granted: stamps.add(1, ordering: .relaxed)
        case .refused(let refusal):
            if let place = TimeStampRefusal.allCases.firstIndex(of: refusal) {
                stampRefusals[place].value.add(1, ordering: .relaxed)
            }
        }
    }

    /// Whether one more may wait for its time stamp; one that may not is counted as shed.
    func beginStamping(limit: Int) -> Bool {
        if stamping.add(1, ordering: .relaxed).newValue <= limit { return true }
        endStamping()
        stampsShed.add(1, ordering: .relaxed)
        return false
    }

    func endStamping() { stamping.subtract(1, ordering: .relaxed) }

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
        return lines + stampLines
    }

    private var stampLines: [String] {
        var lines = [
            "# TYPE fuda_tsa_stamps_total counter",
            "fuda_tsa_stamps_total \(stamps.load(ordering: .relaxed))",
            "# TYPE fuda_tsa_shed_total counter",
            "fuda_tsa_shed_total \(stampsShed.load(ordering: .relaxed))",
            "# TYPE fuda_tsa_refusals_total counter",
        ]
        for (refusal, counter) in zip(TimeStampRefusal.allCases, stampRefusals) {
            lines.append(
                "fuda_tsa_refusals_total{failure=\"\(refusal)\"} \(counter.value.load(ordering: .relaxed))"
            )
        }
        return lines
    }
}
