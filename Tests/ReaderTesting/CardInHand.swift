public import CardClient
public import CardKeys
public import CardProfiles
import CardTesting
import Secrets
import SmartCard
public import VirtualCard

/// A card that a test holds while a client talks to it: remembers what passed, and may meddle with the answers.
public final class CardInHand {
    public var card: VirtualCard<OpenSSLCryptography>
    private var store = JournalStore()
    public private(set) var exchanges: [(command: [UInt8], response: [UInt8])] = []
    /// Makes of a command's place in the conversation, the command and the card's answer what the client gets.
    public var meddle: ((Int, [UInt8], [UInt8]) throws(ChannelFailure) -> [UInt8])?

    /// The card is not asked at all: what the client gets is made by ``meddle`` alone.
    public var isAway = false

    public init(_ made: PersonaCard, _ leniency: Leniency = []) {
        card = VirtualCard(made.state, cryptography: OpenSSLCryptography(), leniency: leniency)
    }

    public var channel: HeldChannel { HeldChannel(card: self) }
    public var client: HeldClient { HeldClient(channel, cryptography: OpenSSLCryptography()) }

    public func forgetExchanges() { exchanges = [] }

    public var commands: [[UInt8]] { exchanges.map(\.command) }
    /// Commands of the instruction VERIFY with a value.
    public var verifications: Int { commands.count { $0.count > 4 && $0[1] == 0x20 } }

    /// What the card itself says of a counter, asked past the client.
    public func triesLeft(_ kind: SecretKind) -> Int? {
        var dialogue = CardDialogue(VirtualCard(card.state, cryptography: OpenSSLCryptography()))
        guard let aid = CardProfile.of(.plastic).application(kind.homePlace)?.aid.bytes else { return nil }
        _ = dialogue.select(aid)
        return StatusWord(rawValue: dialogue.triesLeft(kind.home.file.rawValue)).triesLeft
    }

    fileprivate func answer(_ command: [UInt8]) throws(ChannelFailure) -> [UInt8] {
        let answer = isAway ? [] : card.respond(to: command, committingTo: &store)
        let index = exchanges.count
        exchanges.append((command, answer))
        return try meddle?(index, command, answer) ?? answer
    }
}

/// The way to a ``CardInHand``.
public struct HeldChannel: CardChannel {
    fileprivate let card: CardInHand

    public mutating func transmit(_ command: [UInt8]) throws(ChannelFailure) -> [UInt8] { try card.answer(command) }
}

public typealias HeldClient = CardClient<HeldChannel, OpenSSLCryptography>

/// What was typed as a secret of that kind.
public func judged(_ typed: String, as kind: SecretKind) throws(ShapeFlaw) -> JudgedSecret {
    try SecretJudge.judge(SecretBytes(copying: typed), as: kind)
}

extension CardClient {
    /// Judges, asks for the counter, and sends one VERIFY: the way every program takes.
    public mutating func unlock(_ kind: SecretKind, _ typed: String, in place: Place? = nil) throws(CardError) {
        let secret = try shaped(typed, as: kind)
        let permit = try prepareToVerify(kind, in: place)
        try verify(permit, secret)
    }
}

private func shaped(_ typed: String, as kind: SecretKind) throws(CardError) -> JudgedSecret {
    do throws(ShapeFlaw) {
        return try judged(typed, as: kind)
    } catch {
        throw .badShape(kind, error)
    }
}
