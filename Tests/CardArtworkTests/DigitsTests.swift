import CardArtwork
import Testing

struct DigitsTests {
    @Test func `the security code image is 24 by 12 pixels and one bit deep`() throws {
        let image = try PNGFile(CardArtwork.digits("4096", width: 24, height: 12))
        #expect(image.width == 24)
        #expect(image.height == 12)
        #expect(image.bitDepth == 1)
        #expect(image.colourType == 0)
        #expect(image.hasBlackAndWhite)
    }

    @Test func `the number image is 72 by 12 pixels and one bit deep`() throws {
        let image = try PNGFile(CardArtwork.digits("012345678906", width: 72, height: 12))
        #expect(image.width == 72)
        #expect(image.height == 12)
        #expect(image.bitDepth == 1)
        #expect(image.hasBlackAndWhite)
    }

    @Test func `no two digits look alike`() throws {
        let images = try (0...9).map { try CardArtwork.digits(String($0), width: 6, height: 12) }
        #expect(Set(images).count == 10)
    }

    @Test func `two digits differ in at least three pixels`() throws {
        let images = try (0...9).map { try PNGFile(CardArtwork.digits(String($0), width: 6, height: 12)).pixels }
        for first in 0...9 {
            for second in 0..<first {
                let differing = zip(images[first], images[second]).count { $0 != $1 }
                #expect(differing >= 3, "\(first) and \(second)")
            }
        }
    }

    @Test func `a digit stands where it would stand alone`() throws {
        let number = try PNGFile(CardArtwork.digits("4073", width: 24, height: 12))
        for (index, digit) in "4073".enumerated() {
            let alone = try PNGFile(CardArtwork.digits(String(digit), width: 6, height: 12))
            for row in 0..<12 {
                let part = number.pixels[row * 24 + index * 6..<row * 24 + index * 6 + 6]
                #expect(Array(part) == Array(alone.pixels[row * 6..<row * 6 + 6]))
            }
        }
    }

    @Test func `a digit fills its place but for a margin of one pixel`() throws {
        for digit in 0...9 {
            let image = try PNGFile(CardArtwork.digits(String(digit), width: 6, height: 12))
            let black = image.pixels.indices.filter { image.pixels[$0] == 0 }
            #expect(black.map { $0 / 6 }.min() == 1)
            #expect(black.map { $0 / 6 }.max() == 10)
            #expect(black.allSatisfy { $0 % 6 < 5 })
        }
    }

    @Test func `in a larger picture the digits grow by whole steps`() throws {
        let image = try PNGFile(CardArtwork.digits("1", width: 15, height: 25))
        let small = try PNGFile(CardArtwork.digits("1", width: 6, height: 12))
        #expect(image.width == 15)
        #expect(image.height == 25)
        #expect(image.pixels.count { $0 == 0 } == 4 * small.pixels.count { $0 == 0 })
    }

    @Test(arguments: ["12a4", "１２３４", "-123", "12 4", "٤٥٦٧"])
    func `anything but the digits 0 to 9 is refused`(text: String) {
        #expect(throws: ArtworkError.notDigits) { try CardArtwork.digits(text, width: 240, height: 12) }
    }

    @Test func `no digits are refused`() {
        #expect(throws: ArtworkError.emptyText) { try CardArtwork.digits("", width: 24, height: 12) }
    }

    @Test(arguments: [(23, 12), (24, 11), (0, 0), (-24, -12), (24, 5000), (Int.max, 12)])
    func `a size the digits do not fit is refused`(width: Int, height: Int) {
        #expect(throws: ArtworkError.unreasonableSize(width: width, height: height)) {
            try CardArtwork.digits("1234", width: width, height: height)
        }
    }
}
