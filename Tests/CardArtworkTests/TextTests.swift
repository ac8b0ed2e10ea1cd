import CardArtwork
import Testing

struct TextTests {
    @Test func `a name becomes one line of black on white, one bit deep`() throws {
        let image = try PNGFile(CardArtwork.text("個人 番子"))
        #expect(image.width == 320)
        #expect(image.height == 24)
        #expect(image.bitDepth == 1)
        #expect(image.colourType == 0)
        #expect(image.hasBlackAndWhite)
        #expect(image.pixels.count { $0 == 0 } < image.pixels.count / 4)
    }

    @Test func `an address takes as many lines as it needs`() throws {
        let one = try PNGFile(CardArtwork.text("東京都千代田区"))
        let many = try PNGFile(CardArtwork.text("東京都千代田区霞が関一丁目1番1号 模擬ビルディング一〇一号室"))
        #expect(one.height == 24)
        #expect(many.height > 24)
        #expect(many.height.isMultiple(of: 24))
        #expect(many.width == 320)
    }

    @Test func `the width and the line height are the caller's`() throws {
        let image = try PNGFile(CardArtwork.text("札 太郎", width: 200, lineHeight: 32))
        #expect(image.width == 200)
        #expect(image.height == 32)
    }

    @Test func `nothing of a wrapped text is lost at its edges`() throws {
        // A full line of full-width characters: all of them in one line would not fit.
        let image = try PNGFile(CardArtwork.text(String(repeating: "国", count: 40)))
        for row in 0..<image.height {
            #expect(image.pixels[row * image.width] == 255)
            #expect(image.pixels[(row + 1) * image.width - 1] == 255)
        }
    }

    @Test(arguments: [
        "ALEXANDRIA WILHELMINA BARTHOLOMEW-FEATHERSTONEHAUGH DE LA FUENTE Y MONTGOMERY",
        String(repeating: "X", count: 200),
        "𠮷田 𠮷子",
        "葛\u{E0100}城 太郎",
        "辻\u{E0100} 花子",
        "髙﨑 はしご",
        "Łukasz Ångström Đặng",
        "ﾊﾝｶｸ ｶﾅ",
    ])
    func `names that are seldom foreseen are drawn`(name: String) throws {
        let image = try PNGFile(CardArtwork.text(name))
        #expect(image.hasBlackAndWhite)
    }

    @Test func `a character outside the first plane has a glyph of its own`() throws {
        #expect(try CardArtwork.text("𠮷") != CardArtwork.text("吉"))
    }

    @Test func `a variation selector chooses the glyph`() throws {
        #expect(try CardArtwork.text("辻\u{E0100}") != CardArtwork.text("辻\u{E0101}"))
        #expect(try CardArtwork.text("葛\u{E0100}") != CardArtwork.text("葛\u{E0101}"))
    }

    @Test func `the same text gives the same file`() throws {
        #expect(try CardArtwork.text("番号 札子") == CardArtwork.text("番号 札子"))
        #expect(try CardArtwork.text("番号 札子") != CardArtwork.text("番号 札男"))
    }

    @Test(arguments: ["", " ", "\u{3000}\n"])
    func `a text without a visible character is refused`(text: String) {
        #expect(throws: ArtworkError.emptyText) { try CardArtwork.text(text) }
    }

    @Test func `a character no font has is refused, not drawn as a box`() {
        #expect(throws: ArtworkError.unknownCharacters(count: 2)) {
            try CardArtwork.text("札\u{F0000}子\u{F0001}")
        }
    }

    @Test(arguments: [
        (0, 24), (30, 24), (5000, 24), (320, 0), (320, -24), (320, 11), (320, 4000), (320, 5000), (Int.max, 24),
    ])
    func `a size nobody could read or hold is refused`(width: Int, lineHeight: Int) {
        #expect(throws: ArtworkError.unreasonableSize(width: width, height: lineHeight)) {
            try CardArtwork.text("札", width: width, lineHeight: lineHeight)
        }
    }

    @Test func `a text longer than any picture is refused`() {
        #expect(throws: ArtworkError.unreasonableSize(width: 320, height: 9600)) {
            try CardArtwork.text(String(repeating: "札\n", count: 399) + "札")
        }
    }

    @Test(arguments: ["札\u{0}子", "札\t子", "札\u{1B}子"])
    func `control characters are refused`(text: String) {
        #expect(throws: ArtworkError.unknownCharacters(count: 1)) { try CardArtwork.text(text) }
    }

    @Test func `a line feed begins a new line`() throws {
        #expect(try PNGFile(CardArtwork.text("札\n子")).height == 48)
    }
}
