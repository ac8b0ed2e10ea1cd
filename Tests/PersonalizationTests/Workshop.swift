import CardKeys
import CardProfiles
import CardStorage
import CivilCalendar
import Foundation
import Issuance
import Personalization
import Synchronization
import VirtualCard

@testable import IssueCommands

/// Makes the project's personas' cards the way the program does, each once, by one authority, at one instant.
final class Workshop: Sendable {
    /// 2026-11-23, noon in Japan.
    static let now: Int64 = 1_795_402_800
    static let today = CivilDate(japaneseDayAt: now)

    static let shared = Result { try Workshop() }

    let personas: [String: Persona]
    private let state: Mutex<(authority: OfflineAuthority, cards: [String: [Change]])>

    /// The public half of the authority; never changes.
    let authority: OfflineAuthority

    init() throws {
        let folder = URL(filePath: #filePath).appending(path: "../../../Personas").standardized
        var personas: [String: Persona] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".json") {
            let persona = try JSONDecoder().decode(Persona.self, from: Data(contentsOf: folder.appending(path: name)))
            personas[persona.name] = persona
        }
        self.personas = personas
        authority = try OfflineAuthority(generatingAt: Self.now)
        state = Mutex((authority, [:]))
    }

    /// The changes that make a persona's card.
    private func changes(_ persona: Persona) throws -> [Change] {
        try state.withLock { state in
            if let made = state.cards[persona.name] { return made }
            let made = try CardMaker(persona: persona, now: Self.now).make(
                &state.authority,
                atr: [0x3B, 0x00],
                protection: .keyFile,
                salt: [UInt8](repeating: 1, count: 16)
            ) { _ in }
            state.cards[persona.name] = made.changes
            return made.changes
        }
    }

    /// A fresh copy of a persona's card, just powered on.
    func card(_ name: String) throws -> Reader {
        guard let persona = personas[name] else {
            throw PersonaError.unknown(name: name, known: personas.keys.sorted())
        }
        let library = OpenSSLCryptography()
        let state = try CardState(persona.kind, replaying: try changes(persona), using: library)
        return Reader(VirtualCard(state, cryptography: library), persona: persona)
    }
}

func card(_ name: String) throws -> Reader { try Workshop.shared.get().card(name) }
func authority() throws -> OfflineAuthority { try Workshop.shared.get().authority }

/// What a client sees of a card: commands and answers, no more.
struct Reader {
    private var card: VirtualCard<OpenSSLCryptography>
    private var store = VolatileStore()
    let persona: Persona

    init(_ card: VirtualCard<OpenSSLCryptography>, persona: Persona) {
        self.card = card
        self.persona = persona
    }

    static let jpki = "D392F000260100000001"
    static let common = "D3921000310001010100"
    static let face = "D3921000310001010402"
    static let text = "D3921000310001010408"
    static let register = "D3921000310001010401"

    mutating func send(_ hex: String, _ data: [UInt8] = []) -> (data: [UInt8], status: String) {
        let answer = card.respond(to: bytes(hex) + data, committingTo: &store)
        return (Array(answer.dropLast(2)), hexadecimal(Array(answer.suffix(2))))
    }

    mutating func enter(_ application: String) -> String { send("00A4040C0A" + application).status }

    mutating func select(_ file: Int) -> String { send("00A4020C02", [UInt8(file >> 8), UInt8(file & 0xFF)]).status }

    mutating func verify(_ file: Int, _ value: String) -> String {
        _ = select(file)
        return send("00200080" + hexadecimal([UInt8(value.utf8.count)]), Array(value.utf8)).status
    }

    mutating func triesLeft(_ file: Int) -> String {
        _ = select(file)
        return send("00200080").status
    }

    /// A file to its physical end, in blocks of 256 as clients read; the status when it cannot be read.
    mutating func read(_ file: Int) -> (content: [UInt8], status: String) {
        let selected = select(file)
        guard selected == "9000" else { return ([], selected) }
        var content: [UInt8] = []
        while true {
            let offset = [UInt8(content.count >> 8), UInt8(content.count & 0xFF)]
            let answer = send("00B0" + hexadecimal(offset) + "00")
            if answer.status == "6B00" { return (content, "9000") }
            guard answer.status == "9000" else { return ([], answer.status) }
            content += answer.data
        }
    }

    var birth: CivilDate {
        get throws { try persona.birth(issued: try persona.issued(today: Workshop.today)) }
    }

    /// 照合番号B: birth with its era year, year of expiry, security code.
    var numberB: String {
        get throws {
            let expiry = try Self.expiry(persona)
            return try birth.eraCompact + expiry.prefix(4) + persona.card.securityCode
        }
    }

    /// The last day of a card, reckoned here and not by the program.
    static func expiry(_ persona: Persona) throws -> String {
        let issued = try persona.issued(today: Workshop.today)
        let birth = try persona.birth(issued: issued)
        let nextBirthday = (birth.month, birth.day) > (issued.month, issued.day) ? issued.year : issued.year + 1
        let age = nextBirthday - birth.year - 1
        let end = String(format: "%04d%02d%02d", nextBirthday + (age < 18 ? 4 : 9), birth.month, birth.day)
        guard let stay = try persona.endOfStay(issued: issued) else { return end }
        return min(end, stay.compact)
    }
}

// MARK: - Bytes

func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8.filter { $0 != 0x20 })
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
        UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
    }
}

func hexadecimal(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02X", Int($0)) }.joined() }

/// One object as it lies in a file: where it begins, where its value is, where it ends.
struct Piece {
    let tag: Int
    let start: Int
    let value: Range<Int>

    /// The objects in a range of a file, one after the other; `nil` when they do not fill it exactly, or when a length is
    /// written as the card never writes it.
    static func list(_ bytes: [UInt8], _ range: Range<Int>) -> [Piece]? {
        var pieces: [Piece] = []
        var position = range.lowerBound
        while position < range.upperBound {
            let start = position
            let isLong = bytes[position] & 0x1F == 0x1F
            guard position + 2 < bytes.count else { return nil }
            let tag = isLong ? Int(bytes[position]) << 8 | Int(bytes[position + 1]) : Int(bytes[position])
            position += isLong ? 2 : 1
            var length = Int(bytes[position])
            position += 1
            if length >= 0x80 {
                guard length == 0x82, position + 2 <= bytes.count else { return nil }
                length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
                position += 2
                guard length >= 0x80 else { return nil }
            }
            guard position + length <= range.upperBound else { return nil }
            pieces.append(Piece(tag: tag, start: start, value: position..<(position + length)))
            position += length
        }
        return pieces
    }

    func bytes(in file: [UInt8]) -> [UInt8] { Array(file[value]) }
    /// With tag and length.
    func whole(in file: [UInt8]) -> [UInt8] { Array(file[start..<value.upperBound]) }
}
