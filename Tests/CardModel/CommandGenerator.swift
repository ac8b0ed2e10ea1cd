import CardTesting

/// Random commands that look enough like real ones to reach the depths of the card.
///
/// It may look into the model for what a real terminal would know: the challenge, the session key, today's PIN.
package struct CommandGenerator {
    package enum Event {
        case command([UInt8])
        case powerOff
        case reset
    }

    private var random: SeededGenerator
    private var queue: [[UInt8]] = []

    /// What a session key is sealed with; `nil` where that fails.
    private let sealSessionKey: ([UInt8]) -> [UInt8]?

    package init(seed: UInt64, sealSessionKey: @escaping ([UInt8]) -> [UInt8]? = FakeKey.sealed) {
        random = SeededGenerator(seed: seed)
        self.sealSessionKey = sealSessionKey
    }

    package mutating func next(_ model: ReferenceModel) -> Event {
        if !queue.isEmpty {
            let command = queue.removeFirst()
            return .command(random.once(in: 60) ? mutated(command) : command)
        }
        switch random.below(1000) {
        case 0..<4: return .powerOff
        case 4..<6: return .reset
        case 6..<560: return .command(sensible(model))
        case 560..<780: return .command(mutated(sensible(model)))
        case 780..<970: return .command(assembled())
        default: return .command(random.bytes(random.below(24)))
        }
    }

    // MARK: - What a terminal would send

    private mutating func sensible(_ model: ReferenceModel) -> [UInt8] {
        if model.secured != nil, !random.once(in: 4) { return secured(model) }
        switch random.below(100) {
        case 0..<12: return selectApplication()
        case 12..<26: return selectFile(random.once(in: 8) ? random.byte() : existingFile(model))
        case 26..<42: return verify(model)
        case 42..<58: return readBinary(model)
        case 58..<63: return [0x00, 0xB2, UInt8(random.below(4)), UInt8(random.below(4)) << 3 | 4, le()]
        case 63..<70: return signature(model)
        case 70..<73:
            return commandBytes([0x00, 0x88, 0x00, reference(model)], random.bytes(1 + random.below(255)), le: 256)
        case 73..<76: return [0x00, 0x84, 0x00, 0x00, random.once(in: 3) ? le() : 0x10]
        case 76..<81: return authenticate(model)
        case 81..<85: return change(model)
        case 85..<89: return unblock(model)
        case 89..<93: return getData()
        case 93..<97: return openSession(model)
        default: return commandBytes([0x80, random.one(of: [0x8A, 0x06, 0x50, 0x52, 0xFC, 0xE2, 0xF2]), 0x22, 0], [])
        }
    }

    private mutating func selectApplication() -> [UInt8] {
        var aid = random.one(of: ModelPlace.allCases).aid
        if random.once(in: 5) { aid = Array(aid.prefix(random.below(aid.count) + 1)) }
        if random.once(in: 12) { aid = [] }
        if random.once(in: 20) { aid += random.bytes(1 + random.below(8)) }
        let p2 = random.once(in: 4) ? random.one(of: [0x00, 0x02, 0x0E] as [UInt8]) : 0x0C
        return commandBytes([0x00, 0xA4, 0x04, p2], aid, le: random.once(in: 4) ? random.one(of: [256, 12, 5]) : nil)
    }

    private mutating func existingFile(_ model: ReferenceModel) -> UInt8 {
        let ids = ReferenceModel.files[model.place]?.keys.sorted() ?? [1]
        return UInt8(random.one(of: ids))
    }

    private mutating func selectFile(_ id: UInt8) -> [UInt8] {
        let p2: UInt8 = random.once(in: 6) ? 0x00 : 0x0C
        return commandBytes([0x00, 0xA4, 0x02, p2], [0x00, id], le: random.once(in: 6) ? 256 : nil)
    }

    /// `80`, or `80` with a file of this application.
    private mutating func reference(_ model: ReferenceModel) -> UInt8 {
        random.once(in: 3) ? 0x80 : 0x80 | existingFile(model)
    }

    private mutating func verify(_ model: ReferenceModel) -> [UInt8] {
        let held = model.held.filter { $0.key.place == model.place }.sorted { $0.key.file < $1.key.file }
        guard !held.isEmpty, !random.once(in: 6) else {
            let value = random.once(in: 2) ? [] : random.bytes(1 + random.below(17))
            return commandBytes([0x00, 0x20, 0x00, reference(model)], value, le: random.once(in: 5) ? 256 : nil)
        }
        let (position, state) = random.one(of: held)
        var value = state.value
        if random.once(in: 5) { value[random.below(value.count)] ^= 1 }
        if random.once(in: 8) { value = [] }
        return commandBytes([0x00, 0x20, 0x00, 0x80 | UInt8(position.file)], value)
    }

    private mutating func readBinary(_ model: ReferenceModel) -> [UInt8] {
        let isShort = random.once(in: 2)
        let p1 = isShort ? 0x80 | existingFile(model) : UInt8(random.below(random.once(in: 3) ? 128 : 3))
        let header = [0x00, 0xB0, p1, random.once(in: 2) ? 0 : random.byte()]
        switch random.below(4) {
        case 0: return header + [0, 0, 0]
        case 1: return header + [0] + [UInt8(random.below(16)), random.byte()]
        default: return header + [le()]
        }
    }

    private mutating func signature(_ model: ReferenceModel) -> [UInt8] {
        let form = UInt8(random.below(7))
        let count = random.once(in: 2) ? 32 : random.once(in: 6) ? 240 + random.below(20) : 1 + random.below(80)
        let p2 = random.once(in: 4) ? 0x00 : reference(model)
        return commandBytes([0x80, 0x2A, form, p2], random.bytes(count), le: random.once(in: 10) ? 255 : 256)
    }

    private mutating func authenticate(_ model: ReferenceModel) -> [UInt8] {
        guard let challenge = model.challenge else {
            return [0x00, 0x84, 0x00, 0x00, 0x10]
        }
        var answer = hmac(SampleContents.terminalKey, challenge)
        if random.once(in: 4) { answer[random.below(32)] ^= 1 }
        return commandBytes([random.once(in: 2) ? 0x00 : 0x80, 0x82, 0x00, 0x00], answer)
    }

    private mutating func newValue() -> [UInt8] {
        switch random.below(8) {
        case 0: random.bytes(1 + random.below(17))
        case 1: Array("abc123".utf8)
        case 2: Array("12345".utf8)
        case 3, 4: Array("ABC12\(random.below(10))".utf8)
        default: Array("123\(random.below(10))".utf8)
        }
    }

    private mutating func change(_ model: ReferenceModel) -> [UInt8] {
        let header: [UInt8] = random.once(in: 2) ? [0x00, 0x24, 0x01] : [0x80, 0x32, 0x00]
        return commandBytes(header + [reference(model)], newValue())
    }

    private mutating func unblock(_ model: ReferenceModel) -> [UInt8] {
        let file = reference(model)
        switch random.below(3) {
        case 0: return commandBytes([0x00, 0x2C, 0x02, file], newValue())
        case 1: return commandBytes([0x80, 0x54, 0x00, file], newValue())
        default: return [0x00, 0x2C, 0x03, file]
        }
    }

    private mutating func getData() -> [UInt8] {
        let tag = random.once(in: 4) ? UInt16(random.byte()) : random.one(of: SampleContents.dataObjects).tag
        let header = [0x00, 0xCA, UInt8(tag >> 8), UInt8(tag & 0xFF)]
        return random.once(in: 2) ? header + [le()] : header + [0, 0, 0]
    }

    private mutating func openSession(_ model: ReferenceModel) -> [UInt8] {
        let plain: [UInt8] = [0xA0, 0x22, random.once(in: 8) ? 0x81 : 0x80, 0x20] + random.bytes(32)
        var sealed = sealSessionKey(plain) ?? plain
        if random.once(in: 10) { sealed = [0xFF] + sealed.dropFirst() }
        if model.place == .text, !model.verified.contains(0x11), !random.once(in: 4) {
            let pin = model.held[ModelPosition(place: .text, file: 0x11)]?.value ?? []
            queue = [commandBytes([0x80, 0xAE, 0x00, 0x00], sealed)]
            return commandBytes([0x00, 0x20, 0x00, 0x91], pin)
        }
        return commandBytes([0x80, 0xAE, 0x00, 0x00], sealed)
    }

    private mutating func secured(_ model: ReferenceModel) -> [UInt8] {
        guard let session = model.secured else { return [] }
        let counter = session.counter + (random.once(in: 20) ? 2 : 1)
        switch random.below(4) {
        case 0:
            let data = SecuredBytes.sealed([0x00, existingFile(model)], key: session.key, counter: counter)
            return commandBytes([0x08, 0xA4, 0x02, 0x0C], data)
        case 1:
            let held = model.held.filter { $0.key.place == model.place }.sorted { $0.key.file < $1.key.file }
            let (position, state) = random.one(of: held)
            let value = random.once(in: 4) ? [0x39] : state.value
            let data = SecuredBytes.sealed(value, key: session.key, counter: counter)
            return commandBytes([0x08, 0x20, 0x00, 0x80 | UInt8(position.file)], data)
        default:
            let count: [UInt8] = random.once(in: 2) ? [0, 0] : [UInt8(random.below(2)), random.byte()]
            return commandBytes(
                [0x08, 0xB0, 0x80 | existingFile(model), 0x00],
                [0x96, 0x03, 0x00] + count,
                le: 65_536
            )
        }
    }

    // MARK: - What a terminal would not

    private mutating func le() -> UInt8 { random.once(in: 2) ? 0 : random.byte() }

    private mutating func mutated(_ command: [UInt8]) -> [UInt8] {
        var out = command
        guard !out.isEmpty else { return [random.byte()] }
        switch random.below(9) {
        case 0: out[0] = random.one(of: [0x00, 0x80, 0x01, 0x04, 0x08, 0x0C, 0x10, 0x13, 0x20, 0x41, 0xA0, 0xFF])
        case 1: out[0] = random.byte()
        case 2: out[min(1, out.count - 1)] = random.byte()
        case 3: out[min(2, out.count - 1)] ^= 1 << UInt8(random.below(8))
        case 4: out[min(3, out.count - 1)] ^= 1 << UInt8(random.below(8))
        case 5: out.removeLast(random.below(out.count))
        case 6: out += random.bytes(1 + random.below(3))
        case 7: out.append(0x00)
        default:
            // Bytes of a cryptogram stay as they are: whether a changed one opens is chance, not knowledge.
            out[random.below(min(out.count, 5))] = random.byte()
        }
        return out
    }

    private mutating func assembled() -> [UInt8] {
        let known: [UInt8] = [
            0xA4, 0xB0, 0xB2, 0x20, 0x24, 0x2A, 0x2C, 0x32, 0x54, 0x82, 0x84, 0x88, 0xA2, 0xAE, 0xC0, 0xCA, 0xCB, 0x70,
            0x22, 0xB1, 0xD6, 0x06, 0x50, 0x52, 0x8A, 0xE2, 0xE4, 0xE6, 0xE8, 0xF0, 0xF2, 0xFC, 0x47, 0x60, 0x90,
        ]
        let header: [UInt8] = [
            random.once(in: 6) ? random.byte() : random.one(of: [0x00, 0x80, 0x00, 0x80, 0x08]),
            random.once(in: 8) ? random.byte() : random.one(of: known),
            random.one(of: [0x00, 0x01, 0x02, 0x03, 0x04, 0x80, random.byte()]),
            random.one(of: [0x00, 0x0C, 0x80, 0x04, 0x81, 0x91, 0x9C, random.byte()]),
        ]
        let count = random.once(in: 3) ? 0 : random.once(in: 20) ? random.below(600) : random.below(40)
        let wanted: Int? = random.once(in: 2) ? nil : random.one(of: [256, 1, 65_536, 300, 16, 1 + random.below(255)])
        return commandBytes(header, random.bytes(count), le: wanted)
    }
}
