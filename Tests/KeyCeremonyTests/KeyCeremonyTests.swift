import AuthorityCryptography
import KeyCeremony
import Problems
import Testing

@Suite struct `A key ceremony` {
    private func plan(
        token: String = "jpki-sim",
        isExisting: Bool = false,
        key: String = "sign-ca-1",
        custodians: [String] = ["Sato Hanako", "鈴木 太郎"],
        witnesses: [String] = ["Tanaka"]
    ) throws -> CeremonyPlan {
        try CeremonyPlan(
            token: token,
            isExisting: isExisting,
            keyLabel: key,
            algorithm: .p384SHA384,
            custodians: custodians,
            witnesses: witnesses
        )
    }

    @Test(arguments: [
        ([], CeremonyRefusal.notTwoCustodians), (["A"], .notTwoCustodians), (["A", "B", "C"], .notTwoCustodians),
        (["A", "A"], .sameCustodian), (["Sato Hanako", "sato  hanako"], .sameCustodian),
        (["佐藤 花子", "佐藤　花子"], .sameCustodian), (["A", ""], .badName), (["A", "  "], .badName),
        (["A", "B\u{202E}"], .badName), (["A", "B\u{0}"], .badName),
        (["A", String(repeating: "b", count: 101)], .badName),
        (["Tanaka", "B"], .witnessIsCustodian), (["tanaka", "B"], .witnessIsCustodian),
    ]) func `is not held without two people of different names`(names: [String], refusal: CeremonyRefusal) {
        #expect(throws: refusal) { try plan(custodians: names) }
    }

    @Test(arguments: ["", "a b", "a/b", ".a", "鍵", "a;b", "a\u{0}", String(repeating: "a", count: 33)])
    func `is not held under labels that a URI or a file name would have to escape`(label: String) {
        #expect(throws: CeremonyRefusal.badLabel) { try plan(token: label) }
        #expect(throws: CeremonyRefusal.badLabel) { try plan(key: label) }
    }

    @Test func `takes one operator and no names for a key file`() throws {
        let plan = try CeremonyPlan(file: "ca.pem", algorithm: .rsa2048SHA256, operator: nil)
        #expect(plan.steps == [.generateKey, .testKey] && plan.custodians.isEmpty)
        let named = try CeremonyPlan(file: "ca.pem", algorithm: .rsa2048SHA256, operator: "Sato")
        #expect(KeyCeremony(named, startedAt: 0).record(token: nil, key: nil, endedAt: 0).control == .single)
    }

    @Test func `initialises a blank token, and opens one that is there`() throws {
        #expect(try plan().steps == [.initializeToken, .setUserPIN, .checkUserPIN, .generateKey, .testKey])
        #expect(try plan(isExisting: true).steps == [.checkUserPIN, .generateKey, .testKey])
    }

    @Test func `goes step by step, and each has its time`() throws {
        var ceremony = KeyCeremony(try plan(), startedAt: 1_769_817_600)
        var seen: [CeremonyStep] = []
        while let step = ceremony.next {
            seen.append(step)
            ceremony.finish(failure: nil, at: 1_769_817_600 + Int64(seen.count))
        }
        #expect(seen == ceremony.plan.steps)
        ceremony.finish(failure: "too late", at: 0)
        let record = ceremony.record(token: nil, key: nil, endedAt: 1_769_817_700)
        #expect(record.result == .done && record.control == .dual && record.started == "2026-01-31T00:00:00Z")
        #expect(record.steps.map(\.step) == seen && record.steps.allSatisfy { $0.outcome == .done && $0.reason == nil })
        #expect(record.steps.first?.at == "2026-01-31T00:00:01Z" && record.ended == "2026-01-31T00:01:40Z")
    }

    @Test(arguments: 0..<5) func `stops where something fails, and says what was not reached`(failing: Int) throws {
        var ceremony = KeyCeremony(try plan(), startedAt: 0)
        for _ in 0..<failing { ceremony.finish(failure: nil, at: 1) }
        ceremony.finish(failure: "CKR_DEVICE_REMOVED", at: 2)
        #expect(ceremony.hasFailed && ceremony.next == nil)
        let record = ceremony.record(token: nil, key: nil, endedAt: 3)
        #expect(record.result == .failed && record.steps.map(\.step) == ceremony.plan.steps)
        for (number, entry) in record.steps.enumerated() {
            #expect(entry.outcome == (number < failing ? .done : number == failing ? .failed : .notReached))
            #expect(entry.reason == (number == failing ? "CKR_DEVICE_REMOVED" : nil))
            #expect((entry.at == nil) == (number > failing))
        }
    }

    @Test func `that was not carried to its end has not succeeded`() throws {
        var ceremony = KeyCeremony(try plan(), startedAt: 0)
        ceremony.finish(failure: nil, at: 1)
        #expect(ceremony.record(token: nil, key: nil, endedAt: 2).result == .failed)
    }

    @Test(arguments: Language.allCases) func `is told to people with everything the document holds`(
        language: Language
    ) throws {
        let token = CeremonyRecord.Token(
            label: "jpki-sim",
            manufacturer: "Maker",
            model: "Model",
            serial: "0123",
            library: "Library 1.0"
        )
        let key = CeremonyRecord.Key(
            locator: "pkcs11:token=jpki-sim;object=sign-ca-1",
            algorithm: .p384SHA384,
            subjectPublicKeyInfo: Array("abc".utf8)
        )
        let ceremony = KeyCeremony(try plan(), startedAt: 0)
        let text = try ceremony.record(token: token, key: key, endedAt: 0).text(language)
        // SHA-256 of "abc" (FIPS 180-2, B.1).
        let words = [
            "Sato Hanako", "鈴木 太郎", "Tanaka", "jpki-sim", "Maker", "Model", "0123", "Library 1.0",
            "pkcs11:token=jpki-sim;object=sign-ca-1", "p384-sha384",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ]
        for word in words { #expect(text.contains(word), "\(word)") }
        for step in ceremony.plan.steps { #expect(text.contains(step.title.inLanguage(language))) }
    }
}
