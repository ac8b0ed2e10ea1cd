import Testing

/// What PC/SC programs see before they know what card this is.
@Suite(.serialized) struct RecognitionTests {
    /// The two shapes a real card's answer to reset takes.
    struct Shape: CustomTestStringConvertible {
        let name: String
        let bytes: String
        var testDescription: String { name }
        var colons: String { bytes.lowercased().split(separator: " ").joined(separator: ":") }
    }

    static let shapes = [
        Shape(name: "contactless", bytes: "3B 88 80 01 00 00 41 E0 B3 81 A1 00 3B"),
        Shape(name: "contact", bytes: "3B E0 00 FF 81 31 FE 45 14"),
    ]

    @Test(arguments: shapes)
    func `pcsc_scan sees a card with the answer to reset that was asked for`(shape: Shape) throws {
        let reader = try CardInReader("adult", options: ["--atr", shape.name])
        let answer = try reader.run(.pcscScan, ["-n", "-t", "1"])
        #expect(answer.output.contains("0: Virtual PCD 00 00"))
        #expect(answer.output.contains("ATR: \(shape.bytes)\n"))
    }

    @Test(arguments: shapes)
    func `OpenSC takes either shape for a JPKI card`(shape: Shape) throws {
        let reader = try CardInReader("adult", options: ["--atr", shape.name])
        #expect(try reader.run(.openscTool, ["--atr"]).output == shape.colons + "\n")
        #expect(try reader.run(.openscTool, ["--name"]).output == "jpki\n")
        let dump = try PKCS15Dump(reader)
        #expect(dump.tries == ["User Authentication PIN": 3, "Digital Signature PIN": 5])
    }

    @Test func `pcsc_scan and opensc-tool list the readers`() throws {
        let reader = try CardInReader("adult")
        #expect(try reader.run(.pcscScan, ["-r"]).output.contains("0: Virtual PCD 00 00"))
        let lines = try reader.run(.openscTool, ["--list-readers"]).output.split(separator: "\n")
        #expect(lines.contains { $0.contains(/^0 +Yes .*Virtual PCD 00 00$/) })
        #expect(lines.contains { $0.contains(/^1 +No .*Virtual PCD 00 01$/) })
    }

    /// What OpenSC's drivers for other cards ask, in the order they are tried.
    struct Probe: CustomTestStringConvertible {
        let driver: String
        let command: String
        var status = "6A82"
        var testDescription: String { driver }
    }

    static let probes =
        [
            Probe(driver: "coolkey", command: "00A40400 07 627601FF000000"),
            Probe(driver: "muscle", command: "00A40400 06 A00000000101"),
            Probe(driver: "sc-hsm", command: "00A40400 0B E82B0601040181C31F0201 00"),
            Probe(driver: "esteid", command: "00A4040C 0F D23300000045737445494420763335"),
            Probe(driver: "setcos", command: "00CADF30 05", status: "6A88"),
            Probe(driver: "PIV discovery", command: "00CB3FFF 03 5C017E 08", status: "6D00"),
            Probe(driver: "PIV", command: "00A40400 09 A00000030800001000 00"),
            Probe(driver: "CAC", command: "00A4040C 07 A000000116DB00 00"),
            Probe(driver: "CAC alternative", command: "00A4040C 07 A0000000791000 00"),
            Probe(driver: "isoApplet 0.23", command: "00A40400 0C F276A288BCFBA69D34F31001"),
            Probe(driver: "isoApplet 0.27", command: "00A4040C 0C F276A288BCFBA69D34F31001"),
            Probe(driver: "gids", command: "00A40400 09 A00000039742544659 00"),
            Probe(driver: "openpgp", command: "00A40400 06 D27600012401 00"),
        ]
        + (0...15).map { container in
            let byte = (container < 16 ? "0" : "") + String(container, radix: 16, uppercase: true)
            return Probe(driver: "CAC container \(container)", command: "00A4040C 07 A00000007901\(byte) 00")
        }

    @Test func `no other driver's question is answered as if the card were theirs`() throws {
        let reader = try CardInReader("adult")
        let commands = Self.probes.flatMap { ["--send-apdu", $0.command.filter { $0 != " " }] }
        let answer = try reader.run(.openscTool, ["--card-driver", "default"] + commands)
        let words = answer.output.matches(of: /Received \(SW1=0x(..), SW2=0x(..)\)/).map { String($0.1 + $0.2) }
        try #require(words.count == Self.probes.count, "\(answer.text)")
        for (probe, word) in zip(Self.probes, words) {
            #expect(word == probe.status, "\(probe.driver)")
        }
    }

    @Test func `the JPKI application answers to its name, whole or cut short, and to nothing longer`() throws {
        let reader = try CardInReader("adult")
        let names = ["0AD392F000260100000001", "05D392F00026", "0BD392F00026010000000100"]
        let commands = names.flatMap { ["--send-apdu", "00A4040C" + $0] }
        let answer = try reader.run(.openscTool, ["--card-driver", "default"] + commands)
        let words = answer.output.matches(of: /Received \(SW1=0x(..), SW2=0x(..)\)/).map { String($0.1 + $0.2) }
        #expect(words == ["9000", "9000", "6A82"])
    }
}
