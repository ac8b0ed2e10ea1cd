import EventLog
import Revocation
import Testing

@Suite struct StatusTableTests {
    @Test func `a table says of every number what a dictionary says`() {
        var table = StatusTable()
        var model: [UInt32: CertificateStatus] = [:]
        var random = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            // Numbers on both sides of the borders between blocks.
            let serial = UInt32.random(in: 65_000...66_500, using: &random)
            let known = model[serial] ?? .neverIssued
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                table.add(serial)
                if known == .neverIssued { model[serial] = .inactive }
            case 1:
                table.release(serial)
                if known == .neverIssued || known == .inactive { model[serial] = .good }
            default:
                let revocation = Self.revocation(&random)
                table.revoke(serial, revocation)
                if case .revoked = known { break }
                model[serial] = .revoked(revocation)
            }
        }
        for serial in UInt32(64_900)...66_600 {
            #expect(table.status(of: serial) == model[serial] ?? .neverIssued)
        }
        #expect(table.counts.issued == model.count)
        #expect(table.counts.inactive == model.values.count { $0 == .inactive })
        var serials: [UInt32] = []
        table.forEachRevoked { serials.append($0.serial) }
        #expect(serials == serials.sorted())
        #expect(serials.count == table.counts.revoked)
    }

    @Test func `nothing leads back from a hold`() {
        var table = StatusTable()
        table.release(5)
        let hold = Revocation(
            reason: .certificateHold,
            at: 1000,
            partition: "13101",
            notAfter: 86_399 + 16_436 * 86_400
        )
        table.revoke(5, hold)
        table.release(5)
        table.add(5)
        table.revoke(5, Revocation(reason: .superseded, at: 2000, partition: "13101", notAfter: 0))
        #expect(table.status(of: 5) == .revoked(hold))
    }

    @Test func `the highest number has a place, and its neighbours none`() {
        var table = StatusTable()
        table.release(0x7FFF_FFFF)
        #expect(table.status(of: 0x7FFF_FFFF) == .good)
        #expect(table.status(of: 0x7FFF_FFFE) == .neverIssued)
        #expect(table.status(of: .max) == .neverIssued)
        #expect(table.status(of: 0) == .neverIssued)
    }

    private static func revocation(_ random: inout SeededGenerator) -> Revocation {
        Revocation(
            reason: RevocationReason.allCases.randomElement(using: &random) ?? .unspecified,
            at: Int64.random(in: 0...Int64(UInt32.max), using: &random),
            partition: ["13101", "13221", ListPartition.services].randomElement(using: &random) ?? "",
            // Whole days, as certificates end with a day in Japan and a list needs no more.
            notAfter: Int64.random(in: 16_437...40_000, using: &random) * 86_400 - 1
        )
    }
}

/// The same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
