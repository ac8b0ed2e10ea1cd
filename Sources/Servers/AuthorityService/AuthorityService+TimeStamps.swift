import AuthorityRecords
import CertificateProfiles
import PKIX
import Revocation
import Synchronization
public import TimeStamping

extension AuthorityService {
    /// Days that the certificate of time stamping is good, and before its end from when the next is made.
    ///
    /// A stamp is worth something as long as the certificate of its signer is: a year at the least.
    static let timeStampingDays: Int64 = 730
    static let timeStampingRenewalDays: Int64 = 365

    /// Seconds by which the time in a stamp may be off: as much as the clock may move unnoticed, and the fraction of a
    /// second that is left out.
    public static let timeStampAccuracy = UInt64(ClockGuard.tolerance) + 1

    /// Octets of a token's serial number.
    ///
    /// They are random, so that nodes need neither records nor one another: among 2⁴⁰ tokens two share a number with a
    /// probability of 2⁻⁴⁹.
    static let timeStampSerialSize = 16

    /// Answers a request for a time stamp; waits for the key.
    ///
    /// Needs neither the records nor an authority's key. Without a clock that is right there is no token: it is looked at
    /// before and after signing.
    public func timeStamp(_ request: [UInt8]) -> TimeStampReply {
        guard let stamper = state.withLock(\.stamper) else { return .refused(.systemFailure) }
        do throws(TimeStampRefusal) {
            let asked = try stamper.accept(request)
            guard isClockRight else { throw .timeNotAvailable }
            let serial = (0..<Self.timeStampSerialSize).map { _ in UInt8.random(in: 0...255) }
            let granted = try stamper.stamp(asked, at: clock.seconds, serial: serial)
            guard isClockRight else { throw .timeNotAvailable }
            return .granted(granted)
        } catch {
            return .refused(error)
        }
    }

    private var isClockRight: Bool {
        do { try requireClock() } catch { return false }
        return true
    }

    /// Gives time stamping the key and the certificate of the newest generation of the authority for signatures, or of
    /// an older one while that cannot be had.
    func openTimeStamping() async -> [any Error] {
        let now = clock.seconds
        var flaws: [any Error] = []
        for generation in generations(.sign).reversed() {
            do {
                let stamper = try await stamper(generation, now)
                state.withLock { $0.stamper = stamper }
                return flaws
            } catch {
                flaws.append(error)
            }
        }
        state.withLock { $0.stamper = nil }
        return flaws
    }

    private func stamper(_ generation: GenerationRecord, _ now: Int64) async throws -> TimeStampingAuthority {
        let (certificate, key) = try await certificate(
            of: OwnService(
                kind: .timeStamping,
                generation: generation,
                keyName: "tsa-\(generation.generation)",
                title: "Time-stamping authority",
                days: Self.timeStampingDays,
                renewalDays: Self.timeStampingRenewalDays
            ),
            at: now
        )
        return try TimeStampingAuthority(
            certificate: certificate,
            key: key,
            policy: JPKIObjectIdentifier.contents(of: JPKIObjectIdentifier.timeStampPolicy),
            accuracy: Self.timeStampAccuracy
        )
    }
}
