import AuthorityCryptography
import CAKeys
import KeyCeremony
import Secrets

/// The ceremony of a key file.
enum FileCeremony {
    static func run(
        _ plan: CeremonyPlan,
        path: String,
        passphrase: borrowing SecretBytes
    ) -> CeremonyOutcome {
        var ceremony = KeyCeremony(plan, startedAt: CeremonyOutcome.now())
        var key: KeyFile?
        var failure: AuthorityKeyFailure?
        while failure == nil, let step = ceremony.next {
            do throws(AuthorityKeyFailure) {
                if step == .generateKey { key = try KeyFile.make(plan.algorithm, at: path, passphrase: passphrase) }
                if step == .testKey { try CeremonyOutcome.test(try KeyFile(opening: path, passphrase: passphrase)) }
                ceremony.finish(failure: nil, at: CeremonyOutcome.now())
            } catch {
                ceremony.finish(failure: error.word, at: CeremonyOutcome.now())
                failure = error
            }
        }
        let record = ceremony.record(
            token: nil,
            key: key.map { key in
                CeremonyRecord.Key(
                    locator: "file:\(plan.keyLabel)",
                    algorithm: key.algorithm,
                    subjectPublicKeyInfo: key.subjectPublicKeyInfo
                )
            },
            endedAt: CeremonyOutcome.now()
        )
        return CeremonyOutcome(record: record, key: failure == nil ? key : nil, failure: failure)
    }
}
