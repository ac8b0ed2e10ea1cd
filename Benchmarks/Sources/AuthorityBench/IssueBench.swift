import AuthorityAssembly
import AuthorityService
import AuthorityTesting
import CertificateProfiles
import CivilCalendar
import Foundation
import Issuance

/// Issuance, complete and durably recorded, 64 in flight, beside the bare signatures of the same key on both cores.
enum IssueBench {
    static func run(in folder: String) async throws {
        let data = try AuthorityFolder.make(folder + "/authority", AuthorityConfiguration())
        let service = try await data.start()
        try await service.catchUp()
        try await service.begin(.sign, .rsa2048SHA256, by: "bench")
        let issuer = try service.issuer(.sign)
        let raw = BenchKeys.rawRate(issuer.signingKey, threads: 2)
        let holderKey = try SmallAuthority.holderKey.get()
        let now = Int64(Date().timeIntervalSince1970)
        let end = CivilDate(japaneseDayAt: now + 4 * 365 * 86_400)
        let count = 4_000
        let requests = try (0..<count).map { number in
            try holderKey.request(
                .sign,
                for: SmallAuthority.holder,
                notBefore: now,
                end: end,
                identifier: "request-\(number)"
            )
        }
        let cpu = Measure.processorSeconds()
        let began = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            var next = 0
            func add() {
                guard next < count else { return }
                let request = requests[next]
                next += 1
                group.addTask { _ = try await service.issue(request, by: "bench") }
            }
            for _ in 0..<64 { add() }
            while try await group.next() != nil { add() }
        }
        let rate = Double(count) / (ContinuousClock.now - began).seconds
        let spent = Measure.processorSeconds() - cpu
        await service.stop()
        Measure.say(
            "processor time of a certificate beside that of its signature",
            "\((spent / Double(count) * 1e6).rounded(0)) µs beside \((2e6 / raw).rounded(0)) µs"
        )
        Measure.say(
            "certificates a second, recorded, 64 in flight",
            "\(rate.rounded(0)), bare signatures \(raw.rounded(0)), ratio \((rate / raw).rounded(2))",
            bar: "0.7",
            rate / raw >= 0.7
        )
    }
}
