import AuthorityAssembly
import AuthorityService
import CertificateProfiles
import CivilCalendar
import EventLog
import Logging
import Problems
import Revocation
import ServiceLifecycle
import Synchronization

/// What a running node does by itself: follows the log, renews its lease, publishes lists, renews responders, keeps
/// snapshots.
final class Housekeeper: Service {
    private let service: AuthorityService
    private let folder: AuthorityFolder
    private let clerk: AuthorityClerk
    private let log: Logger
    private let gate: VerifierGate
    private let meter: UsageMeter
    private let clock = SystemClock()
    private let state = Mutex(State())

    private struct State {
        /// What does not work now, by its name, so that each is told once.
        var troubles: [String: String] = [:]
        var lastDay: CivilDate?
        /// How many generations the files tell of that verifiers have to trust.
        var generationsTold = 0
    }

    /// How often the log is looked at; a lease is good for five times as long.
    static let beat = Duration.milliseconds(200)

    init(
        _ service: AuthorityService,
        _ folder: AuthorityFolder,
        _ clerk: AuthorityClerk,
        _ gate: VerifierGate,
        _ meter: UsageMeter,
        _ log: Logger
    ) {
        self.service = service
        self.folder = folder
        self.clerk = clerk
        self.gate = gate
        self.meter = meter
        self.log = log
    }

    /// What does not work now; empty when all is well.
    var troubles: [String: String] { state.withLock { $0.troubles } }

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.every(Self.beat, "follow") { try await self.service.catchUp() } }
            if gate.wantsAccounts {
                group.addTask {
                    await self.every(Self.beat, "verifiers") {
                        try await self.gate.roll.refresh(from: self.service.ledger)
                    }
                }
                group.addTask {
                    await self.every(UsageMeter.interval, "usage") {
                        try await self.meter.flush(into: self.service.ledger)
                    }
                }
            }
            group.addTask { await self.every(.seconds(5), "keys") { try await self.service.retryKeys() } }
            group.addTask { await self.every(.seconds(5), "anchors") { try self.tellGenerations() } }
            group.addTask { await self.every(.seconds(20), "lists") { try await self.publishDue() } }
            let interval = folder.configuration.deltaInterval
            if interval > 0 {
                group.addTask { await self.every(.seconds(interval), "delta") { try await self.publishDeltas() } }
            }
            group.addTask { await self.every(.seconds(60), "checkpoint") { try await self.clerk.checkpoint() } }
            group.addTask {
                await self.every(.seconds(300), "snapshot") { try self.folder.writeSnapshot(of: self.service) }
            }
            await group.waitForAll()
        }
    }

    /// Does something again and again until the node shuts down; a failure is told and tried again.
    private func every(_ interval: Duration, _ name: String, _ body: @escaping @Sendable () async throws -> Void) async
    {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await body()
                    self.note(name, nil)
                } catch is CancellationError {
                    return
                } catch {
                    self.note(name, AuthorityProblems.problem(error).whatHappened.en)
                }
                try? await Task.sleep(for: interval)
            }
        }
    }

    private func note(_ name: String, _ trouble: String?) {
        let before = state.withLock { state in
            defer { state.troubles[name] = trouble }
            return state.troubles[name]
        }
        guard before != trouble else { return }
        if let trouble {
            log.warning("trouble", metadata: ["part": "\(name)", "what": "\(trouble)"])
        } else {
            log.info("works again", metadata: ["part": "\(name)"])
        }
    }

    /// Another node may have begun a generation.
    private func tellGenerations() throws {
        let number = service.responder.status.generations.count
        guard state.withLock({ $0.generationsTold }) != number else { return }
        try folder.writeAnchors(of: service)
        state.withLock { $0.generationsTold = number }
    }

    /// Full lists once a day, cut at midnight in Japan; at the start, those that are missing or old.
    private func publishDue() async throws {
        for authority in CertificateAuthority.allCases where !clerk.isSealed(authority) {
            try await clerk.restorePublished(authority, by: "schedule")
        }
        let today = CivilDate(japaneseDayAt: clock.seconds)
        guard state.withLock({ $0.lastDay }) != today else { return }
        for authority in CertificateAuthority.allCases {
            let published = try folder.lists.published(authority)
            let newest = published.values.filter { $0.base == nil }.map(\.thisUpdate).min()
            let isCurrent = newest.map { CivilDate(japaneseDayAt: $0) == today } ?? false
            if !isCurrent { try await clerk.publish(authority, nil, by: "schedule") }
        }
        state.withLock { $0.lastDay = today }
    }

    private func publishDeltas() async throws {
        for authority in CertificateAuthority.allCases { try await clerk.publishDelta(authority, by: "schedule") }
    }
}
