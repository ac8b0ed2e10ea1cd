import Testing
import VPCD

/// Frames of the virtual reader's wire: a 16-bit big-endian length and that many bytes.
@Suite struct `Frames from the virtual reader` {
    private static func frame(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes
    }

    private static let select: [UInt8] = [0x00, 0xA4, 0x04, 0x0C, 0x02, 0xD3, 0x92]
    private static let dialogue: [(bytes: [UInt8], message: VPCDMessage?)] = [
        ([0x01], .powerOn), ([], nil), ([0x04], .answerToReset), (select, .command(select)), ([0x02], .reset),
        ([0x00, 0x20, 0x00, 0x80], .command([0x00, 0x20, 0x00, 0x80])), ([0x00], .powerOff), ([], nil),
        ([0x01], .powerOn),
    ]
    private static let stream = dialogue.flatMap { frame($0.bytes) }
    private static let messages = dialogue.compactMap(\.message)

    private func messages(_ parts: [ArraySlice<UInt8>]) -> [VPCDMessage] {
        var decoder = VPCDDecoder()
        var found: [VPCDMessage] = []
        for part in parts {
            decoder.append(part)
            while let message = decoder.next() { found.append(message) }
        }
        return found
    }

    @Test func `are read one after the other when they come in one piece`() {
        #expect(messages([Self.stream[...]]) == Self.messages)
    }

    @Test func `are read when they come byte by byte`() {
        #expect(messages(Self.stream.indices.map { Self.stream[$0...$0] }) == Self.messages)
    }

    @Test(arguments: 0...stream.count) func `are read when they come in two pieces, wherever the cut`(cut: Int) {
        #expect(messages([Self.stream[..<cut], Self.stream[cut...]]) == Self.messages)
    }

    @Test func `are not given out before their last byte has come`() {
        for end in Self.frame(Self.select).indices {
            #expect(messages([Self.frame(Self.select)[..<end]]).isEmpty)
        }
    }

    @Test(
        arguments: [(0x00, .powerOff), (0x01, .powerOn), (0x02, .reset), (0x04, .answerToReset)]
            as [(UInt8, VPCDMessage)]
    )
    func `of one byte are what the reader does to the card`(value: UInt8, message: VPCDMessage) {
        #expect(messages([[0x00, 0x01, value]]) == [message])
    }

    @Test(arguments: [0x03, 0x05, 0x07, 0x80, 0xFF] as [UInt8])
    func `of one byte that mean nothing are commands to be answered`(value: UInt8) {
        #expect(messages([[0x00, 0x01, value]]) == [.command([value])])
    }

    @Test(arguments: [0x00, 0x01, 0x02, 0x04] as [UInt8])
    func `of two bytes are commands whatever they hold`(value: UInt8) {
        #expect(messages([[0x00, 0x02, value, value]]) == [.command([value, value])])
    }

    @Test func `without bytes mean nothing, however many`() {
        #expect(messages([[UInt8](repeating: 0, count: 2000)[...]]).isEmpty)
        #expect(messages([[UInt8](repeating: 0, count: 2000) + [0x00, 0x01, 0x01]]) == [.powerOn])
    }

    @Test func `may be as long as a length can say`() {
        let command = (0..<65_535).map { UInt8(truncatingIfNeeded: $0) }
        let bytes = Self.frame(command) + Self.frame([0x02])
        #expect(messages([bytes[..<40_000], bytes[40_000..<65_536], bytes[65_536...]]) == [.command(command), .reset])
    }

    @Test func `are written for answers in one piece, header first`() {
        #expect(VPCDDecoder.frame([0x90, 0x00]) == [0x00, 0x02, 0x90, 0x00])
        let longest = [UInt8](repeating: 0x61, count: 65_535)
        #expect(VPCDDecoder.frame(longest) == [0xFF, 0xFF] + longest)
    }

    @Test func `taken from a slice in the middle of other bytes are read alike`() {
        let surrounded = [0xAA, 0xAA, 0xAA] + Self.stream + [0xBB]
        #expect(messages([surrounded[3..<(3 + Self.stream.count)]]) == Self.messages)
    }

    @Test func `do not pile up when a reader never stops at the end of one`() {
        var decoder = VPCDDecoder()
        // Each piece ends one byte into the next frame, so that something always waits.
        let piece = Array(repeating: Self.frame(Self.select), count: 100).flatMap { $0 }
        decoder.append([piece[0]])
        var found = 0
        for _ in 0..<1_000 {
            decoder.append((piece.dropFirst() + piece.prefix(1))[...])
            while decoder.next() != nil { found += 1 }
            #expect(decoder.heldBytes < 2 * 65_537)
        }
        #expect(found == 100_000)
    }
}
