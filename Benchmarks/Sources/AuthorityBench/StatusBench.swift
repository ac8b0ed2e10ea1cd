import EventLog
import Revocation

/// Memory and speed of the status of 200 million certificates; the limits are those set for the project.
enum StatusBench {
    static func run() throws {
        let (table, bytes) = filled(200_000_000)
        let revoked = table.counts.revoked
        let limit = 64_000_000 + 32 * revoked
        Measure.say(
            "status of 200 M certificates, \(revoked) revoked",
            "\(bytes / 1_000_000) MB",
            bar: "\(limit / 1_000_000) MB",
            bytes <= limit
        )
        var random = SystemRandomNumberGenerator()
        let serials = (0..<1_000_000).map { _ in UInt32.random(in: 1...200_000_000, using: &random) }
        var good = 0
        let took = Measure.seconds { for serial in serials where table.status(of: serial) == .good { good += 1 } }
        Measure.say("look-ups a second, one thread", "\((1 / took).rounded(1)) M (\(good) good)")
    }

    static func filled(_ count: UInt32) -> (StatusTable, Int) {
        let before = Measure.resident
        var table = StatusTable()
        for serial in 1...count { table.release(serial) }
        for serial in stride(from: UInt32(25), through: count, by: 50) {
            table.revoke(
                serial,
                Revocation(
                    reason: .certificateHold,
                    at: 1_790_000_000,
                    partition: String(10_000 + serial % 1741),
                    notAfter: 1_890_000_000
                )
            )
        }
        return (table, Measure.resident - before)
    }
}
