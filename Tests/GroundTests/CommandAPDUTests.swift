import SmartCard
import Testing

/// ISO/IEC 7816-4, 5.1: the four cases of a command, with short and extended lengths.
@Suite struct `A command on the wire` {
    struct Form: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let data: Int
        let le: Int?
        let isExtended: Bool
        var testDescription: String { name }
    }

    private static let header: [UInt8] = [0x80, 0x2A, 0x00, 0x80]
    private static func filler(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) } }

    static let forms = [
        Form(name: "case 1", bytes: header, data: 0, le: nil, isExtended: false),
        Form(name: "case 2, Le 1", bytes: header + [0x01], data: 0, le: 1, isExtended: false),
        Form(name: "case 2, Le 255", bytes: header + [0xFF], data: 0, le: 255, isExtended: false),
        Form(name: "case 2, Le 00 is 256", bytes: header + [0x00], data: 0, le: 256, isExtended: false),
        Form(name: "case 3, Lc 1", bytes: header + [0x01] + filler(1), data: 1, le: nil, isExtended: false),
        Form(name: "case 3, Lc 255", bytes: header + [0xFF] + filler(255), data: 255, le: nil, isExtended: false),
        Form(name: "case 4", bytes: header + [0x33] + filler(51) + [0x00], data: 51, le: 256, isExtended: false),
        Form(name: "case 4, Le 4", bytes: header + [0x02] + filler(2) + [0x04], data: 2, le: 4, isExtended: false),
        Form(
            name: "case 4, Lc 255",
            bytes: header + [0xFF] + filler(255) + [0x10],
            data: 255,
            le: 16,
            isExtended: false
        ),
        Form(name: "case 2E, Le 1", bytes: header + [0, 0x00, 0x01], data: 0, le: 1, isExtended: true),
        Form(name: "case 2E, Le 0000 is 65,536", bytes: header + [0, 0, 0], data: 0, le: 65_536, isExtended: true),
        Form(
            name: "case 3E, one byte",
            bytes: header + [0, 0x00, 0x01] + filler(1),
            data: 1,
            le: nil,
            isExtended: true
        ),
        Form(
            name: "case 3E, 256 bytes",
            bytes: header + [0, 1, 0] + filler(256),
            data: 256,
            le: nil,
            isExtended: true
        ),
        Form(
            name: "case 3E, 65,535 bytes",
            bytes: header + [0, 0xFF, 0xFF] + filler(65_535),
            data: 65_535,
            le: nil,
            isExtended: true
        ),
        Form(
            name: "case 4E",
            bytes: header + [0, 0x00, 0x02] + filler(2) + [0x01, 0x00],
            data: 2,
            le: 256,
            isExtended: true
        ),
        Form(
            name: "case 4E, the largest",
            bytes: header + [0, 0xFF, 0xFF] + filler(65_535) + [0, 0],
            data: 65_535,
            le: 65_536,
            isExtended: true
        ),
    ]

    @Test(arguments: forms) func `is read into header, data and wanted length`(form: Form) throws {
        let command = try CommandAPDU(parsing: form.bytes)
        #expect([command.cla, command.ins, command.p1, command.p2] == Self.header)
        #expect(command.data == Self.filler(form.data))
        #expect(command.le == form.le)
        #expect(command.extended == form.isExtended)
    }

    @Test(arguments: forms) func `is written back to the same bytes`(form: Form) throws {
        #expect(try CommandAPDU(parsing: form.bytes).bytes == form.bytes)
    }

    @Test(arguments: [(1, nil), (255, 256), (0, 256), (0, nil)] as [(Int, Int?)])
    func `is written short where everything fits one byte`(count: Int, le: Int?) throws {
        let command = CommandAPDU(ins: 0x20, data: Self.filler(count), le: le)
        #expect(!command.extended)
        #expect(try CommandAPDU(parsing: command.bytes) == command)
    }

    @Test(arguments: [(256, nil), (65_535, nil), (0, 257), (0, 65_536), (1, 257), (256, 1)] as [(Int, Int?)])
    func `is written extended where one byte does not hold a length`(count: Int, le: Int?) throws {
        let command = CommandAPDU(ins: 0x2A, data: Self.filler(count), le: le)
        #expect(command.extended)
        #expect(try CommandAPDU(parsing: command.bytes) == command)
    }

    @Test func `with neither data nor wanted length is four bytes even when asked to be extended`() {
        #expect(CommandAPDU(cla: 0x80, ins: 0x2A, p2: 0x80, extended: true).bytes == Self.header)
    }

    // MARK: - What is not a command

    @Test(arguments: 0...3) func `shorter than its header has no header to judge`(count: Int) {
        #expect(throws: MalformedCommand(header: nil)) {
            try CommandAPDU(parsing: Array(Self.header.prefix(count)))
        }
    }

    static let malformed: [(String, [UInt8])] = [
        ("Lc 1 and no data is Le; Lc 2 and one byte", header + [0x02, 0xAA]),
        ("Lc 1 and three bytes", header + [0x01, 0xAA, 0x00, 0x00]),
        ("Lc 255 and 254 bytes", header + [0xFF] + filler(254)),
        ("Lc 255 and 257 bytes", header + [0xFF] + filler(257)),
        ("a zero and one more byte", header + [0x00, 0x01]),
        ("an extended Lc of zero with a body", header + [0x00, 0x00, 0x00, 0xAA]),
        ("an extended Lc of zero with Le", header + [0x00, 0x00, 0x00, 0x00, 0x00]),
        ("an extended Lc one too large", header + [0x00, 0x00, 0x03, 0xAA, 0xBB]),
        ("an extended Le of one byte", header + [0x00, 0x00, 0x02, 0xAA, 0xBB, 0x00]),
        ("an extended Le of three bytes", header + [0x00, 0x00, 0x02, 0xAA, 0xBB, 0x00, 0x01, 0x00]),
        ("an extended Lc of 65,535 with one byte", header + [0x00, 0xFF, 0xFF, 0xAA]),
        ("one byte more than the largest command", header + [0x00, 0xFF, 0xFF] + filler(65_538)),
    ]

    @Test(arguments: malformed) func `whose lengths do not add up is refused and keeps its header`(
        name: String,
        bytes: [UInt8]
    ) {
        #expect(throws: MalformedCommand(header: .init(cla: 0x80, ins: 0x2A, p1: 0x00, p2: 0x80))) {
            try CommandAPDU(parsing: bytes)
        }
    }

    @Test func `cut off anywhere is either refused or another whole command`() throws {
        for form in Self.forms where form.bytes.count < 400 {
            for count in 4..<form.bytes.count {
                let cut = Array(form.bytes.prefix(count))
                guard let command = try? CommandAPDU(parsing: cut) else { continue }
                #expect(command.bytes == cut)
            }
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `made of any bytes never stops the reader and means those bytes alone`(seed: UInt64) throws {
        var random = SeededBytes(seed: seed)
        var understood = 0
        for _ in 0..<500 {
            let bytes = random.bytes(random.below(40))
            do throws(MalformedCommand) {
                let command = try CommandAPDU(parsing: bytes)
                understood += 1
                #expect(command.bytes == bytes)
            } catch {
                #expect((error.header == nil) == (bytes.count < 4))
            }
        }
        #expect(understood > 0)
    }
}
