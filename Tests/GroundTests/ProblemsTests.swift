import Problems
import Testing

@Suite struct `The language of a run` {
    @Test(
        arguments: [
            ("ja", nil, .japanese), ("en", nil, .english), ("ja", "en_US.UTF-8", .japanese),
            ("en", "ja_JP.UTF-8", .english),
            (nil, "ja_JP.UTF-8", .japanese), (nil, "ja", .japanese), (nil, "en_GB.UTF-8", .english),
            (nil, "C", .english),
            (nil, nil, .english), (nil, "", .english), (nil, "de_DE.UTF-8", .english),
        ] as [(String?, String?, Language)]
    )
    func `is the option's, else the locale's, else English`(option: String?, locale: String?, language: Language) {
        #expect(Language(option: option, locale: locale) == language)
    }

    @Test(arguments: ["fr", "JA", "ja_JP", ""]) func `is the locale's when the option names none there is`(
        option: String
    ) {
        #expect(Language(option: option, locale: "ja_JP.UTF-8") == .japanese)
        #expect(Language(option: option, locale: "C") == .english)
    }

    @Test func `decides which of the two sentences is said`() {
        let text = Text(ja: "閉塞", en: "blocked")
        #expect(text.inLanguage(.japanese) == "閉塞")
        #expect(text.inLanguage(.english) == "blocked")
    }
}

@Suite struct `The exit code of a program` {
    @Test(
        arguments: [
            (.done, 0), (.other, 1), (.usage, 2), (.noReader, 3), (.noCard, 4), (.wrongPIN, 5), (.blockedPIN, 6),
            (.refusedForSafety, 7), (.invalid, 8), (.undecided, 9), (.revokedOrExpired, 10), (.cancelled, 11),
            (.outcomeUnknown, 12), (.network, 13), (.inputFile, 14),
        ] as [(Outcome, Int32)]
    )
    func `is a number scripts rely on`(outcome: Outcome, code: Int32) {
        #expect(outcome.rawValue == code)
    }

    @Test func `is one of fifteen, below those of shells and signals`() {
        #expect(Outcome.allCases.count == 15)
        #expect(Outcome.allCases.allSatisfy { $0.rawValue < 64 })
    }
    @Test func `has a meaning of its own, in both languages`() {
        for language in Language.allCases {
            let meanings = Outcome.allCases.map { $0.meaning.inLanguage(language) }
            #expect(Set(meanings).count == 15)
            #expect(meanings.allSatisfy { $0.hasSuffix(language == .japanese ? "。" : ".") })
        }
    }
}
