import CardCryptography
import CardKeys
package import CardTesting

// The card once more, as small as it can be written: from docs/card alone, with its own parser, its own file tables and
// plain values. It must never look at the card's own tables, because agreeing with them is what it is there to judge.

/// What the model says about the answer to one command.
package struct Verdict {
    /// The status words that docs/card leaves possible; one but for a few open places.
    package var statuses: Set<UInt16>
    package var data = ExpectedData.none

    package enum ExpectedData {
        case none
        case exactly([UInt8])
        case length(Int)
        /// `86 L 01 …` that opens to these bytes under this key and counter.
        case secured([UInt8], key: [UInt8], counter: UInt64)
    }

    package init(_ statuses: UInt16...) { self.statuses = Set(statuses) }

    package init(_ status: UInt16, _ data: ExpectedData) {
        statuses = [status]
        self.data = data
    }

    package var isSuccess: Bool { statuses == [0x9000] }
}

/// The places of the card in the order in which partial names are looked for.
package enum ModelPlace: Int, CaseIterable {
    case manager, common, jpki, face, text, juki

    package var aid: [UInt8] {
        switch self {
        case .manager: SampleContents.cardManagerAID
        case .common: SampleContents.commonAID
        case .jpki: SampleContents.jpkiAID
        case .face: SampleContents.cardFaceAID
        case .text: SampleContents.inputSupportAID
        case .juki: SampleContents.residentRegisterAID
        }
    }
}

package enum ModelFile {
    package enum Readers {
        case all, nobody
        case after([UInt16])
        case afterAndTerminal(UInt16)
    }

    case binary(size: Int, Readers)
    case records(Readers)
    case number(tries: Int)
    case pin(tries: Int)
    case password(tries: Int)
    case void
    /// A private key: who may sign with it, and what INTERNAL AUTHENTICATE is answered.
    case key(Readers, challenge: UInt16)
    case terminalAuthority
    case unknown
}

package struct ModelPosition: Hashable {
    package let place: ModelPlace
    package let file: UInt16
}

package struct ReferenceModel {
    // swift-format-ignore
    package static let files: [ModelPlace: [UInt16: ModelFile]] = [
        .manager: [0x1E: .unknown],
        .common: [
            0x01: .records(.all), 0x02: .records(.all), 0x19: .key(.nobody, challenge: 0x9000), 0x1C: .pin(tries: 3),
            0x1E: .unknown,
        ],
        .jpki: [
            0x01: .binary(size: 3000, .after([0x1B])), 0x02: .binary(size: 2000, .all), 0x05: .unknown,
            0x06: .binary(size: 160, .all), 0x08: .binary(size: 3, .all), 0x09: .binary(size: 1, .nobody),
            0x0A: .binary(size: 3000, .all), 0x0B: .binary(size: 2000, .all), 0x10: .unknown, 0x16: .terminalAuthority,
            0x17: .key(.after([0x18]), challenge: 0x6982), 0x18: .pin(tries: 3), 0x19: .unknown,
            0x1A: .key(.after([0x1B]), challenge: 0x6982), 0x1B: .password(tries: 5), 0x1C: .unknown, 0x1E: .unknown,
        ],
        .face: [
            0x01: .binary(size: 600, .after([0x11])), 0x02: .binary(size: 24_576, .after([0x12, 0x13])),
            0x03: .binary(size: 512, .all), 0x04: .binary(size: 568, .all), 0x05: .binary(size: 1024, .after([0x13])),
            0x06: .binary(size: 16, .all), 0x11: .number(tries: 10), 0x12: .number(tries: 10), 0x13: .number(tries: 10),
            0x1A: .key(.all, challenge: 0x6985), 0x1C: .unknown, 0x1E: .unknown,
        ],
        .text: [
            0x01: .binary(size: 17, .after([0x11, 0x14])), 0x02: .binary(size: 1024, .after([0x11, 0x15])),
            0x03: .binary(size: 336, .after([0x11, 0x14, 0x15])), 0x04: .binary(size: 568, .all),
            0x05: .binary(size: 256, .all), 0x06: .binary(size: 269, .after([0x11, 0x14, 0x15])),
            0x07: .binary(size: 536, .after([0x11, 0x14, 0x15])), 0x08: .binary(size: 16, .all), 0x10: .unknown,
            0x11: .pin(tries: 3), 0x12: .void, 0x13: .key(.all, challenge: 0x6985), 0x14: .number(tries: 10),
            0x15: .number(tries: 10), 0x1C: .unknown, 0x1E: .unknown,
        ],
        .juki: [0x01: .records(.afterAndTerminal(0x1C)), 0x02: .records(.all), 0x1C: .pin(tries: 3)],
    ]

    package struct Held {
        package var value: [UInt8]
        package var left: Int
        package var top: Int
    }

    package struct Secured {
        var key: [UInt8]
        var counter: UInt64
    }

    // What power off keeps.
    package var held: [ModelPosition: Held] = [:]
    package let binaries: [ModelPosition: [UInt8]]
    package let records: [ModelPosition: [[UInt8]]]
    package let sessionModulus: [UInt8]
    /// Deciphers what SET SESSION KEY brings; `nil` for what is no ciphertext.
    private let openSessionKey: @Sendable ([UInt8]) -> [UInt8]?

    // What it does not.
    package var place = ModelPlace.manager
    package var current: UInt16?
    package var verified: Set<UInt16> = []
    package var terminal = false
    package var challenge: [UInt8]?
    package var secured: Secured?
    /// The next GET CHALLENGE answer is to be remembered.
    private var awaitsChallenge = false

    /// A finished card; its session key is an imitation, unless one says how to open what is sealed for it.
    package init(
        sessionModulus: [UInt8],
        openSessionKey: @escaping @Sendable ([UInt8]) -> [UInt8]? = {
            try? FakeKey(seed: 0).decryptOAEP($0, length: 36).text
        }
    ) {
        self.sessionModulus = sessionModulus
        self.openSessionKey = openSessionKey
        var binaries: [ModelPosition: [UInt8]] = [:]
        var records: [ModelPosition: [[UInt8]]] = [:]
        for application in SampleContents.applications {
            guard let place = ModelPlace.allCases.first(where: { $0.aid == application.aid }) else { continue }
            for (file, bytes) in application.stored {
                let position = ModelPosition(place: place, file: file)
                switch Self.files[place]?[file] {
                case .binary(let size, _):
                    binaries[position] = bytes + [UInt8](repeating: 0xFF, count: size - bytes.count)
                case .records: records[position, default: []].append(bytes)
                case .number(let tries), .pin(let tries), .password(let tries):
                    held[position] = Held(value: bytes, left: tries, top: tries)
                default: break
                }
            }
        }
        binaries[ModelPosition(place: .text, file: 0x06)] =
            [0xA1, 0x82, 0x01, 0x09] + SampleContents.publicKeyObject(sessionModulus)
        self.binaries = binaries
        self.records = records
    }

    package mutating func powerOff() {
        enter(.manager)
        verified = []
        terminal = false
        challenge = nil
    }

    /// Tells the model what the card answered, for what nobody can foretell.
    package mutating func observe(_ answer: Answer) {
        if awaitsChallenge, answer.status == 0x9000 { challenge = answer.data }
        awaitsChallenge = false
    }
}

// MARK: - Parsing and classes

package struct ModelCommand {
    package var cla: UInt8 = 0
    package var ins: UInt8 = 0
    package var p1: UInt8 = 0
    package var p2: UInt8 = 0
    package var data: [UInt8] = []
    package var le: Int?
    package var isWellFormed = true

    /// `nil` when there is no header.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= 4 else { return nil }
        (cla, ins, p1, p2) = (bytes[0], bytes[1], bytes[2], bytes[3])
        let body = Array(bytes.dropFirst(4))
        switch body.count {
        case 0: return
        case 1: le = body[0] == 0 ? 256 : Int(body[0])
        case _ where body[0] != 0:
            let lc = Int(body[0])
            let rest = body.count - 1 - lc
            isWellFormed = rest == 0 || rest == 1
            guard isWellFormed else { return }
            data = Array(body[1..<(1 + lc)])
            if rest == 1 { le = body[1 + lc] == 0 ? 256 : Int(body[1 + lc]) }
        case 2: isWellFormed = false
        case 3: le = Self.extendedLe(body[1], body[2])
        default:
            let lc = Int(body[1]) * 256 + Int(body[2])
            let rest = body.count - 3 - lc
            isWellFormed = lc > 0 && (rest == 0 || rest == 2)
            guard isWellFormed else { return }
            data = Array(body[3..<(3 + lc)])
            if rest == 2 { le = Self.extendedLe(body[3 + lc], body[4 + lc]) }
        }
    }

    private static func extendedLe(_ high: UInt8, _ low: UInt8) -> Int {
        high == 0 && low == 0 ? 65_536 : Int(high) * 256 + Int(low)
    }
}

extension ReferenceModel {
    package mutating func judge(_ bytes: [UInt8]) -> Verdict {
        awaitsChallenge = false
        guard let command = ModelCommand(bytes) else { return Verdict(0x6700) }
        switch command.cla {
        case 0x00, 0x80: break
        case 0x04, 0x08, 0x0C: return judgeSecured(command)
        case 0x10, 0x14, 0x18, 0x1C: return Verdict(0x6884)
        case 0x00...0x1F, 0x40...0x6F: return Verdict(0x6881)
        default: return Verdict(0x6E00)
        }
        guard knows(command.cla, command.ins) else { return Verdict(0x6D00) }
        guard command.isWellFormed else { return Verdict(0x6700) }
        return judgePlain(command)
    }

    private func knows(_ cla: UInt8, _ ins: UInt8) -> Bool {
        switch (cla, ins) {
        case (0x00, 0xA4), (0x00, 0xB0), (0x00, 0xB2), (0x00, 0x20), (0x00, 0x84), (0x00, 0xCA), (0x00, 0x2C): true
        case (_, 0x82), (0x80, 0x54), (0x80, 0xFC): true
        case (0x00, 0x24): place == .jpki || place == .text
        case (0x80, 0x32): place == .common || place == .juki
        case (0x80, 0x2A): place == .jpki || place == .face || place == .text
        case (0x00, 0x88): place != .manager && place != .juki
        case (0x80, 0xAE): place != .manager
        case (0x80, 0x8A), (0x80, 0x06), (0x80, 0x50), (0x80, 0x52): place == .jpki
        case (0x80, 0xE2), (0x80, 0xE4), (0x80, 0xE6), (0x80, 0xE8), (0x80, 0xF0), (0x80, 0xF2): place == .manager
        default: false
        }
    }

    private mutating func judgePlain(_ command: ModelCommand) -> Verdict {
        switch command.ins {
        case 0xA4: select(command)
        case 0xB0: readBinary(command)
        case 0xB2: readRecord(command)
        case 0x20: verify(command)
        case 0x24: command.p1 == 0x01 ? change(command) : Verdict(0x6A86)
        case 0x32: command.p1 == 0x00 ? change(command) : Verdict(0x6A86)
        case 0x2C: unblock(command)
        case 0x54: command.p1 == 0x00 ? replaceValue(command) : Verdict(0x6A86)
        case 0x2A: sign(command)
        case 0x88: internalAuthenticate(command)
        case 0x84: getChallenge(command)
        case 0x82: externalAuthenticate(command)
        case 0xCA: getData(command)
        case 0xAE: setSessionKey(command)
        case 0x8A: Verdict(command.p1 == 0x22 || command.p1 == 0x24 ? 0x6982 : 0x6A86)
        case 0xFC: Verdict(0x6700)
        default: Verdict(0x6982)
        }
    }
}

// MARK: - Files

extension ReferenceModel {
    private mutating func enter(_ new: ModelPlace) {
        if new != place {
            verified = []
            terminal = false
            challenge = nil
        }
        place = new
        current = nil
        secured = nil
    }

    private mutating func select(_ command: ModelCommand) -> Verdict {
        let name = command.data
        switch command.p1 {
        case 0x04:
            guard [0x00, 0x02, 0x0C, 0x0E].contains(command.p2) else { return Verdict(0x6A86) }
            if name.count > 16 { return Verdict(0x6700) }
            if name.isEmpty {
                enter(.manager)
            } else {
                guard name.count >= 5, let found = place(named: name, next: command.p2 & 0x02 != 0) else {
                    return Verdict(0x6A82)
                }
                enter(found)
            }
            guard command.p2 & 0x0C == 0, let le = command.le else { return Verdict(0x9000) }
            let aid = place.aid
            let information = [0x6F, UInt8(aid.count + 4), 0x84, UInt8(aid.count)] + aid + [0xA5, 0x00]
            return Verdict(0x9000, .exactly(Array(information.prefix(le))))
        case 0x02:
            guard command.p2 == 0x00 || command.p2 == 0x0C else { return Verdict(0x6A86) }
            guard name.count == 2 else { return Verdict(0x6700) }
            let id = UInt16(name[0]) * 256 + UInt16(name[1])
            guard Self.files[place]?[id] != nil else { return Verdict(0x6A82) }
            current = id
            guard command.p2 == 0x00, let le = command.le else { return Verdict(0x9000) }
            let information = [0x6F, 0x04, 0x83, 0x02] + name
            return Verdict(0x9000, .exactly(Array(information.prefix(le))))
        case 0x00:
            guard command.p2 == 0x00 || command.p2 == 0x0C else { return Verdict(0x6A86) }
            if name.isEmpty { return Verdict(place == .manager ? 0x6A86 : 0x9000) }
            return Verdict(name.count == 2 ? 0x6A82 : 0x6700)
        default:
            return Verdict(0x6A86)
        }
    }

    private func place(named name: [UInt8], next: Bool) -> ModelPlace? {
        let matches = ModelPlace.allCases.filter { $0.aid.starts(with: name) }
        if next, matches.contains(place) {
            // At the end there is no next (ISO/IEC 7816-4, 11.2.2): 6A82.
            return matches.first { $0.rawValue > place.rawValue }
        }
        return matches.first
    }

    private func satisfied(_ readers: ModelFile.Readers) -> Bool {
        switch readers {
        case .all: true
        case .nobody: false
        case .after(let files): files.contains { verified.contains($0) }
        case .afterAndTerminal(let file): verified.contains(file) && terminal
        }
    }

    /// The file meant by a short identifier, 0 for the current one; a verdict when there is none.
    private func find(_ short: UInt8) -> (id: UInt16, file: ModelFile, refusal: Verdict?) {
        if short == 0 {
            guard let current, let file = Self.files[place]?[current] else { return (0, .unknown, Verdict(0x6986)) }
            return (current, file, nil)
        }
        guard let file = Self.files[place]?[UInt16(short)] else { return (0, .unknown, Verdict(0x6A82)) }
        return (UInt16(short), file, nil)
    }

    private mutating func readBinary(_ command: ModelCommand) -> Verdict {
        let isShort = command.p1 & 0x80 != 0
        if isShort, command.p1 & 0x60 != 0 || command.p1 & 0x1F == 0 { return Verdict(0x6A86) }
        guard command.data.isEmpty, let le = command.le else { return Verdict(0x6700) }
        return read(
            isShort ? command.p1 & 0x1F : 0,
            at: isShort ? Int(command.p2) : Int(command.p1) * 256 + Int(command.p2),
            count: le
        )
    }

    private mutating func read(_ short: UInt8, at offset: Int, count: Int) -> Verdict {
        let (id, file, refusal) = find(short)
        if let refusal { return refusal }
        guard case .binary(_, let readers) = file else { return Verdict(0x6981) }
        guard satisfied(readers) else { return Verdict(0x6982) }
        let bytes = binaries[ModelPosition(place: place, file: id)] ?? []
        guard offset < bytes.count else { return Verdict(0x6B00) }
        current = id
        return Verdict(0x9000, .exactly(Array(bytes.dropFirst(offset).prefix(count))))
    }

    private mutating func readRecord(_ command: ModelCommand) -> Verdict {
        switch command.p2 & 0x07 {
        case 4: break
        case 5: return Verdict(0x6A81)
        default: return Verdict(0x6A86)
        }
        guard command.data.isEmpty, let le = command.le else { return Verdict(0x6700) }
        let (id, file, refusal) = find(command.p2 >> 3)
        if let refusal { return refusal }
        guard case .records(let readers) = file else { return Verdict(0x6981) }
        guard satisfied(readers) else { return Verdict(0x6982) }
        let all = records[ModelPosition(place: place, file: id)] ?? []
        guard command.p1 >= 1, command.p1 <= all.count else { return Verdict(0x6A83) }
        current = id
        return Verdict(0x9000, .exactly(Array(all[Int(command.p1) - 1].prefix(le))))
    }

    private func getData(_ command: ModelCommand) -> Verdict {
        guard command.data.isEmpty, let le = command.le else { return Verdict(0x6700) }
        let tag = UInt16(command.p1) * 256 + UInt16(command.p2)
        guard let object = SampleContents.dataObjects.first(where: { $0.tag == tag }) else { return Verdict(0x6A88) }
        guard place == .manager || tag == 0x5F51 else { return Verdict(0x6A88) }
        return le < object.bytes.count ? Verdict(0x6700) : Verdict(0x9000, .exactly(object.bytes))
    }
}

// MARK: - Values that are compared

extension ReferenceModel {
    /// `0` for the current file; `nil` for a P2 that means nothing.
    private func short(_ p2: UInt8) -> UInt8? { p2 & 0xE0 == 0x80 ? p2 & 0x1F : nil }

    /// Where a value is kept: the common application's PIN is the resident register's.
    private func home(_ file: UInt16) -> ModelPosition {
        ModelPosition(place: place == .common && file == 0x1C ? .juki : place, file: file)
    }

    private mutating func verify(_ command: ModelCommand) -> Verdict {
        guard command.p1 == 0, let short = short(command.p2) else { return Verdict(0x6A86) }
        guard command.data.count <= 16 else { return Verdict(0x6700) }
        return compare(short, command.data)
    }

    private mutating func compare(_ short: UInt8, _ value: [UInt8]) -> Verdict {
        let (id, file, refusal) = find(short)
        if let refusal { return refusal }
        switch file {
        case .number, .pin, .password: break
        case .void: return Verdict(value.isEmpty ? 0x63C0 : 0x6984)
        case .unknown: return Verdict(0x6985)
        case .binary, .records, .key, .terminalAuthority: return Verdict(0x6981)
        }
        let home = home(id)
        guard var held = held[home] else { return Verdict(value.isEmpty ? 0x63C0 : 0x6984) }
        if value.isEmpty { return Verdict(0x63C0 + UInt16(held.left)) }
        guard held.left > 0 else { return Verdict(0x6984) }
        let isRight = held.value == value
        held.left = isRight ? held.top : held.left - 1
        self.held[home] = held
        if isRight { verified.insert(id) } else { verified.remove(id) }
        return Verdict(isRight ? 0x9000 : 0x63C0 + UInt16(held.left))
    }

    private func isSound(_ value: [UInt8], for file: ModelFile) -> Bool {
        switch file {
        case .pin: value.count == 4 && value.allSatisfy { (0x30...0x39).contains($0) }
        case .password:
            (6...16).contains(value.count)
                && value.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
        default: false
        }
    }

    private mutating func change(_ command: ModelCommand) -> Verdict {
        guard let short = short(command.p2) else { return Verdict(0x6A86) }
        guard (1...16).contains(command.data.count) else { return Verdict(0x6700) }
        let (id, file, refusal) = find(short)
        if let refusal { return refusal }
        switch file {
        case .pin, .password: break
        case .number, .void: return Verdict(0x6982)
        case .unknown: return Verdict(0x6985)
        case .binary, .records, .key, .terminalAuthority: return Verdict(0x6981)
        }
        guard verified.contains(id) else { return Verdict(0x6982) }
        guard isSound(command.data, for: file) else { return Verdict(0x6A80) }
        give(id, command.data)
        return Verdict(0x9000)
    }

    private mutating func unblock(_ command: ModelCommand) -> Verdict {
        switch command.p1 {
        case 0x02: return replaceValue(command)
        case 0x03: break
        default: return Verdict(0x6A86)
        }
        guard let short = short(command.p2) else { return Verdict(0x6A86) }
        guard command.data.isEmpty else { return Verdict(0x6700) }
        let (id, refusal) = unblockable(short)
        if let refusal { return refusal }
        give(id, nil)
        // U2: what was proved before the terminal stepped in is void.
        verified.remove(id)
        return Verdict(0x9000)
    }

    /// All tries, and perhaps a new value.
    private mutating func give(_ file: UInt16, _ value: [UInt8]?) {
        let home = home(file)
        guard var held = held[home] else { return }
        held.left = held.top
        if let value { held.value = value }
        self.held[home] = held
    }

    private mutating func replaceValue(_ command: ModelCommand) -> Verdict {
        guard let short = short(command.p2) else { return Verdict(0x6A86) }
        guard (1...16).contains(command.data.count) else { return Verdict(0x6700) }
        let (id, refusal) = unblockable(short)
        if let refusal { return refusal }
        guard let file = Self.files[place]?[id] else { return Verdict(0x6A82) }
        if case .number = file { return Verdict(0x6985) }
        guard isSound(command.data, for: file) else { return Verdict(0x6A80) }
        give(id, command.data)
        verified.remove(id)
        return Verdict(0x9000)
    }

    private func unblockable(_ short: UInt8) -> (UInt16, Verdict?) {
        let (id, file, refusal) = find(short)
        if let refusal { return (id, refusal) }
        switch file {
        case .number, .pin, .password: return (id, terminal ? nil : Verdict(0x6982))
        // U2 asks for the terminal first; what the terminal is then told of a file blocked from issue is not said.
        case .void: return (id, terminal ? Verdict(0x6982, 0x6985) : Verdict(0x6982))
        case .unknown: return (id, Verdict(0x6985))
        case .binary, .records, .key, .terminalAuthority: return (id, Verdict(0x6981))
        }
    }
}

// MARK: - Keys and terminals

extension ReferenceModel {
    private func sign(_ command: ModelCommand) -> Verdict {
        guard command.p1 <= 5 else { return Verdict(0x6A86) }
        guard command.p2 == 0 || short(command.p2) != nil else { return Verdict(0x6A86) }
        let isWrongBody =
            command.p1 == 0 && command.data.count > 245 || [2, 4].contains(command.p1) && command.data.count != 32
        guard !command.data.isEmpty, let le = command.le, le >= 256 else {
            // With both lengths wrong, either may be complained of.
            return isWrongBody ? Verdict(0x6700, 0x6985) : Verdict(0x6700)
        }
        if isWrongBody { return Verdict(0x6985) }
        let file: ModelFile
        if command.p2 == 0 {
            switch place {
            case .face: file = .key(.all, challenge: 0x6985)
            case .text: file = .key(.all, challenge: 0x6985)
            default: return Verdict(0x6A88)
            }
        } else {
            let found = find(command.p2 & 0x1F)
            if let refusal = found.refusal { return refusal }
            file = found.file
        }
        switch file {
        case .key(let signers, _):
            return satisfied(signers) ? Verdict(0x9000, .length(256)) : Verdict(0x6982)
        case .binary, .records: return Verdict(0x6981)
        case .number, .pin, .password, .void, .terminalAuthority, .unknown: return Verdict(0x6985)
        }
    }

    private func internalAuthenticate(_ command: ModelCommand) -> Verdict {
        guard command.p1 == 0, let short = short(command.p2) else { return Verdict(0x6A86) }
        guard (1...255).contains(command.data.count), let le = command.le, le >= 256 else { return Verdict(0x6700) }
        let (_, file, refusal) = find(short)
        if let refusal { return refusal }
        switch file {
        case .key(_, let status): return status == 0x9000 ? Verdict(0x9000, .length(256)) : Verdict(status)
        case .binary, .records: return Verdict(0x6981)
        case .number, .pin, .password, .void, .terminalAuthority, .unknown: return Verdict(0x6985)
        }
    }

    private mutating func getChallenge(_ command: ModelCommand) -> Verdict {
        guard command.p1 == 0, command.p2 == 0 else { return Verdict(0x6A86) }
        guard command.data.isEmpty, let le = command.le else { return Verdict(0x6700) }
        guard le <= 256 else { return Verdict(0x6985) }
        challenge = nil
        awaitsChallenge = le == 16
        return Verdict(0x9000, .length(le))
    }

    private mutating func externalAuthenticate(_ command: ModelCommand) -> Verdict {
        guard command.p1 == 0, command.p2 == 0 else { return Verdict(0x6A86) }
        guard command.data.count == 32 else { return Verdict(0x6700) }
        guard let given = challenge else { return Verdict(0x6985) }
        challenge = nil
        // A wrong answer takes an earlier right one back, as with a PIN (U7).
        terminal = command.data == hmac(SampleContents.terminalKey, given)
        guard terminal else { return Verdict(0x6300) }
        return Verdict(0x9000)
    }

    private mutating func setSessionKey(_ command: ModelCommand) -> Verdict {
        guard command.p1 == 0, command.p2 == 0 else { return Verdict(0x6A86) }
        guard command.data.count == 256 else { return Verdict(0x6700) }
        switch place {
        case .common, .face: return Verdict(0x66F1)
        case .jpki, .juki, .manager: return Verdict(0x6982)
        case .text: break
        }
        guard verified.contains(0x11) else { return Verdict(0x6982) }
        guard command.data.lexicographicallyPrecedes(sessionModulus) else { return Verdict(0x6F00) }
        guard let plain = openSessionKey(command.data), plain.count == 36,
            plain.starts(with: [0xA0, 0x22, 0x80, 0x20])
        else { return Verdict(0x6A80) }
        secured = Secured(key: Array(plain[4..<20]), counter: 0)
        return Verdict(0x9000)
    }
}

// MARK: - Secure messaging

extension ReferenceModel {
    private mutating func judgeSecured(_ command: ModelCommand) -> Verdict {
        let known: Set<UInt8> = [0xA4, 0x20, 0xB0]
        guard var session = secured else {
            switch command.ins {
            case 0x20, 0xB0: return Verdict(0x69FC)
            case 0xA4: return Verdict(place == .text ? 0x69FC : 0x6882)
            default: return Verdict(0x6882)
            }
        }
        if command.cla == 0x0C { return Verdict(0x6987) }
        if command.cla == 0x04 { return Verdict(0x6882) }
        // Class and instruction are judged even when the lengths are wrong; such a command is not counted.
        guard command.isWellFormed else { return known.contains(command.ins) ? Verdict(0x6700) : Verdict(0x6882) }
        session.counter += 1
        secured = session
        guard known.contains(command.ins) else { return Verdict(0x6882) }
        return judgeSecured(command, session)
    }

    private mutating func judgeSecured(_ command: ModelCommand, _ session: Secured) -> Verdict {
        if command.ins == 0xB0 {
            // Lengths come before the objects.
            guard let room = command.le else { return Verdict(0x6700) }
            let before = current
            guard !command.data.isEmpty else { return Verdict(0x6987) }
            guard command.data.count == 5, command.data.starts(with: [0x96, 0x03, 0x00]) else { return broken() }
            let wanted = Int(command.data[3]) * 256 + Int(command.data[4])
            let isShort = command.p1 & 0x80 != 0
            if isShort, command.p1 & 0x60 != 0 || command.p1 & 0x1F == 0 { return Verdict(0x6A86) }
            let verdict = read(
                isShort ? command.p1 & 0x1F : 0,
                at: isShort ? Int(command.p2) : Int(command.p1) * 256 + Int(command.p2),
                count: wanted == 0 ? 65_536 : wanted
            )
            guard case .exactly(let bytes) = verdict.data else { return verdict }
            // 86, a length of one or of three bytes, 01, and the padded bytes.
            let enciphered = 1 + (bytes.count / 16 + 1) * 16
            guard enciphered + (enciphered < 0x80 ? 2 : 4) <= room else {
                current = before
                return Verdict(0x6700)
            }
            return Verdict(0x9000, .secured(bytes, key: session.key, counter: session.counter))
        }
        // Only a file can be selected under secure messaging.
        if command.ins == 0xA4, command.p1 != 0x02 { return Verdict(0x6882) }
        guard !command.data.isEmpty else { return Verdict(0x6987) }
        guard let plain = SecuredBytes.opened(command.data, key: session.key, counter: session.counter) else {
            return broken()
        }
        if command.ins == 0x20 {
            guard command.p1 == 0, let short = short(command.p2) else { return Verdict(0x6A86) }
            guard (1...16).contains(plain.count) else { return Verdict(0x6700) }
            return compare(short, plain)
        }
        guard command.p2 == 0x0C else { return Verdict(0x6A86, 0x6882) }
        guard plain.count == 2 else { return Verdict(0x6700) }
        let id = UInt16(plain[0]) * 256 + UInt16(plain[1])
        guard Self.files[place]?[id] != nil else { return Verdict(0x6A82) }
        current = id
        return Verdict(0x9000)
    }

    private mutating func broken() -> Verdict {
        secured = nil
        return Verdict(0x6988)
    }
}

/// The terminal's half of secure messaging: objects `86 L 01 <AES-128-CBC>` whose vector is the enciphered counter.
package enum SecuredBytes {
    package static func sealed(_ plain: [UInt8], key: [UInt8], counter: UInt64) -> [UInt8] {
        var padded = plain + [0x80]
        while !padded.count.isMultiple(of: 16) { padded.append(0x00) }
        let body = [0x01] + cipher(.encrypt, padded, key: key, counter: counter)
        let length =
            body.count < 0x80
            ? [UInt8(body.count)]
            : body.count < 0x100
                ? [0x81, UInt8(body.count)] : [0x82, UInt8(body.count >> 8), UInt8(body.count & 0xFF)]
        return [0x86] + length + body
    }

    /// `nil` when the object, its length or its padding is wrong.
    package static func opened(_ object: [UInt8], key: [UInt8], counter: UInt64) -> [UInt8]? {
        guard object.count >= 2, object[0] == 0x86 else { return nil }
        let head: Int
        let length: Int
        switch object[1] {
        case ..<0x80: (head, length) = (2, Int(object[1]))
        case 0x81 where object.count >= 3: (head, length) = (3, Int(object[2]))
        case 0x82 where object.count >= 4: (head, length) = (4, Int(object[2]) * 256 + Int(object[3]))
        default: return nil
        }
        guard object.count == head + length, length > 1, object[head] == 0x01 else { return nil }
        let enciphered = Array(object.dropFirst(head + 1))
        guard enciphered.count.isMultiple(of: 16) else { return nil }
        var plain = cipher(.decrypt, enciphered, key: key, counter: counter)
        var zeros = 0
        while plain.last == 0x00 {
            plain.removeLast()
            zeros += 1
        }
        guard plain.popLast() == 0x80, zeros < 16 else { return nil }
        return plain
    }

    private static func cipher(_ direction: CipherDirection, _ bytes: [UInt8], key: [UInt8], counter: UInt64) -> [UInt8]
    {
        let library = OpenSSLCryptography()
        let block =
            [UInt8](repeating: 0, count: 8) + (0..<8).map { UInt8(truncatingIfNeeded: counter >> (56 - 8 * $0)) }
        let zero = [UInt8](repeating: 0, count: 16)
        guard let vector = try? library.aesCBC(.encrypt, key: key, iv: zero, block),
            let result = try? library.aesCBC(direction, key: key, iv: vector, bytes)
        else { preconditionFailure("the library has no AES") }
        return result
    }
}
