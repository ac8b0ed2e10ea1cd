import CardClient
import CardProfiles
import CardTesting
import Personalization
import ReaderTesting
import SmartCard
import Testing
import VirtualCard

@Suite struct `Sending a secret` {
    let made: PersonaCard
    let hand: CardInHand

    init() throws {
        made = try PersonaCards.card("adult")
        hand = CardInHand(made)
    }

    @Test func `asks for the counter first and sends one VERIFY`() throws {
        var client = hand.client
        try client.unlock(.auth, "1234")
        #expect(client.isUnlocked)
        let commands = hand.commands.map { Hex($0).description }
        #expect(
            commands == [
                "00A4040C0AD392F000260100000001", "00A4020C020018", "00200080", "002000800431323334",
            ]
        )
        #expect(hand.triesLeft(.auth) == 3)
    }

    @Test(arguments: [
        (SecretKind.sign, "WRONG1", 5), (.auth, "4321", 3), (.input, "4321", 3), (.register, "4321", 3),
        (.numberA, "200000000077", 10), (.numberB, "55021720352285", 10), (.birthDate, "550217", 10),
    ])
    func `that is wrong spends one try and says how many are left`(kind: SecretKind, wrong: String, tries: Int) throws {
        var client = hand.client
        #expect(throws: CardError.wrongSecret(kind, triesLeft: tries - 1)) { try client.unlock(kind, wrong) }
        #expect(hand.verifications == 1 && hand.triesLeft(kind) == tries - 1 && !client.isUnlocked)
        #expect(try client.triesLeft(kind.home) == .left(tries - 1))
    }

    @Test func `is refused before the last try unless that is allowed`() throws {
        var client = hand.client
        #expect(throws: CardError.wrongSecret(.auth, triesLeft: 2)) { try client.unlock(.auth, "0000") }
        #expect(throws: CardError.wrongSecret(.auth, triesLeft: 1)) { try client.unlock(.auth, "0000") }
        #expect(throws: CardError.lastTry(.auth)) { try client.unlock(.auth, "1234") }
        #expect(hand.verifications == 2 && hand.triesLeft(.auth) == 1)
        let secret = try judged("1234", as: .auth)
        let permit = try client.prepareToVerify(.auth, allowingLastTry: true)
        #expect(permit.kind == .auth && permit.triesLeft == .left(1))
        try client.verify(permit, secret)
        #expect(hand.verifications == 3 && hand.triesLeft(.auth) == 3)
    }

    @Test(arguments: [[], .blockedAnswers6983, .verifiedQueryAnswers9000] as [Leniency])
    func `that is blocked is not sent`(leniency: Leniency) throws {
        let hand = CardInHand(try PersonaCards.card("locked"), leniency)
        var client = hand.client
        for kind in SecretKind.changeable {
            #expect(throws: CardError.blocked(kind)) { try client.unlock(kind, kind == .sign ? "ABC123" : "1234") }
            #expect(throws: CardError.blocked(kind)) {
                _ = try client.prepareToVerify(kind, allowingLastTry: true)
            }
        }
        #expect(hand.verifications == 0)
    }

    @Test func `may be sent again once the card says that it is verified`() throws {
        let hand = CardInHand(made, .verifiedQueryAnswers9000)
        var client = hand.client
        try client.unlock(.auth, "1234")
        #expect(try client.triesLeft(SecretKind.auth.home) == .verified)
        try client.unlock(.auth, "1234")
        #expect(hand.verifications == 2)
    }

    static let answers: [(answer: String, error: CardError?)] = {
        let step = CardStep.verify(SecretKind.auth.home)
        func refused(_ word: UInt16) -> CardError { .refused(step, StatusWord(rawValue: word)) }
        return [
            ("9000", nil),
            ("63C2", .wrongSecret(.auth, triesLeft: 2)), ("63C1", .wrongSecret(.auth, triesLeft: 1)),
            ("63C0", .wrongSecret(.auth, triesLeft: 0)), ("63CF", .wrongSecret(.auth, triesLeft: 15)),
            ("6300", .wrongSecret(.auth, triesLeft: nil)), ("6301", refused(0x6301)),
            ("6983", .blocked(.auth)), ("6984", .blocked(.auth)), ("6982", .notPermitted(step)),
            ("6700", refused(0x6700)), ("6A86", refused(0x6A86)), ("6A82", .missing(step)), ("6A88", .missing(step)),
            ("6100", refused(0x6100)), ("6110", refused(0x6110)), ("6C00", refused(0x6C00)), ("6C04", refused(0x6C04)),
            ("6F00", refused(0x6F00)), ("6581", refused(0x6581)), ("6D00", refused(0x6D00)), ("9001", refused(0x9001)),
            ("0000", refused(0x0000)), ("FFFF", refused(0xFFFF)), ("6282", refused(0x6282)), ("6401", refused(0x6401)),
            ("", .outcomeUnknown(.auth, .garbled)), ("90", .outcomeUnknown(.auth, .garbled)),
        ]
    }()

    @Test(arguments: answers) func `sends one VERIFY whatever the answer`(answer: String, error: CardError?) throws {
        let bytes = try #require(Hex(parsing: answer)).bytes
        hand.meddle = { _, command, response in command.count > 4 && command[1] == 0x20 ? bytes : response }
        var client = hand.client
        let result = Result { () throws(CardError) in try client.unlock(.auth, "1234") }
        #expect(result.failure == error)
        #expect(hand.verifications == 1)
        #expect(hand.commands.last?.count == 9, "nothing follows")
    }

    @Test(arguments: [ChannelFailure.cardRemoved, .cardReset, .unresponsive, .readerGone, .serviceGone, .other(7)])
    func `whose answer is lost leaves the outcome unknown`(failure: ChannelFailure) throws {
        hand.meddle = { _, command, response throws(ChannelFailure) in
            if command.count > 4, command[1] == 0x20 { throw failure }
            return response
        }
        var client = hand.client
        #expect(throws: CardError.outcomeUnknown(.auth, failure)) { try client.unlock(.auth, "9999") }
        #expect(hand.verifications == 1)
        #expect(hand.triesLeft(.auth) == 2, "the card did spend the try")
        hand.meddle = nil
        #expect(try client.triesLeft(SecretKind.auth.home) == .left(2))
    }

    @Test func `whose answer is lost may have opened the card, so leaving is due`() throws {
        hand.meddle = { _, command, response throws(ChannelFailure) in
            if command.count > 4, command[1] == 0x20 { throw .unresponsive }
            return response
        }
        var client = hand.client
        #expect(throws: CardError.outcomeUnknown(.auth, .unresponsive)) { try client.unlock(.auth, "1234") }
        hand.meddle = nil
        #expect(client.isUnlocked)
        try client.select(.jpki)
        #expect(client.isUnlocked, "selecting what may be selected already does not close it")
        #expect(throws: Never.self) { try client.sign(.digestInfo([1]), with: .authenticationKey) }
        try client.leave()
        #expect(!client.isUnlocked)
        #expect(throws: CardError.notPermitted(.sign(.authenticationKey))) {
            try client.sign(.digestInfo([1]), with: .authenticationKey)
        }
    }

    @Test func `goes to the right file after somebody else has reset the card`() throws {
        var client = hand.client
        #expect(try client.triesLeft(SecretKind.auth.home) == .left(3))
        hand.meddle = { _, _, _ throws(ChannelFailure) in throw .cardReset }
        #expect(throws: CardError.channel(.cardReset, .query(SecretKind.auth.home))) {
            try client.triesLeft(SecretKind.auth.home)
        }
        hand.meddle = nil
        // The other program has left its own PIN file selected.
        hand.card.reset()
        var other = hand.client
        #expect(try other.triesLeft(SecretKind.sign.home) == .left(5))
        try client.unlock(.auth, "1234")
        #expect(hand.triesLeft(.sign) == 5 && hand.triesLeft(.auth) == 3)
    }

    @Test(arguments: SecretKind.allCases) func `of one kind is never sent as another`(kind: SecretKind) throws {
        let typed: [SecretKind: String] = [
            .sign: "ABC123", .auth: "1234", .input: "1234", .register: "1234", .numberA: "123456789018",
            .numberB: "55021720352285", .birthDate: "550217",
        ]
        for other in SecretKind.allCases where other != kind {
            let secret = try judged(try #require(typed[other]), as: other)
            var client = hand.client
            let permit = try client.prepareToVerify(kind)
            hand.forgetExchanges()
            let refusal = CardError.badShape(kind, .looksLike(other))
            do throws(CardError) {
                try client.verify(permit, secret)
                Issue.record("verified")
            } catch {
                #expect(error == refusal)
            }
            #expect((Result { () throws(CardError) in try client.change(kind, to: secret) }).failure == refusal)
            #expect(
                (Result { () throws(CardError) in try client.unblock(kind, settingTo: secret) }).failure == refusal
            )
            #expect(hand.exchanges.isEmpty)
        }
    }

    @Test func `has no file in other places`() throws {
        var client = hand.client
        for (kind, place) in [(SecretKind.auth, Place.cardFace), (.sign, .inputSupport), (.birthDate, .jpki)] {
            #expect(throws: CardError.missing(.select(place))) { _ = try client.prepareToVerify(kind, in: place) }
        }
        #expect(hand.exchanges.isEmpty)
    }

    @Test func `is refused where the counter cannot be read`() throws {
        for status in ["6A86", "6700", "6D00", "6F00", "61FF", "6C04", "9100"] {
            let bytes = try #require(Hex(parsing: status)).bytes
            hand.meddle = { _, command, response in command.count == 4 ? bytes : response }
            var client = hand.client
            let file = SecretKind.auth.home
            #expect(
                throws: CardError.refused(.query(file), StatusWord(rawValue: UInt16(bytes[0]) << 8 | UInt16(bytes[1])))
            ) {
                try client.unlock(.auth, "1234")
            }
        }
        #expect(hand.verifications == 0)
    }
}

@Suite struct `Changing a secret` {
    let hand: CardInHand
    let made: PersonaCard

    init() throws {
        made = try PersonaCards.card("adult")
        hand = CardInHand(made)
    }

    @Test(arguments: [
        (SecretKind.sign, "ABC123", "NEW4567", "00240180074E455734353637"),
        (.auth, "1234", "5678", "002401800435363738"),
        (.input, "1234", "5678", "002401800435363738"), (.register, "1234", "5678", "803200800435363738"),
    ])
    func `sends the new value in the application's own form`(kind: SecretKind, old: String, new: String, sent: String)
        throws
    {
        var client = hand.client
        let secret = try judged(new, as: kind)
        #expect(
            (Result { () throws(CardError) in try client.change(kind, to: secret) }).failure
                == .notPermitted(.change(kind.home))
        )
        try client.unlock(kind, old)
        try client.change(kind, to: secret)
        #expect(hand.commands.last.map { Hex($0).description } == sent)
        try client.leave()
        #expect(throws: CardError.wrongSecret(kind, triesLeft: kind.rule.tries - 1)) { try client.unlock(kind, old) }
        try client.unlock(kind, new)
    }

    @Test func `that is answered by nothing leaves the outcome unknown`() throws {
        var client = hand.client
        try client.unlock(.auth, "1234")
        hand.meddle = { _, _, _ throws(ChannelFailure) in throw .cardRemoved }
        let secret = try judged("5678", as: .auth)
        #expect(
            (Result { () throws(CardError) in try client.change(.auth, to: secret) }).failure
                == .outcomeUnknown(.auth, .cardRemoved)
        )
        hand.meddle = nil
        hand.card.reset()
        var after = hand.client
        try after.unlock(.auth, "5678")
    }

    @Test func `of a number on the card is not there`() throws {
        var client = hand.client
        try client.unlock(.numberA, made.holder.individualNumber)
        let secret = try judged(made.holder.individualNumber, as: .numberA)
        let failure = (Result { () throws(CardError) in try client.change(.numberA, to: secret) }).failure
        #expect(failure == .refused(.change(SecretKind.numberA.home), .instructionNotSupported))
    }
}

@Suite struct `Unblocking a secret` {
    @Test(arguments: SecretKind.changeable) func `takes a terminal`(kind: SecretKind) throws {
        let made = try PersonaCards.card("locked")
        let hand = CardInHand(made)
        var client = hand.client
        let secret = try judged(kind == .sign ? "NEW4567" : "5678", as: kind)
        let refused = (Result { () throws(CardError) in try client.unblock(kind, settingTo: secret) }).failure
        #expect(refused == .notPermitted(.unblock(kind.home)))
        let key = try made.terminalKey()
        let challenge = try client.terminalChallenge(in: kind.homePlace)
        try client.authenticateTerminal(hmac(key, challenge))
        #expect(client.isUnlocked)
        try client.unblock(kind, settingTo: secret)
        #expect(hand.triesLeft(kind) == kind.rule.tries)
        try client.unlock(kind, kind == .sign ? "NEW4567" : "5678")
        #expect(hand.verifications == 1)
    }

    @Test func `takes a fresh challenge`() throws {
        let made = try PersonaCards.card("locked")
        var client = CardInHand(made).client
        let challenge = try client.terminalChallenge(in: .jpki)
        _ = try client.terminalChallenge(in: .jpki)
        let answer = hmac(try made.terminalKey(), challenge)
        #expect(throws: CardError.refused(.authenticateTerminal, .mismatch)) { try client.authenticateTerminal(answer) }
    }
}

extension Result {
    var failure: Failure? {
        if case .failure(let failure) = self { return failure }
        return nil
    }
}
