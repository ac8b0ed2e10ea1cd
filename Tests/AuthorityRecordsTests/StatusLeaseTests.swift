import AuthorityRecords
import Testing

@Suite("Lease of a status node")
struct StatusLeaseTests {
    let start = ContinuousClock.now

    @Test("a lease holds for a second from before the reading, and not before it")
    func length() {
        let lease = StatusLease(began: start)
        #expect(lease.isGood(at: start))
        #expect(lease.isGood(at: start.advanced(by: .milliseconds(999))))
        #expect(!lease.isGood(at: start.advanced(by: .seconds(1))))
        #expect(!lease.isGood(at: start.advanced(by: .nanoseconds(-1))))
    }

    @Test("when a writer has waited, no lease begun before its commit is left", arguments: [0, 1, 500, 999])
    func waiting(millisecondsBefore: Int) {
        let lease = StatusLease(began: start.advanced(by: .milliseconds(-millisecondsBefore)))
        #expect(!lease.isGood(at: StatusLease.end(ofAllBegunBefore: start)))
    }
}
