internal import AuthorityCryptography
internal import FoundationEssentials

/// A ceremony as it goes: which step is next, and how those before ended.
///
/// It does nothing itself. Who carries it out asks for ``next``, does it, and says with ``finish(failure:at:)`` how it
/// ended; after a failure there is no next step. ``record(_:endedAt:)`` is what people keep.
public struct KeyCeremony: Sendable {
    public let plan: CeremonyPlan
    private let startedAt: String
    private var entries: [CeremonyEntry] = []

    /// `seconds` since 1970 UTC.
    public init(_ plan: CeremonyPlan, startedAt seconds: Int64) {
        self.plan = plan
        startedAt = Self.utc(seconds)
    }

    public var hasFailed: Bool { entries.contains { $0.outcome == .failed } }

    /// What has to be done now; `nil` when all is done, or something failed.
    public var next: CeremonyStep? {
        guard !hasFailed, entries.count < plan.steps.count else { return nil }
        return plan.steps[entries.count]
    }

    /// Says how the next step ended; `failure` nil means well.
    ///
    /// Without a next step nothing is noted.
    public mutating func finish(failure: String?, at seconds: Int64) {
        guard let step = next else { return }
        let outcome: CeremonyEntry.Outcome = failure == nil ? .done : .failed
        entries.append(CeremonyEntry(step: step, outcome: outcome, reason: failure, at: Self.utc(seconds)))
    }

    /// The record of the ceremony so far.
    ///
    /// `token` and `key` are what is known of them; `nil` where it did not come so far.
    public func record(
        token: CeremonyRecord.Token?,
        key: CeremonyRecord.Key?,
        endedAt seconds: Int64
    ) -> CeremonyRecord {
        let missing = plan.steps.dropFirst(entries.count).map { step in
            CeremonyEntry(step: step, outcome: .notReached, reason: nil, at: nil)
        }
        return CeremonyRecord(
            result: missing.isEmpty && !hasFailed ? .done : .failed,
            started: startedAt,
            ended: Self.utc(seconds),
            custodians: plan.custodians,
            witnesses: plan.witnesses,
            control: isUnderDualControl ? .dual : .single,
            token: token,
            key: key,
            steps: entries + missing
        )
    }

    private var isUnderDualControl: Bool {
        if case .token = plan.keeper { true } else { false }
    }

    private static func utc(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}
