public import CardKeys
import CardProfiles
import CardTesting
import CivilCalendar
import Foundation
public import Issuance
public import Personalization
import Synchronization
public import VirtualCard

/// Cards of the project's personas with real keys and real records, each made once by one authority at one instant.
///
/// Made by the same commands as the program's, with pictures that are bytes and no pictures: a reader does not look into
/// them, and short ones keep tests fast.
public enum PersonaCards {
    /// 2026-11-23, noon in Japan.
    public static let now: Int64 = 1_795_402_800

    private static let madeAuthority = Result { try OfflineAuthority(generatingAt: now) }
    private static let made = Mutex<[String: PersonaCard]>([:])

    /// Who made the cards.
    public static func authority() throws -> OfflineAuthority { try madeAuthority.get() }

    public static func card(_ name: String) throws -> PersonaCard {
        try made.withLock { cards in
            if let card = cards[name] { return card }
            let card = try make(name)
            cards[name] = card
            return card
        }
    }

    private static func make(_ name: String) throws -> PersonaCard {
        let folder = URL(filePath: #filePath).appending(path: "../../../Personas").standardized
        let file = folder.appending(path: name + ".json")
        let persona = try JSONDecoder().decode(Persona.self, from: Data(contentsOf: file))
        let issued = try persona.issued(today: CivilDate(japaneseDayAt: now))
        let birth = try persona.birth(issued: issued)
        let expiry = CivilDate(daysSince1970: issued.daysSince1970 + 3_000)
        let order = CardOrder(
            persona: persona,
            serial: "827182818284590",
            issued: issued,
            issuedAt: now,
            birth: birth,
            cardExpiry: expiry,
            certificateEnd: CivilDate(daysSince1970: issued.daysSince1970 + 1_500)
        )
        var generator = SeededGenerator(seed: 41)
        let images = FaceImages(
            name: generator.bytes(301),
            address: generator.bytes(222),
            number: generator.bytes(144),
            securityCode: generator.bytes(77),
            photo: generator.bytes(333)
        )
        let blank = VirtualCard(
            CardState<OpenSSLCryptography>(blank: persona.kind),
            cryptography: OpenSSLCryptography()
        )
        var personalizer = Personalizer(
            order,
            channel: BlankCard(card: blank),
            authority: MakersAuthority(authority: try authority())
        )
        let finished = try personalizer.run(images: persona.kind == .plastic ? images : nil) { _ in }
        return PersonaCard(state: finished.card.state, order: order, images: images)
    }
}

/// A finished card and what was put into it.
public struct PersonaCard: Sendable {
    public let state: CardState<OpenSSLCryptography>
    public let order: CardOrder
    public let images: FaceImages

    public var holder: Persona.Holder { order.persona.holder }
    public var secrets: Persona.Secrets { order.persona.secrets }
    /// 照合番号B as printed.
    public var numberB: String { order.verificationNumberB }
    /// The key that a terminal shares with this card.
    public func terminalKey() throws -> [UInt8] {
        try PersonaCards.authority().cards.terminalKey(cardSerial: order.serial)
    }
}

private struct BlankCard: PersonalizationChannel {
    var card: VirtualCard<OpenSSLCryptography>
    private var store = VolatileStore()

    init(card: VirtualCard<OpenSSLCryptography>) { self.card = card }

    mutating func transmit(_ command: [UInt8]) -> [UInt8] { card.respond(to: command, committingTo: &store) }
}
