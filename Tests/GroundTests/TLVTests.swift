import TLV
import Testing

@Suite struct `Reading data objects` {
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let object: DataObject
    }

    static let examples = [
        Example(testDescription: "short length", bytes: [0x90, 0x03, 1, 0, 1], object: DataObject(0x90, [1, 0, 1])),
        Example(testDescription: "empty", bytes: [0x80, 0x00], object: DataObject(0x80, [])),
        Example(testDescription: "two bytes of tag", bytes: [0xDF, 0x25, 1, 0x32], object: DataObject(0xDF25, [0x32])),
        Example(testDescription: "three bytes of tag", bytes: [0xDF, 0x81, 0x01, 0], object: DataObject(0xDF8101, [])),
        Example(
            testDescription: "four bytes of tag",
            bytes: [0xDF, 0x81, 0x81, 1, 0],
            object: DataObject(0xDF81_8101, [])
        ),
        Example(
            testDescription: "81 where one byte would do",
            bytes: [0x80, 0x81, 1, 7],
            object: DataObject(0x80, [7])
        ),
        Example(
            testDescription: "82 where one byte would do",
            bytes: [0x80, 0x82, 0, 1, 7],
            object: DataObject(0x80, [7])
        ),
        Example(
            testDescription: "83 where one byte would do",
            bytes: [0x80, 0x83, 0, 0, 1, 7],
            object: DataObject(0x80, [7])
        ),
        Example(
            testDescription: "82 as the card writes it",
            bytes: [0x91, 0x82, 1, 0] + [UInt8](repeating: 5, count: 256),
            object: DataObject(0x91, [UInt8](repeating: 5, count: 256))
        ),
    ]

    @Test(arguments: examples) func `takes every form of tag and length, also longer than needed`(example: Example)
        throws
    {
        var reader = TLVReader(example.bytes + [0xFF, 0xFF])
        #expect(try reader.next() == example.object)
        #expect(reader.position == example.bytes.count)
    }

    @Test(arguments: examples) func `finds an object that was cut off anywhere`(example: Example) {
        for count in 0..<example.bytes.count {
            var reader = TLVReader(Array(example.bytes.prefix(count)))
            #expect(throws: TLVError.self) { try reader.next() }
        }
    }

    static let refused: [(String, [UInt8], TLVError)] = [
        ("nothing", [], .truncated(at: 0)),
        ("half a tag", [0xDF], .truncated(at: 0)),
        ("no length", [0x80], .truncated(at: 0)),
        ("half a length", [0x80, 0x82, 0x01], .truncated(at: 0)),
        ("a value one byte short", [0x80, 0x02, 0x01], .lengthBeyondEnd(at: 0)),
        ("a length beyond the end", [0x80, 0x83, 0xFF, 0xFF, 0xFF, 0x00], .lengthBeyondEnd(at: 0)),
        ("an indefinite length", [0x80, 0x80, 0x00, 0x00], .unsupportedLength(at: 0)),
        ("four bytes of length", [0x80, 0x84, 0, 0, 0, 1, 7], .unsupportedLength(at: 0)),
        ("the reserved length FF", [0x80, 0xFF, 0x00], .unsupportedLength(at: 0)),
        ("a tag without end", [0xDF, 0x81, 0x82, 0x83, 0x01, 0x00], .unsupportedLength(at: 0)),
        ("a second object cut off", [0x80, 0x01, 0x07, 0x81, 0x02, 0x00], .lengthBeyondEnd(at: 3)),
    ]

    @Test(arguments: refused) func `says what is wrong and where`(name: String, bytes: [UInt8], error: TLVError) {
        var reader = TLVReader(bytes)
        #expect(throws: error) {
            while true { _ = try reader.next() }
        }
    }

    @Test func `from beyond the end finds nothing there`() {
        var reader = TLVReader([0x80, 0x00], from: 7)
        #expect(reader.isAtEnd)
        #expect(throws: TLVError.truncated(at: 7)) { try reader.next() }
    }

    @Test func `inside an object finds the first child of a tag and names a missing one`() throws {
        let outer = DataObject(0xFF20, [0xDF, 0x23, 0x01, 0x31, 0xDF, 0x23, 0x01, 0x32])
        #expect(try outer.child(0xDF23) == [0x31])
        #expect(throws: TLVError.missing(tag: 0xDF24)) { try outer.child(0xDF24) }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `in any bytes at all never stops the program and never goes backwards`(seed: UInt64) {
        var random = SeededBytes(seed: seed)
        var objects = 0
        for _ in 0..<300 {
            let bytes = random.bytes(random.below(64))
            var reader = TLVReader(bytes)
            var last = 0
            while let object = try? reader.next() {
                objects += 1
                #expect(reader.position >= last + 2 + object.value.count)
                #expect(Array(bytes[(reader.position - object.value.count)..<reader.position]) == object.value)
                last = reader.position
            }
        }
        #expect(objects > 0)
    }
}

@Suite struct `Writing data objects` {
    @Test(
        arguments: [
            (0, [0x00]), (1, [0x01]), (0x7F, [0x7F]), (0x80, [0x82, 0x00, 0x80]), (0xFF, [0x82, 0x00, 0xFF]),
            (0x100, [0x82, 0x01, 0x00]), (0xFFFF, [0x82, 0xFF, 0xFF]), (0x10000, [0x83, 0x01, 0x00, 0x00]),
        ] as [(Int, [UInt8])]
    )
    func `writes one byte of length or 82, never 81`(count: Int, length: [UInt8]) {
        let value = [UInt8](repeating: 0x5A, count: count)
        #expect(TLVWriter.encoded(0xDF24, value) == [0xDF, 0x24] + length + value)
    }

    @Test(
        arguments: [
            (0x90, [0x90]), (0xDF21, [0xDF, 0x21]), (0x7F49, [0x7F, 0x49]), (0xDF8101, [0xDF, 0x81, 0x01]),
            (0xDF81_8101, [0xDF, 0x81, 0x81, 0x01]),
        ] as [(UInt32, [UInt8])]
    )
    func `writes a tag in as many bytes as it has`(tag: UInt32, bytes: [UInt8]) {
        #expect(TLVWriter.encoded(tag, []) == bytes + [0x00])
    }

    @Test func `nests in bytes what is nested in code`() throws {
        var writer = TLVWriter()
        writer.put(0xFF40) { outer in
            outer.put(0xDF41, [1, 2])
            outer.put(0xFF50) { $0.put(0xDF43, [UInt8](repeating: 0xFF, count: 0x80)) }
        }
        writer.put(0x80, [])
        let inner: [UInt8] = [0xFF, 0x50, 0x82, 0x00, 0x85, 0xDF, 0x43, 0x82, 0x00, 0x80]
        #expect(
            writer.bytes == [0xFF, 0x40, 0x82, 0x00, 0x8F, 0xDF, 0x41, 0x02, 1, 2] + inner
                + [UInt8](repeating: 0xFF, count: 0x80) + [0x80, 0x00]
        )
    }

    @Test func `gives what reading takes back`() throws {
        var random = SeededBytes(seed: 7)
        for _ in 0..<200 {
            let tags: [UInt32] = [0x80, 0x9E, 0xA1, 0xDF21, 0xFF20, 0x7F21, 0x5F4E]
            let objects = (0..<random.below(6)).map { _ in
                DataObject(tags[random.below(tags.count)], random.bytes(random.below(400)))
            }
            var reader = TLVReader(objects.flatMap { TLVWriter.encoded($0.tag, $0.value) })
            #expect(try reader.all() == objects)
        }
    }
}
