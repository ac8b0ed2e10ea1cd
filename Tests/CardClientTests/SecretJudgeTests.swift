import CardClient
import CardProfiles
import ReaderTesting
import Secrets
import Testing

@Suite struct `What is typed as a secret` {
    /// The kind asked for, what is typed, and what is wrong with it.
    static let flaws: [(SecretKind, String, ShapeFlaw)] = [
        (.sign, "", .empty), (.auth, "", .empty), (.auth, "  ", .empty), (.numberA, "- -", .empty),
        // A PIN for the password, and the other way round.
        (.sign, "1234", .looksLike(.auth)), (.sign, "１２３４", .looksLike(.auth)),
        (.auth, "ABC123", .looksLike(.sign)), (.input, "ABC123", .looksLike(.sign)),
        (.register, "abc123", .looksLike(.sign)), (.auth, "PASSWORD", .looksLike(.sign)),
        (.numberA, "1234", .looksLike(.input)), (.numberB, "1234", .looksLike(.input)),
        (.birthDate, "1234", .looksLike(.input)),
        // My Number.
        (.sign, "123456789018", .looksLike(.numberA)), (.auth, "123456789018", .looksLike(.numberA)),
        (.input, "1234-5678-9018", .looksLike(.numberA)), (.register, "123456789018", .looksLike(.numberA)),
        (.numberB, "123456789018", .looksLike(.numberA)), (.birthDate, "123456789018", .looksLike(.numberA)),
        // Number B.
        (.sign, "55021720352285", .looksLike(.numberB)), (.auth, "55021720352285", .looksLike(.numberB)),
        (.numberA, "55021720352285", .looksLike(.numberB)), (.birthDate, "55021720352285", .looksLike(.numberB)),
        // Numbers that are none.
        (.numberA, "123456789019", .checkDigit), (.numberA, "123456789081", .checkDigit),
        (.numberA, "000000000001", .checkDigit), (.numberA, "12345678901", .wrongLength),
        (.numberA, "1234567890188", .wrongLength), (.numberA, "12345678901A", .wrongCharacters),
        // Births.
        (.numberB, "1989033120352285", .gregorianBirth), (.birthDate, "19890331", .gregorianBirth),
        (.birthDate, "000331", .notABirthDate), (.birthDate, "650331", .notABirthDate),
        (.birthDate, "011331", .notABirthDate), (.birthDate, "010031", .notABirthDate),
        (.birthDate, "010100", .notABirthDate), (.birthDate, "010132", .notABirthDate),
        (.birthDate, "01010", .wrongLength), (.birthDate, "0101011", .wrongLength),
        (.birthDate, "S10331", .wrongCharacters), (.numberB, "00021720352285", .notABirthDate),
        (.numberB, "55003120352285", .notABirthDate), (.numberB, "55023220352285", .notABirthDate),
        (.numberB, "55021720152285", .notAnExpiryYear), (.numberB, "55021721002285", .notAnExpiryYear),
        (.numberB, "5502172035228", .wrongLength), (.numberB, "550217203522855", .wrongLength),
        // Lengths and letters.
        (.auth, "123", .wrongLength), (.auth, "12345", .wrongLength), (.input, "123456", .wrongLength),
        (.auth, "12 3", .wrongLength), (.auth, "123A", .wrongCharacters), (.auth, "12.4", .wrongCharacters),
        (.auth, "一二三四", .wrongCharacters), (.auth, "1234\n", .wrongCharacters),
        (.sign, "AB123", .wrongLength), (.sign, "ABCDEFGH123456789", .wrongLength),
        (.sign, "ABC-123", .wrongCharacters),
        (.sign, "ABC 123", .wrongCharacters), (.sign, "ABC123!", .wrongCharacters),
        (.sign, "ＡＢＣ１２３あ", .wrongCharacters),
        (.sign, "ÀBC123", .wrongCharacters),
    ]

    @Test(arguments: flaws) func `is refused`(kind: SecretKind, typed: String, flaw: ShapeFlaw) {
        #expect(flawOf(typed, kind) == flaw)
    }

    static let fit: [(SecretKind, String, folding: SecretFolding)] = [
        (.sign, "ABC123", []), (.sign, "abc123", .lowerCase), (.sign, "ＡＢＣ１２３", .fullWidth),
        (.sign, "ａｂｃ１２３", [.fullWidth, .lowerCase]), (.sign, "ABCDEF", []), (.sign, "123456", []),
        (.sign, "ABCDEFGH12345678", []), (.sign, "12345678", []), (.sign, "987654321098", []),
        (.auth, "1234", []), (.auth, "0000", []), (.auth, "１２３４", .fullWidth), (.auth, "12-34", .separators),
        (.input, " 1234 ", .separators), (.register, "9999", []),
        (.numberA, "123456789018", []), (.numberA, "1234 5678 9018", .separators),
        (.numberA, "１２３４－５６７８－９０１８", [.fullWidth, .separators]),
        (.numberB, "55021720352285", []), (.numberB, "01010120160000", []), (.numberB, "641231 2099 9999", .separators),
        (.birthDate, "550217", []), (.birthDate, "640101", []), (.birthDate, "01-12-31", .separators),
    ]

    @Test(arguments: fit) func `is taken, and what was changed is said`(
        kind: SecretKind,
        typed: String,
        folding: SecretFolding
    ) throws {
        let secret = try judged(typed, as: kind)
        #expect(secret.kind == kind)
        #expect(secret.folding == folding)
    }

    @Test func `is folded to what the card has`() throws {
        let hand = CardInHand(try PersonaCards.card("adult"))
        var client = hand.client
        try client.unlock(.sign, "ａbＣ１2３")
        try client.unlock(.auth, "１ ２－３4")
        #expect(hand.verifications == 2)
    }

    @Test func `is refused where it is the security code`() {
        for kind in SecretKind.allCases {
            var flaw: ShapeFlaw?
            do throws(ShapeFlaw) {
                _ = try SecretJudge.judge(
                    SecretBytes(copying: "２２８５"),
                    as: kind,
                    securityCode: SecretBytes(copying: "2285")
                )
            } catch {
                flaw = error
            }
            #expect(flaw == ([.auth, .input, .register].contains(kind) ? .securityCode : flawOf("2285", kind)))
            #expect(flaw != nil)
        }
        #expect(flawOf("2285", .auth) == nil, "where the code is not known it is a PIN as any other")
    }

    @Test func `never makes the judge trap`() {
        let pieces = [
            "0", "1", "9", "12", "2035", "A", "z", " ", "-", "\u{FF10}", "\u{FF21}", "\u{FF5A}", "あ", "\u{FF0D}",
        ]
        var state: UInt32 = 1
        for _ in 0..<20_000 {
            var typed = ""
            state = state &* 1_664_525 &+ 1_013_904_223
            for _ in 0..<(state >> 28) {
                state = state &* 1_664_525 &+ 1_013_904_223
                typed += pieces[Int(state >> 16) % pieces.count]
            }
            for kind in SecretKind.allCases {
                if flawOf(typed, kind) == nil {
                    #expect(kind.rule.length.contains(typed.filter { $0.isLetter || $0.isNumber }.count))
                }
            }
        }
    }

    private func flawOf(_ typed: String, _ kind: SecretKind) -> ShapeFlaw? {
        do throws(ShapeFlaw) {
            _ = try judged(typed, as: kind)
            return nil
        } catch {
            return error
        }
    }
}

@Suite struct `What is typed as a new secret` {
    static let table: [(SecretKind, new: String, again: String, old: String, flaw: ShapeFlaw?)] = [
        (.sign, "NEW4567", "NEW4567", "ABC123", nil), (.sign, "new4567", "ＮＥＷ４５６７", "ABC123", nil),
        (.auth, "5678", "５６７８", "1234", nil),
        (.sign, "NEW4567", "NEW4568", "ABC123", .notRepeated), (.auth, "5678", "8765", "1234", .notRepeated),
        (.auth, "5678", "", "1234", .empty), (.auth, "5678", "567", "1234", .wrongLength),
        (.sign, "ABC123", "ABC123", "ABC123", .unchanged), (.sign, "abc123", "abc123", "ABC123", .unchanged),
        (.auth, "1234", "1234", "1234", .unchanged),
        (.sign, "ABCDEF", "ABCDEF", "ABC123", .needsLettersAndDigits),
        (.sign, "234567", "234567", "ABC123", .needsLettersAndDigits),
        (.sign, "5678", "5678", "ABC123", .looksLike(.auth)), (.auth, "NEW4567", "NEW4567", "1234", .looksLike(.sign)),
        (.input, "123456789018", "123456789018", "1234", .looksLike(.numberA)),
    ]

    @Test(arguments: table) func `is held against the rules`(
        kind: SecretKind,
        new: String,
        again: String,
        old: String,
        flaw: ShapeFlaw?
    ) throws {
        let before = try judged(old, as: kind)
        #expect(
            flawOf { () throws(ShapeFlaw) in
                _ = try SecretJudge.judgeNew(
                    SecretBytes(copying: new),
                    as: kind,
                    repeated: SecretBytes(copying: again),
                    insteadOf: before
                )
            } == flaw
        )
        let forgotten = flawOf { () throws(ShapeFlaw) in
            _ = try SecretJudge.judgeNew(SecretBytes(copying: new), as: kind, repeated: SecretBytes(copying: again))
        }
        #expect(forgotten == (flaw == .unchanged ? nil : flaw), "where nobody knows the old one, it cannot be the same")
    }

    private func flawOf(_ body: () throws(ShapeFlaw) -> Void) -> ShapeFlaw? {
        do throws(ShapeFlaw) {
            try body()
            return nil
        } catch {
            return error
        }
    }
}
