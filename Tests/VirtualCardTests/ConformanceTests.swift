import CardTesting
import SmartCard
import Testing

/// The cases of docs/card/conformance.md that one card by itself can answer, each as a dialogue.
struct ConformanceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let number: Int
        let title: String
        let dialogue: String

        init(_ number: Int, _ title: String, _ dialogue: String) {
            self.number = number
            self.title = title
            self.dialogue = dialogue
        }

        var testDescription: String { "\(number) \(title)" }
    }

    @Test(arguments: form + classes + selection + reading + answers + values + security)
    func `the card answers the case as docs/card says`(_ one: Case) throws {
        var dialogue = try SampleCards.fast().dialogue()
        try CardScript(one.dialogue).play(&dialogue, named: "case \(one.number)")
    }

    // MARK: - Form of the command

    // swift-format-ignore
    static let form: [Case] = [
        Case(1, "fewer than four bytes", """
            - => 6700
            00 => 6700
            00A4 => 6700
            00A404 => 6700
            """),
        Case(2, "case 1", """
            @jpki
            00A4020C 02 0018 => 9000
            00200080 => 63C3
            """),
        Case(3, "case 2 short, Le 00 is 256", "00840000 00 => (256) 9000"),
        Case(4, "case 3 short", """
            @jpki
            00A4020C 02 0018 => 9000
            """),
        Case(5, "case 4 short, Le 00 is up to 256", """
            @text
            802A0000 01 41 00 => (256) 9000
            00A40400 0A D3921000310001010408 00 => 6F0E840AD3921000310001010408A500 9000
            """),
        Case(6, "case 2 extended, 0000 is everything", """
            @jpki
            00B08A00 000000 => 308202EE… (3000) 9000
            00B08A00 000BB7 => 308202EE… (2999) 9000
            """),
        Case(7, "case 3 extended", """
            @jpki
            00A4020C 000002 0018 => 9000
            00200080 => 63C3
            """),
        Case(8, "case 4 extended", """
            @text
            802A0000 000001 41 0000 => (256) 9000
            802A0000 000001 41 0100 => (256) 9000
            """),
        Case(9, "Lc above the data", """
            @jpki
            00A4020C 03 0018 => 6700
            """),
        Case(10, "Lc below the data by one is Le, by more is wrong", """
            @jpki
            00A4020C 02 0018 00 => 9000
            00A4020C 02 0018 0000 => 6700
            """),
        Case(11, "extended Lc 0000 with a body", """
            @jpki
            00A4020C 000000 0018 => 6700
            00A4020C 000000 00 => 6700
            """),
        Case(12, "extended Lc beside the data", """
            @jpki
            00A4020C 000003 0018 => 6700
            00A4020C 000002 0018 00 => 6700
            00A4020C 000002 0018 000000 => 6700
            """),
        Case(13, "six bytes whose fifth is 00", """
            @jpki
            00A4020C 00 00 => 6700
            """),
        Case(14, "Le below what is there", """
            @jpki
            00B08600 10 => 4A504B494150494343544F4B454E3220 9000
            00B08600 01 => 4A 9000
            """),
        Case(15, "Le above what is there: what there is and 9000 (U6)", """
            @jpki
            00B08800 10 => 8F8F00 9000
            00B08802 00 => 00 9000
            @common
            00B2010C FF => 011C… (30) 9000
            """),
        Case(16, "a command for data without Le gives none (C10)", """
            @jpki
            00B08600 => 6700
            00840000 => 6700
            00CA5F51 => 6700
            00A40400 0A D392F000260100000001 => 9000
            00200098 04 31323334 => 9000
            802A0097 01 41 => 6700
            @common
            00B2010C => 6700
            00880099 01 41 => 6700
            """),
        Case(17, "Le for a command without data", """
            @jpki
            00A4020C 02 0018 00 => 9000
            00200080 00 => 63C3
            00200080 04 31323334 00 => 9000
            """),
        Case(18, "extended lengths are understood everywhere", """
            00A4040C 00000A D392F000260100000001 => 9000
            00840000 000008 => (8) 9000
            """),
        Case(19, "never more than Le", """
            @text
            00A40400 0A D3921000310001010408 01 => 6F 9000
            00A40200 02 0001 03 => 6F0483 9000
            00B2010C 05 => 6981
            @common
            00B2010C 05 => 011C303132 9000
            """),
    ]

    // MARK: - Class and instruction

    // swift-format-ignore
    static let classes: [Case] = [
        Case(21, "class FF", "FFA40400 => 6E00"),
        Case(22, "reserved classes 20–3F", """
            20A40400 => 6E00
            3FA40400 => 6E00
            30B00000 00 => 6E00
            """),
        Case(23, "proprietary classes", """
            @jpki
            80B08600 10 => 6D00
            80A4020C 02 0018 => 6D00
            002A0097 01 41 00 => 6D00
            81B08600 10 => 6E00
            90B08600 10 => 6E00
            A0B08600 10 => 6E00
            E0B08600 10 => 6E00
            FEB08600 10 => 6E00
            """),
        Case(24, "instructions 6x and 9x", """
            00600000 => 6D00
            006F0000 => 6D00
            00900000 => 6D00
            009F0000 00 => 6D00
            80600000 => 6D00
            80900000 => 6D00
            """),
        Case(25, "unknown instructions", """
            00000000 => 6D00
            00010000 => 6D00
            00470080 => 6D00
            00D60000 01 00 => 6D00
            00FF0000 => 6D00
            80FF0000 => 6D00
            """),
        Case(26, "instructions of another application", """
            @common
            802A0080 01 41 00 => 6D00
            00240180 04 31323334 => 6D00
            80E20000 => 6D00
            @jpki
            80320080 04 31323334 => 6D00
            80E60000 => 6D00
            @face
            00240180 04 31323334 => 6D00
            80320080 04 31323334 => 6D00
            808A2200 => 6D00
            @juki
            00880099 01 41 00 => 6D00
            802A0080 01 41 00 => 6D00
            @manager
            80AE0000 01 41 => 6D00
            00880099 01 41 00 => 6D00
            80320080 04 31323334 => 6D00
            """),
        Case(27, "secure messaging without a session (C3)", """
            @jpki
            04A4020C 02 0018 => 6882
            08A4020C 02 0018 => 6882
            0CA4020C 02 0018 => 6882
            08B08600 10 => 69FC
            0C200098 04 31323334 => 69FC
            04200098 => 69FC
            08840000 10 => 6882
            082A0097 01 41 00 => 6882
            @text
            08A4020C 02 0011 => 69FC
            0CA4020C 02 0011 => 69FC
            08B08100 05 9603000000 000000 => 69FC
            00200091 => 63C3
            """),
        Case(28, "class, instruction, P1 P2, lengths, file, security, content (C1)", """
            @jpki
            A0FF1234 => 6E00           # class before instruction
            01FF1234 => 6881
            FFA4020C 05 00 => 6E00     # class before lengths
            00FFFFFF 05 00 => 6D00     # instruction before lengths
            00FFFFFF => 6D00           # instruction before P1 P2
            00200180 11 {41*17} => 6A86  # P1 P2 before Lc
            00B0E000 => 6A86
            00840001 => 6A86
            802A0697 => 6A86
            00B08100 => 6700           # Le before security
            00200083 11 {41*17} => 6700  # Lc before file
            00B08300 => 6700
            802A0297 01 41 00 => 6985  # a body of the wrong length before security
            00B09700 10 => 6981        # kind of file before security
            00A4020C 02 0001 => 9000
            00B07FFF 00 => 6982        # security before content
            00240198 03 313233 => 6982
            """),
        Case(29, "odd instructions", """
            @jpki
            00B10000 04 5402 0000 00 => 6D00
            00D70000 01 00 => 6D00
            00CB3FFF 03 5C017E 00 => 6D00
            00210098 => 6D00
            """),
        Case(30, "channels 1–3", """
            01A4040C => 6881
            02B00000 00 => 6881
            03840000 08 => 6881
            """),
        Case(31, "channels 4–19 and reserved bits beside a channel (C2)", """
            40A4040C => 6881
            4FA4040C => 6881
            60A4040C => 6881
            6FA4040C => 6881
            05A4040C => 6881
            0BA4040C => 6881
            0FA4040C => 6881
            11A4040C => 6881
            1FA4040C => 6881
            70A4040C => 6E00
            7FA4040C => 6E00
            """),
        Case(32, "MANAGE CHANNEL", """
            00700000 01 => 6D00
            @jpki
            00700000 01 => 6D00
            """),
        Case(33, "closing the basic channel", "00708000 => 6D00"),
    ]

    // MARK: - SELECT

    // swift-format-ignore
    static let selection: [Case] = [
        Case(37, "a full name, with file control information as P2 says (U3)", """
            00A40400 07 A0000001510000 00 => 6F0B8407A0000001510000A500 9000
            00A4040C 0A D392F000260100000001 00 => 9000
            00A40400 0A D392F000260100000001 00 => 6F0E840AD392F000260100000001A500 9000
            00A40402 0A D3921000310001010402 00 => 6F0E840AD3921000310001010402A500 9000
            00A40400 0A D3921000310001010401 => 9000
            00A40404 0A D392F000260100000001 00 => 6A86
            00A40408 0A D392F000260100000001 00 => 6A86
            """),
        Case(38, "the beginning of one name", """
            00A4040C 05 D392F00026 => 9000
            00A4020C 02 0018 => 9000
            00A4040C 04 D392F000 => 6A82
            00A4040C 01 D3 => 6A82
            00200080 => 63C3
            """),
        Case(39, "the beginning of several names (C6)", """
            00A40400 05 D392100031 00 => 6F0E840AD3921000310001010100A500 9000
            00A40402 05 D392100031 00 => 6F0E840AD3921000310001010402A500 9000
            00A40402 05 D392100031 00 => 6F0E840AD3921000310001010408A500 9000
            00A40402 05 D392100031 00 => 6F0E840AD3921000310001010401A500 9000
            00A40402 05 D392100031 00 => 6A82
            00A40400 00 => 6F0B8407A0000001510000A500 9000
            00A40402 05 D392100031 00 => 6F0E840AD3921000310001010100A500 9000
            00A4040E 09 D39210003100010104 => 9000
            00B08600 01 => FF 9000
            """),
        Case(40, "a name that goes on after ours", """
            00A4040C 0B D392F00026010000000100 => 6A82
            00A40400 0B D392F00026010000000100 00 => 6A82
            00A4040C 08 A000000151000000 => 6A82
            """),
        Case(41, "an unknown name leaves everything as it was (U7)", """
            @jpki
            00200098 04 31323334 => 9000
            00A4020C 02 0017 => 9000
            00A4040C 07 A0000003080000 => 6A82
            802A0080 01 41 00 => (256) 9000
            """),
        Case(42, "the same application again: file gone, status kept (U7, U8)", """
            @jpki
            00200098 04 31323334 => 9000
            00A4020C 02 0017 => 9000
            @jpki
            802A0080 01 41 00 => 6986
            00B00000 01 => 6986
            802A0097 01 41 00 => (256) 9000
            """),
        Case(43, "another application and back: status gone", """
            @jpki
            00200098 04 31323334 => 9000
            @common
            @jpki
            802A0097 01 41 00 => 6982
            00200098 04 31323334 => 9000
            @manager
            @jpki
            802A0097 01 41 00 => 6982
            """),
        Case(44, "an empty name", """
            @jpki
            00A4040C => 9000
            00CA0042 00 => (16) 9000
            @jpki
            00A40400 00 => 6F0B8407A0000001510000A500 9000
            """),
        Case(45, "a name of 17 bytes", """
            00A4040C 11 D392F00026010000000100000000000000 => 6700
            00A4040C 10 D392F000260100000001000000000000 => 6A82
            """),
        Case(46, "an unknown file leaves the current one", """
            @jpki
            00A4020C 02 0006 => 9000
            00A4020C 02 0003 => 6A82
            00A4020C 02 0106 => 6A82
            00A4020C 02 2F00 => 6A82
            00B00000 04 => 4A504B49 9000
            """),
        Case(47, "a file of another application", """
            @common
            00A4020C 02 0018 => 6A82
            @text
            00A4020C 02 001A => 6A82
            00A4020C 02 0106 => 6A82
            @juki
            00A4020C 02 0019 => 6A82
            @manager
            00A4020C 02 0006 => 6A82
            00A4020C 02 2F10 => 6A82
            """),
        Case(48, "the master file", """
            00A4000C 02 3F00 => 6A82
            00A40000 02 3F00 => 6A82
            00A40000 => 6A86
            @jpki
            00200098 04 31323334 => 9000
            00A4020C 02 0017 => 9000
            00A40000 => 9000
            802A0080 01 41 00 => (256) 9000
            00A4000C 02 3F00 => 6A82
            00A40000 01 3F => 6700
            """),
        Case(49, "P1 06 and 0B", """
            @jpki
            00A4060C 02 0018 => 6A86
            00A40B0C 02 0018 => 6A86
            00A4010C 02 0018 => 6A86
            """),
        Case(50, "P2 F0", """
            00A404F0 0A D392F000260100000001 => 6A86
            @jpki
            00A402F0 02 0018 => 6A86
            00A40202 02 0018 => 6A86
            """),
        Case(51, "an identifier of one or three bytes", """
            @jpki
            00A4020C 01 18 => 6700
            00A4020C 03 001800 => 6700
            00A4020C => 6700
            """),
        Case(52, "parent and path", """
            @jpki
            00A4030C => 6A86
            00A4080C 02 0018 => 6A86
            00A4090C 02 0018 => 6A86
            """),
    ]

    // MARK: - Reading

    // swift-format-ignore
    static let reading: [Case] = [
        Case(53, "no current file", """
            @jpki
            00B00000 00 => 6986
            00B20104 00 => 6986
            00200080 => 6986
            00200080 04 31323334 => 6986
            00240180 04 31323334 => 6986
            802A0080 01 41 00 => 6986
            00880080 01 41 00 => 6986
            @off
            00B00000 00 => 6986
            """),
        Case(54, "offset 0, Le 00", """
            @jpki
            00A4020C 02 000A => 9000
            00B00000 00 => 308202EE… (256) 9000
            """),
        Case(55, "offset and Le that meet the end", """
            @jpki
            00A4020C 02 0006 => 9000
            00B00050 50 => (80) 9000
            """),
        Case(56, "offset at the end", """
            @jpki
            00A4020C 02 0006 => 9000
            00B000A0 01 => 6B00
            00B08803 01 => 6B00
            """),
        Case(57, "offset beyond the end", """
            @jpki
            00A4020C 02 0006 => 9000
            00B000A1 01 => 6B00
            00B00100 00 => 6B00
            """),
        Case(58, "the largest offset", """
            @jpki
            00A4020C 02 000A => 9000
            00B07FFF 00 => 6B00
            00B00BB7 00 => FF 9000
            """),
        Case(59, "a short identifier reads and selects (C9)", """
            @jpki
            00B08604 03 => 415049 9000
            00B00000 03 => 4A504B 9000
            00B08A00 02 => 3082 9000
            00B00002 02 => 02EE 9000
            """),
        Case(60, "short identifiers 0, 31 and unknown (C9)", """
            @jpki
            00B08000 01 => 6A86
            00B0A600 01 => 6A86
            00B0C600 01 => 6A86
            00B09F00 01 => 6A82
            00B08300 01 => 6A82
            00A4020C 02 0006 => 9000
            00B08100 01 => 6982
            00B09800 01 => 6981
            00B00000 01 => 4A 9000
            00200098 => 63C3
            00B00000 01 => 4A 9000
            """),
        Case(61, "READ BINARY of what is no transparent file", """
            @jpki
            00B09800 01 => 6981
            00B09700 01 => 6981
            00B09600 01 => 6981
            00B08500 01 => 6981
            00B09E00 01 => 6981
            @common
            00B08100 01 => 6981
            @text
            00B09200 01 => 6981
            @manager
            00B09E00 01 => 6981
            00A4020C 02 001E => 9000
            00B00000 01 => 6981
            00B20104 00 => 6981
            """),
        Case(62, "a protected file gives away nothing, not even its length", """
            @jpki
            00A4020C 02 0001 => 9000
            00B00000 00 => 6982
            00B00000 01 => 6982
            00B00000 000000 => 6982
            00B00BB8 01 => 6982
            00B07FFF 01 => 6982
            00B08900 01 => 6982
            @text
            00B08100 11 => 6982
            00B08112 11 => 6982
            @juki
            00B2010C 00 => 6982
            00B2090C 00 => 6982
            """),
        Case(63, "writing is not known", """
            @jpki
            00D60000 01 00 => 6D00
            00D68600 01 00 => 6D00
            00DC0104 01 00 => 6D00
            00E20004 01 00 => 6D00
            00E00000 01 00 => 6D00
            00E40000 01 00 => 6D00
            00D00000 01 00 => 6D00
            000E0000 => 6D00
            80060000 => 6982
            00B08600 04 => 4A504B49 9000
            """),
        Case(67, "READ RECORD (C11)", """
            @jpki
            00B20134 00 => 6981
            00B201C4 00 => 6981
            @common
            00B2010C 00 => 011C30313233… (30) 9000
            00B20114 00 => 0110… (18) 9000
            00B20104 00 => 0110… (18) 9000
            00B2000C 00 => 6A83
            00B2020C 00 => 6A83
            00B2FF0C 00 => 6A83
            00B2010D 00 => 6A81
            00B20108 00 => 6A86
            00B2010F 00 => 6A86
            00B2011C 00 => 6A82
            00B201CC 00 => 6981
            """),
    ]

    // MARK: - GET RESPONSE and chaining

    // swift-format-ignore
    static let answers: [Case] = [
        Case(68, "no 61xx: everything comes at once", """
            @jpki
            00B08A00 000000 => (3000) 9000
            00C00000 00 => 6D00
            """),
        Case(72, "GET RESPONSE out of turn", """
            00C00000 00 => 6D00
            @jpki
            00C00000 00 => 6D00
            @text
            00C00000 00 => 6D00
            """),
        Case(73, "no 6Cxx: a short Le is 6700 where the object must be whole", """
            00CA7F21 00 => 6700
            00CA7F21 000000 => 7F21… (568) 9000
            00CA7F21 000238 => 7F21… (568) 9000
            00CA7F21 000237 => 6700
            00CA00F8 000000 => 5F4E… (563) 9000
            00CA0042 0F => 6700
            00CA0042 10 => (16) 9000
            00CA5F51 00 => E000FF8131FE4514 9000
            00CA0041 00 => 6A88
            00CA0000 00 => 6A88
            @jpki
            00CA5F51 00 => E000FF8131FE4514 9000
            00CA0042 00 => 6A88
            00CA7F21 000000 => 6A88
            """),
        Case(74, "chaining", """
            @jpki
            10200098 02 3132 => 6884
            00200098 02 3334 => 63C2
            10A4040C 05 D392F00026 => 6884
            """),
        Case(78, "a chain to a command that knows none", """
            10840000 08 => 6884
            10FF0000 => 6884
            14A4040C => 6884
            18B00000 00 => 6884
            1CB00000 00 => 6884
            """),
    ]

    // MARK: - VERIFY, CHANGE, UNBLOCK

    // swift-format-ignore
    static let values: [Case] = [
        Case(81, "an empty VERIFY always says the tries (U4)", """
            @jpki
            00200098 => 63C3
            00200098 00 => 63C3
            00200098 04 31323334 => 9000
            00200098 => 63C3
            0020009B => 63C5
            @text
            00200091 => 63C3
            00200092 => 63C0
            00200094 => 63CA
            00200095 => 63CA
            @face
            00200091 => 63CA
            00200092 => 63CA
            00200093 => 63CA
            @common
            0020009C => 63C3
            @juki
            0020009C => 63C3
            """),
        Case(82, "a wrong value costs a try", """
            @jpki
            00200098 04 39393939 => 63C2
            00200098 => 63C2
            @reset
            @jpki
            00200098 => 63C2
            00200098 04 39393939 => 63C1
            """),
        Case(83, "the right value gives all tries back", """
            @jpki
            00200098 04 39393939 => 63C2
            00200098 04 39393939 => 63C1
            00200098 04 31323334 => 9000
            00200098 => 63C3
            """),
        Case(84, "no try left: not even for the right value (U5)", """
            @jpki
            00200098 04 39393939 => 63C2
            00200098 04 39393939 => 63C1
            00200098 04 39393939 => 63C0
            00200098 04 31323334 => 6984
            00200098 04 39393939 => 6984
            00200098 => 63C0
            802A0097 01 41 00 => 6982
            """),
        Case(85, "blocked outlives power off and reset", """
            @jpki
            00200098 04 39393939 => 63C2
            00200098 04 39393939 => 63C1
            00200098 04 39393939 => 63C0
            @off
            @jpki
            00200098 04 31323334 => 6984
            @reset
            @jpki
            00200098 => 63C0
            00200098 04 31323334 => 6984
            """),
        Case(86, "a value of the wrong length counts, one above 16 bytes does not (U18)", """
            @jpki
            00200098 01 31 => 63C2
            00200098 10 {31*16} => 63C1
            00200098 11 {31*17} => 6700
            00200098 000011 {31*17} => 6700
            00200098 => 63C1
            0020009B 06 616263313233 => 63C4
            """),
        Case(87, "no body is not a body of one zero", """
            @jpki
            00200098 00 => 63C3
            00200098 01 00 => 63C2
            00200098 => 63C2
            """),
        Case(88, "P1, P2 and references that are none", """
            @jpki
            00200198 => 6A86
            00200018 => 6A86
            00200000 04 31323334 => 6A86
            002000B8 04 31323334 => 6A86
            002000D8 => 6A86
            0020009F => 6A82
            00200083 04 31323334 => 6A82
            00200097 => 6981
            00200097 04 31323334 => 6981
            00200096 => 6981
            00200086 04 31323334 => 6981
            00200085 => 6985
            00200085 04 31323334 => 6985
            @common
            00200081 => 6981
            @manager
            0020009E => 6985
            """),
        Case(89, "a wrong value takes back a right one (U7)", """
            @jpki
            00200098 04 31323334 => 9000
            802A0097 01 41 00 => (256) 9000
            00200098 04 39393939 => 63C2
            802A0097 01 41 00 => 6982
            """),
        Case(90, "PINs are independent", """
            @jpki
            00200098 04 39393939 => 63C2
            00200098 04 39393939 => 63C1
            00200098 04 39393939 => 63C0
            0020009B => 63C5
            0020009B 06 414243313233 => 9000
            802A009A 01 41 00 => (256) 9000
            802A0097 01 41 00 => 6982
            @text
            00200091 => 63C3
            00200094 0C 313233343536373839303138 => 9000
            00200091 04 39393939 => 63C2
            00B08100 11 => FF100C3132333435363738393031… (17) 9000
            """),
        Case(91, "CHANGE (U18)", """
            @jpki
            00240198 04 35363738 => 6982
            00240098 08 3132333435363738 => 6A86
            00200098 04 31323334 => 9000
            00240198 => 6700
            00240198 11 {31*17} => 6700
            00240198 03 353637 => 6A80
            00240198 05 3536373839 => 6A80
            00240198 04 35363741 => 6A80
            00200098 04 31323334 => 9000
            00240198 04 35363738 => 9000
            802A0097 01 41 00 => (256) 9000
            00200098 04 31323334 => 63C2
            00200098 04 35363738 => 9000
            0020009B 06 414243313233 => 9000
            0024019B 05 4142433132 => 6A80
            0024019B 06 616263313233 => 6A80
            0024019B 10 {5A*16} => 9000
            0020009B 10 {5A*16} => 9000
            00240197 04 31323334 => 6981
            00240185 04 31323334 => 6985
            00240183 04 31323334 => 6A82
            @text
            00200094 0C 313233343536373839303138 => 9000
            00240194 0C 313233343536373839303138 => 6982
            00240192 04 31323334 => 6982
            @common
            8032009C 04 31323334 => 6982
            0020009C 04 31323334 => 9000
            8032019C 04 31323334 => 6A86
            8032009C 03 313233 => 6A80
            8032009C 04 34333231 => 9000
            @juki
            0020009C 04 31323334 => 63C2
            @common
            0020009C => 63C2
            0020009C 04 34333231 => 9000
            @juki
            0020009C => 63C3
            """),
        Case(92, "unblocking without the terminal (U2)", """
            @jpki
            002C0298 04 31323334 => 6982
            002C0398 => 6982
            80540098 04 31323334 => 6982
            00200098 04 31323334 => 9000
            002C0298 04 31323334 => 6982
            80540098 04 31323334 => 6982
            002C0098 04 31323334 => 6A86
            002C0198 04 31323334 => 6A86
            80540198 04 31323334 => 6A86
            002C0298 => 6700
            002C0398 04 31323334 => 6700
            """),
    ]

    // MARK: - Security status and keys

    // swift-format-ignore
    static let security: [Case] = [
        Case(95, "power off and reset clear what was proved", """
            @jpki
            00200098 04 31323334 => 9000
            @reset
            @jpki
            802A0097 01 41 00 => 6982
            00200098 04 31323334 => 9000
            @off
            @jpki
            802A0097 01 41 00 => 6982
            0020009B 06 414243313233 => 9000
            @off
            00CA0042 00 => (16) 9000
            00B08100 01 => 6A82
            """),
        Case(96, "signing without the PIN, and with the other", """
            @jpki
            802A0097 01 41 00 => 6982
            802A009A 01 41 00 => 6982
            00200098 04 31323334 => 9000
            802A009A 01 41 00 => 6982
            @off
            @jpki
            0020009B 06 414243313233 => 9000
            802A0097 01 41 00 => 6982
            802A009A 01 41 00 => (256) 9000
            """),
        Case(97, "signing without a key (C13, C14)", """
            @jpki
            00200098 04 31323334 => 9000
            802A0080 01 41 00 => 6986
            802A0000 01 41 00 => 6A88
            802A0098 01 41 00 => 6985
            802A0085 01 41 00 => 6985
            802A0096 01 41 00 => 6985
            802A0086 01 41 00 => 6981
            802A0081 01 41 00 => 6981
            802A0083 01 41 00 => 6A82
            @face
            802A0000 01 41 00 => (256) 9000
            802A009A 01 41 00 => (256) 9000
            802A0092 01 41 00 => 6985
            @text
            802A0000 01 41 00 => (256) 9000
            802A0092 01 41 00 => 6985
            """),
        Case(98, "lengths of what is signed (U20, U26)", """
            @jpki
            00200098 04 31323334 => 9000
            802A0097 00 => 6700
            802A0097 => 6700
            802A0097 33 {3A*51} 00 => (256) 9000
            802A0097 F5 {3A*245} 00 => (256) 9000
            802A0097 F6 {3A*246} 00 => 6985
            802A0097 000100 {3A*256} 0000 => 6985
            802A0097 01 41 FF => 6700
            802A0297 1F {3A*31} 00 => 6985
            802A0297 20 {3A*32} 00 => (256) 9000
            802A0297 21 {3A*33} 00 => 6985
            802A0497 1F {3A*31} 00 => 6985
            802A0497 20 {3A*32} 00 => (256) 9000
            802A0197 FF {3A*255} 00 => (256) 9000
            802A0197 00FFFF {3A*65535} 0000 => (256) 9000
            802A0397 00FFFF {3A*65535} 0100 => (256) 9000
            802A0597 001000 {3A*4096} 0000 => (256) 9000
            802A0697 01 41 00 => 6A86
            802AFF97 01 41 00 => 6A86
            802A0017 01 41 00 => 6A86
            802A00B7 01 41 00 => 6A86
            """),
        Case(100, "one VERIFY is good for many signatures", """
            @jpki
            0020009B 06 414243313233 => 9000
            802A009A 01 41 00 => (256) 9000
            802A009A 01 41 00 => (256) 9000
            802A009A 01 42 00 => (256) 9000
            """),
        Case(101, "GET CHALLENGE", """
            00840000 01 => (1) 9000
            00840000 08 => (8) 9000
            00840000 FF => (255) 9000
            00840000 00 => (256) 9000
            00840000 000100 => (256) 9000
            00840000 000101 => 6985
            00840000 000000 => 6985
            00840001 08 => 6A86
            00840100 08 => 6A86
            00840000 01 41 08 => 6700
            80840000 08 => 6D00
            @face
            00840000 08 => (8) 9000
            @juki
            00840000 08 => (8) 9000
            """),
        Case(102, "EXTERNAL AUTHENTICATE without its challenge (U21, C16)", """
            00820000 20 {00*32} => 6985
            00840000 08 => (8) 9000
            00820000 20 {00*32} => 6985
            00840000 10 => (16) 9000
            00840000 11 => (17) 9000
            00820000 20 {00*32} => 6985
            00840000 10 => (16) 9000
            00820000 1F {00*31} => 6700
            00820000 => 6700
            00820001 20 {00*32} => 6A86
            00820100 20 {00*32} => 6A86
            00820000 20 {00*32} => 6300
            80820000 20 {00*32} => 6985
            00840000 10 => (16) 9000
            @jpki
            00820000 20 {00*32} => 6985
            """),
        Case(103, "INTERNAL AUTHENTICATE", """
            @common
            00880099 => 6700
            00880099 00 => 6700
            00880099 04 41424344 00 => (256) 9000
            00880099 FF {41*255} 00 => (256) 9000
            00880099 000100 {41*256} 0000 => 6700
            00880099 04 41424344 FF => 6700
            00880199 04 41424344 00 => 6A86
            00880019 04 41424344 00 => 6A86
            0088009C 04 41424344 00 => 6985
            00880081 04 41424344 00 => 6981
            @jpki
            00880097 04 41424344 00 => 6982
            00200098 04 31323334 => 9000
            00880097 04 41424344 00 => 6982
            0088009A 04 41424344 00 => 6982
            @face
            0088009A 04 41424344 00 => 6985
            @text
            00880093 04 41424344 00 => 6985
            """),
        Case(105, "commands of the issuer and the phone are refused, never executed (C20, C21, U17)", """
            80FC0000 => 6700
            80E20000 => 6982
            80E40000 => 6982
            80E60000 => 6982
            80E80000 => 6982
            80F0800F => 6982
            80F20000 => 6982
            @jpki
            80FC0000 => 6700
            808A2200 => 6982
            808A2400 => 6982
            808A2300 => 6A86
            80500000 => 6982
            80520000 => 6982
            80AE0000 000100 {00*256} => 6982
            @juki
            80AE0000 000100 {00*256} => 6982
            @common
            80AE0000 000100 {00*256} => 66F1
            @face
            80AE0000 000100 {00*256} => 66F1
            """),
    ]

    // MARK: - Cases that are no dialogue

    @Test func `20: a command of 65,535 bytes is answered`() throws {
        var dialogue = try SampleCards.fast().dialogue()
        let body = [UInt8](repeating: 0x41, count: 65_535 - 7)
        #expect(dialogue.send(commandBytes("00 A4 04 0C", body)).status == 0x6700)
        #expect(dialogue.send([UInt8](repeating: 0xFF, count: 65_535)).status == 0x6E00)
        #expect(dialogue.send([UInt8](repeating: 0x00, count: 65_535)).status == 0x6D00)
        #expect(dialogue.select(SampleContents.jpkiAID).status == 0x9000)
    }

    @Test(arguments: [1, 7, 100, 255, 256])
    func `66: pieces of a file make the file`(piece: Int) throws {
        var dialogue = try SampleCards.fast().dialogue()
        _ = dialogue.select(SampleContents.jpkiAID)
        let whole = dialogue.read(0x000A).data
        var joined: [UInt8] = []
        while true {
            let header = [0x00, 0xB0, UInt8(joined.count >> 8), UInt8(joined.count & 0xFF)]
            let answer = dialogue.send(header + [UInt8(piece & 0xFF)])
            if answer.status == 0x6B00 { break }
            guard answer.status == 0x9000, !answer.data.isEmpty else {
                Issue.record("offset \(joined.count): \(answer)")
                return
            }
            joined += answer.data
        }
        #expect(joined == whole)
        #expect(whole.count == 3000)
        #expect(whole.dropFirst(754).allSatisfy { $0 == 0xFF })
    }

    @Test func `101: no challenge comes twice`() throws {
        var dialogue = try SampleCards.fast().dialogue()
        let challenges = (0..<200).map { _ in dialogue.send("00 84 00 00 08").data }
        #expect(Set(challenges).count == 200)
    }
}
