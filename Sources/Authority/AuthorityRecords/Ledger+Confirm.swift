public import EventLog

extension Ledger {
    /// Returns as soon as no node answers without knowing what was recorded: every registered node confirmed it, or
    /// every lease begun before the commit has run out.
    public func confirmEverywhere<Value>(_ recorded: Recorded<Value>) async {
        await confirmEverywhere(recorded.positions, committed: recorded.committed)
    }

    /// The same, for places in the log of which the caller knows that they were committed before an instant.
    public func confirmEverywhere(_ positions: [LogPosition], committed: ContinuousClock.Instant) async {
        guard !positions.isEmpty else { return }
        await watch.wait(for: positions, committed: committed)
    }
}
