import CardCryptography
import CardProfiles
import CardTesting
import SmartCard
import Testing
import VirtualCard

/// Terminals: EXTERNAL AUTHENTICATE, what it opens, and certificates for use without a PIN.
struct TerminalTests {
    private func blockedCard() throws -> CardDialogue<FakeCryptography> {
        var dialogue = try makeCard(.plastic, using: FakeCryptography()).dialogue()
        _ = dialogue.select(SampleContents.jpkiAID)
        for _ in 0..<3 { _ = dialogue.verify(0x0018, [0x39]) }
        try #require(dialogue.verify(0x0018, SampleContents.pin).status == 0x6984)
        return dialogue
    }

    @Test(arguments: ["00 2C 02 98 04 35 36 37 38", "80 54 00 98 04 35 36 37 38"] as [Hex])
    func `an authenticated terminal gives a blocked PIN a new value`(command: Hex) throws {
        var dialogue = try blockedCard()
        #expect(dialogue.send(command).status == 0x6982)
        #expect(dialogue.authenticateTerminal().status == 0x9000)
        #expect(dialogue.send(command).status == 0x9000)
        #expect(dialogue.triesLeft(0x0018) == 0x63C3)
        #expect(dialogue.send("80 2A 00 97 01 41 00").status == 0x6982)
        #expect(dialogue.verify(0x0018, SampleContents.pin).status == 0x63C2)
        #expect(dialogue.verify(0x0018, Array("5678".utf8)).status == 0x9000)
    }

    @Test func `00 2C 03 gives the tries back and leaves the value`() throws {
        var dialogue = try blockedCard()
        #expect(dialogue.authenticateTerminal().status == 0x9000)
        #expect(dialogue.send("00 2C 03 98").status == 0x9000)
        #expect(dialogue.send("80 2A 00 97 01 41 00").status == 0x6982)
        #expect(dialogue.verify(0x0018, SampleContents.pin).status == 0x9000)
    }

    @Test func `a new value by the terminal voids what was verified with the old one (U2)`() throws {
        var dialogue = try makeCard(.plastic, using: FakeCryptography()).dialogue()
        _ = dialogue.select(SampleContents.jpkiAID)
        _ = dialogue.verify(0x0018, SampleContents.pin)
        _ = dialogue.verify(0x001B, SampleContents.password)
        _ = dialogue.authenticateTerminal()
        #expect(dialogue.send("00 2C 02 98 04 35 36 37 38").status == 0x9000)
        #expect(dialogue.send("80 2A 00 97 01 41 00").status == 0x6982)
        #expect(dialogue.send("00 24 01 98 04 31 31 31 31").status == 0x6982)
        // The other PIN has nothing to do with it.
        #expect(dialogue.send("80 2A 00 9A 01 41 00").status == 0x9000)
    }

    @Test(arguments: ["35 36 37", "35 36 37 38 39", "35 36 37 41", "20 20 20 20"] as [Hex])
    func `a terminal cannot set a PIN of the wrong shape either`(value: Hex) throws {
        var dialogue = try blockedCard()
        _ = dialogue.authenticateTerminal()
        #expect(dialogue.send("00 2C 02 98", value.bytes).status == 0x6A80)
        #expect(dialogue.send("80 54 00 98", value.bytes).status == 0x6A80)
        #expect(dialogue.triesLeft(0x0018) == 0x63C0)
    }

    @Test func `a number that nobody may change takes tries but no new value (U2)`() throws {
        var dialogue = try makeCard(.plastic, using: FakeCryptography()).dialogue()
        _ = dialogue.select(SampleContents.cardFaceAID)
        for _ in 0..<10 { _ = dialogue.verify(0x0013, [0x30]) }
        _ = dialogue.authenticateTerminal()
        #expect(dialogue.send("00 2C 02 93", Array("123456789018".utf8)).status == 0x6985)
        #expect(dialogue.triesLeft(0x0013) == 0x63C0)
        #expect(dialogue.send("00 2C 03 93").status == 0x9000)
        #expect(dialogue.verify(0x0013, SampleContents.myNumber).status == 0x9000)
    }

    @Test func `a challenge is good for one try`() throws {
        var dialogue = try SampleCards.fast().dialogue()
        let challenge = dialogue.send("00 84 00 00 10").data
        let right = hmac(SampleContents.terminalKey, challenge)
        #expect(dialogue.send("00 82 00 00", [UInt8](repeating: 0, count: 32)).status == 0x6300)
        #expect(dialogue.send("00 82 00 00", right).status == 0x6985)
        #expect(dialogue.authenticateTerminal().status == 0x9000)
    }

    @Test func `an answer to an older challenge is wrong`() throws {
        var dialogue = try SampleCards.fast().dialogue()
        let older = dialogue.send("00 84 00 00 10").data
        _ = dialogue.send("00 84 00 00 10")
        #expect(dialogue.send("00 82 00 00", hmac(SampleContents.terminalKey, older)).status == 0x6300)
    }

    @Test(arguments: [[], [UInt8](repeating: 0, count: 32), SampleContents.pin])
    func `another key does not authenticate`(key: [UInt8]) throws {
        var dialogue = try SampleCards.fast().dialogue()
        _ = dialogue.select(SampleContents.residentRegisterAID)
        #expect(dialogue.authenticateTerminal(key).status == 0x6300)
        _ = dialogue.verify(0x001C, SampleContents.pin)
        #expect(dialogue.send("00 B2 01 0C 00").status == 0x6982)
    }

    @Test(arguments: [CardKind.android, .iphone], [[], [UInt8](repeating: 0, count: 32)])
    func `nobody can authenticate to a phone, whose terminal key nobody knows (C25)`(
        kind: CardKind,
        key: [UInt8]
    ) throws {
        var dialogue = try makeCard(kind, using: FakeCryptography()).dialogue()
        _ = dialogue.select(SampleContents.jpkiAID)
        #expect(dialogue.authenticateTerminal(key).status != 0x9000)
        #expect(dialogue.send("00 2C 03 98").status == 0x6982)
    }

    @Test func `the register code needs PIN and terminal, in any order, in this application (U1)`() throws {
        var dialogue = try SampleCards.fast().dialogue()
        _ = dialogue.authenticateTerminal()
        _ = dialogue.select(SampleContents.residentRegisterAID)
        _ = dialogue.verify(0x001C, SampleContents.pin)
        #expect(dialogue.send("00 B2 01 0C 00").status == 0x6982)
        _ = dialogue.authenticateTerminal()
        let answer = dialogue.send("00 B2 01 0C 00")
        #expect(answer == Answer(SampleContents.registerCodeRecord + [0x90, 0x00]))
        #expect(dialogue.send("00 B2 02 0C 00").status == 0x6A83)
        #expect(dialogue.verify(0x001C, [0x39]).status == 0x63C2)
        #expect(dialogue.send("00 B2 01 0C 00").status == 0x6982)
    }

    // MARK: - Certificates of terminals

    /// The two commands that present a certificate, and the authority's signature in the second.
    private func presentation<Cryptography>(
        _ sample: SampleCard<Cryptography>
    ) throws -> (certificate: [UInt8], signature: [UInt8]) {
        let body = Array(SampleContents.cvCertificate(seed: 77).dropFirst(10).prefix(297))
        let digest = try sample.cryptography.sha256(body)
        let signature = try sample.terminalAuthority.privateOperation(paddedDigestInfo(digest))
        return (
            [0x7F, 0x21, 0x82, 0x02, 0x33, 0x5F, 0x4E, 0x82, 0x01, 0x29] + body,
            [0x5F, 0x37, 0x82, 0x01, 0x00] + signature
        )
    }

    private func ready(_ leniency: Leniency = .terminalCertificates) throws -> CardDialogue<FakeCryptography> {
        var dialogue = try SampleCards.fast().dialogue(leniency)
        _ = dialogue.select(SampleContents.jpkiAID)
        try #require(dialogue.select(0x0016).status == 0x9000)
        return dialogue
    }

    @Test func `an accepted certificate opens the authentication key, and only that (U16)`() throws {
        let (certificate, signature) = try presentation(SampleCards.fast())
        var dialogue = try ready()
        #expect(dialogue.send("80 A2 06 C1", certificate).status == 0x9000)
        #expect(dialogue.send("80 2A 00 97 01 41 00").status == 0x6982)
        #expect(dialogue.send("80 A2 00 C1", signature).status == 0x9000)
        #expect(dialogue.send("80 2A 00 97 01 41 00").status == 0x9000)
        #expect(dialogue.send("80 2A 00 9A 01 41 00").status == 0x6982)
        #expect(dialogue.read(0x0001).status == 0x6982)
        #expect(dialogue.send("00 24 01 98 04 31 32 33 34").status == 0x6982)
        #expect(dialogue.send("00 2C 03 98").status == 0x6982)
        _ = dialogue.select(SampleContents.jpkiAID)
        #expect(dialogue.send("80 2A 00 97 01 41 00").status == 0x9000)
        _ = dialogue.select(SampleContents.commonAID)
        _ = dialogue.select(SampleContents.jpkiAID)
        #expect(dialogue.send("80 2A 00 97 01 41 00").status == 0x6982)
    }

    @Test func `a certificate is accepted with real keys as well`() throws {
        let sample = try SampleCards.real()
        let (certificate, signature) = try presentation(sample)
        var dialogue = sample.dialogue(.terminalCertificates)
        _ = dialogue.select(SampleContents.jpkiAID)
        _ = dialogue.select(0x0016)
        #expect(dialogue.send("80 A2 06 C1", certificate).status == 0x9000)
        #expect(dialogue.send("80 A2 00 C1", signature).status == 0x9000)
        #expect(dialogue.send("80 2A 00 97 01 41 00").status == 0x9000)
    }

    @Test func `the second step without the first is 6985, also after a reset`() throws {
        let (certificate, signature) = try presentation(SampleCards.fast())
        var dialogue = try ready()
        #expect(dialogue.send("80 A2 00 C1", signature).status == 0x6985)
        #expect(dialogue.send("80 A2 06 C1", certificate).status == 0x9000)
        dialogue.card.powerOff()
        _ = dialogue.select(SampleContents.jpkiAID)
        _ = dialogue.select(0x0016)
        #expect(dialogue.send("80 A2 00 C1", signature).status == 0x6985)
        #expect(dialogue.send("80 2A 00 97 01 41 00").status == 0x6982)
    }

    @Test func `a wrong signature is 6982 and opens nothing`() throws {
        let (certificate, signature) = try presentation(SampleCards.fast())
        for index in [5, 100, 260] {
            var dialogue = try ready()
            var forged = signature
            forged[index] ^= 1
            #expect(dialogue.send("80 A2 06 C1", certificate).status == 0x9000)
            #expect(dialogue.send("80 A2 00 C1", forged).status == 0x6982)
            #expect(dialogue.send("80 2A 00 97 01 41 00").status == 0x6982)
        }
        var dialogue = try ready()
        var other = certificate
        other[60] ^= 1
        #expect(dialogue.send("80 A2 06 C1", other).status == 0x9000)
        #expect(dialogue.send("80 A2 00 C1", signature).status == 0x6982)
    }

    @Test func `lengths and headers of the two steps (C18)`() throws {
        let (certificate, signature) = try presentation(SampleCards.fast())
        var dialogue = try ready()
        #expect(dialogue.send("80 A2 06 C1", certificate.dropLast()).status == 0x6700)
        #expect(dialogue.send("80 A2 06 C1", certificate + [0]).status == 0x6700)
        #expect(dialogue.send("80 A2 06 C1").status == 0x6700)
        #expect(dialogue.send("80 A2 06 C0", certificate).status == 0x6A86)
        #expect(dialogue.send("80 A2 01 C1", certificate).status == 0x6A86)
        for index in 0..<10 {
            var wrong = certificate
            wrong[index] ^= 1
            #expect(dialogue.send("80 A2 06 C1", wrong).status == 0x6A80, "byte \(index)")
        }
        #expect(dialogue.send("80 A2 06 C1", certificate).status == 0x9000)
        #expect(dialogue.send("80 A2 00 C1", signature.dropLast()).status == 0x6700)
        #expect(dialogue.send("80 A2 06 C1", certificate).status == 0x9000)
        for index in 0..<5 {
            var wrong = signature
            wrong[index] ^= 1
            _ = dialogue.send("80 A2 06 C1", certificate)
            #expect(dialogue.send("80 A2 00 C1", wrong).status == 0x6A80, "byte \(index)")
        }
        #expect(dialogue.send("80 2A 00 97 01 41 00").status == 0x6982)
    }

    @Test func `without the switch the instruction is not known (U16, C1)`() throws {
        let (certificate, signature) = try presentation(SampleCards.fast())
        var dialogue = try ready([])
        #expect(dialogue.send("80 A2 06 C1", certificate).status == 0x6D00)
        #expect(dialogue.send("80 A2 00 C1", signature).status == 0x6D00)
        // Unknown is unknown, whatever comes after the instruction.
        #expect(dialogue.send("80 A2 12 34").status == 0x6D00)
        #expect(dialogue.send("80 A2 06 C1 01 00").status == 0x6D00)
        #expect(dialogue.send("80 A2 06 C1 05 00").status == 0x6D00)
    }
}

extension CardDialogue {
    fileprivate mutating func send(_ header: Hex, _ data: ArraySlice<UInt8>) -> Answer { send(header, Array(data)) }
}
