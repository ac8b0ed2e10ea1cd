import AuthorityAssembly
import AuthorityRecords
import CertificateProfiles
import CivilCalendar
import Synchronization

/// Counts what verifiers were answered, in memory until the next flush.
///
/// A process that is killed loses the counts of the last ``interval``; one that ends in order loses none.
final class UsageMeter: Sendable {
    enum Method: String {
        case ocsp, crl, link, tsa
    }

    static let interval = Duration.seconds(10)

    private let clock = SystemClock()
    private let counts = Mutex<[UsageKey: Int]>([:])

    func count(_ asker: Asker, _ method: Method, _ authority: CertificateAuthority, certificates: Int = 1) {
        let key = UsageKey(
            verifier: asker.name,
            month: String(CivilDate(japaneseDayAt: clock.seconds).description.prefix(7)),
            method: method.rawValue,
            purpose: asker.purpose.rawValue,
            authority: authority
        )
        counts.withLock { $0[key, default: 0] += certificates }
    }

    /// Adds what was counted to the records; what cannot be added is kept for the next time.
    func flush(into ledger: Ledger) async throws {
        let taken = counts.withLock { counts in
            defer { counts = [:] }
            return counts
        }
        do {
            try await ledger.add(usage: taken)
        } catch {
            counts.withLock { $0.merge(taken, uniquingKeysWith: +) }
            throw error
        }
    }
}
