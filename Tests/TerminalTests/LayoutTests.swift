import Terminal
import Testing

@Suite struct `What is written to a terminal` {
    @Test(
        arguments: [
            ("", 0), ("abc", 3), ("番号", 4), ("番号　花子", 10), ("ｱｲｳ", 3), ("Ａ１", 4), ("か\u{3099}", 2),
            ("\u{845B}\u{E0100}", 2), ("𠮷野家", 6), ("é", 1), ("–", 1),
        ]
    )
    func `takes two columns for a wide character and none for a combining one`(text: String, columns: Int) {
        #expect(Terminal.width(text) == columns)
        #expect(Terminal.width(Terminal.padded(text, to: 12)) == 12)
        #expect(Terminal.padded(text, to: 0) == text)
    }

    @Test func `stands in columns, whatever the characters' width`() {
        let lines = Terminal.table([["氏名", "番号"], ["x", "y", "z"], ["address", "千代田区"], []])
        #expect(lines == ["氏名     番号", "x        y         z", "address  千代田区", ""])
        #expect(Terminal.table([]).isEmpty)
    }

    @Test(
        arguments: [
            "\u{1B}[2J", "\u{9B}31m", "a\rb", "a\nb", "\u{8}", "\u{0}", "\u{7F}", "\u{85}", "\u{2028}", "\u{2029}",
            "\u{202E}abc", "\u{2066}x\u{2069}",
        ]
    )
    func `holds nothing of outside that moves the cursor or turns the text round`(text: String) {
        let shown = Terminal.harmless(text)
        #expect(shown.unicodeScalars.contains("\u{FFFD}"))
        #expect(shown.unicodeScalars.count == text.unicodeScalars.count, "one character stands for one")
        for scalar in shown.unicodeScalars {
            #expect(![.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory))
        }
        #expect(Terminal.harmless(shown) == shown)
    }

    @Test(arguments: ["番号　花子", "葛\u{E0100}飾", "𠮷", "か\u{3099}", "O'Brien-Ω", "👩‍👩‍👧"])
    func `holds names as they are`(name: String) {
        #expect(Terminal.harmless(name) == name)
    }
}
