import CardArtwork
import Foundation
import Testing

struct PortraitTests {
    @Test func `a portrait has the size of the card's photograph unless told otherwise`() throws {
        let portrait = try CardArtwork.portrait(PortraitFeatures())
        #expect(portrait.width == 288)
        #expect(portrait.height == 360)
        #expect(portrait.pixels.count == 288 * 360)
    }

    @Test(arguments: [(96, 96), (144, 180), (600, 300), (300, 700)])
    func `other sizes are drawn too`(width: Int, height: Int) throws {
        let portrait = try CardArtwork.portrait(PortraitFeatures(), width: width, height: height)
        #expect(portrait.width == width)
        #expect(portrait.height == height)
        #expect(portrait.pixels.count == width * height)
        #expect(portrait.contrast > 150)
    }

    @Test func `equal features give the same portrait`() throws {
        let features = PortraitFeatures(faceWidth: 0.3, hair: .long, glasses: true, seed: 77)
        #expect(try CardArtwork.portrait(features) == CardArtwork.portrait(features))
    }

    @Test func `every feature shows`() throws {
        let plain = try CardArtwork.portrait(PortraitFeatures())
        let others = [
            PortraitFeatures(faceWidth: 0.9), PortraitFeatures(hair: .bald), PortraitFeatures(hair: .long),
            PortraitFeatures(hair: .bob), PortraitFeatures(hair: .tied), PortraitFeatures(hairShade: 0.7),
            PortraitFeatures(skinShade: 0.2), PortraitFeatures(glasses: true), PortraitFeatures(beard: true),
            PortraitFeatures(age: .child), PortraitFeatures(age: .elder), PortraitFeatures(seed: 1),
        ]
        for features in others {
            let portrait = try CardArtwork.portrait(features)
            #expect(zip(plain.pixels, portrait.pixels).count { $0 != $1 } > 500, "\(features)")
        }
    }

    @Test func `a portrait has shades, not only black and white`() throws {
        for hair in PortraitFeatures.HairStyle.allCases {
            for age in PortraitFeatures.Age.allCases {
                let portrait = try CardArtwork.portrait(PortraitFeatures(hair: hair, age: age))
                #expect(Set(portrait.pixels).count > 100)
                #expect(portrait.contrast > 150)
            }
        }
    }

    @Test func `the mark in the corner is the same on every portrait`() throws {
        let light = try CardArtwork.portrait(PortraitFeatures(hair: .bald, seed: 3)).lowerRightCorner
        let dark = try CardArtwork.portrait(PortraitFeatures(hair: .long, seed: 4)).lowerRightCorner
        // What shines through the label differs a little; the characters on it do not.
        #expect(light.count { $0 < 100 } > 60)
        #expect(zip(light, dark).allSatisfy { abs(Int($0) - Int($1)) < 50 })
    }

    @Test(arguments: [-4.0, 1.5, .infinity, -.infinity, .nan])
    func `values beyond the ends are taken as the nearest`(value: Double) throws {
        let features = PortraitFeatures(faceWidth: value, hairShade: value, skinShade: value)
        #expect(try CardArtwork.portrait(features).contrast > 100)
    }

    @Test(arguments: [(95, 360), (288, 95), (0, 0), (-1, 360), (5000, 360)])
    func `sizes that cannot carry the mark, or that no card holds, are refused`(width: Int, height: Int) {
        #expect(throws: ArtworkError.unreasonableSize(width: width, height: height)) {
            try CardArtwork.portrait(PortraitFeatures(), width: width, height: height)
        }
    }

    @Test func `features left out of a file stand for their defaults`() throws {
        let decoder = JSONDecoder()
        #expect(try decoder.decode(PortraitFeatures.self, from: Data("{}".utf8)) == PortraitFeatures())
        let some = Data(#"{"hair": "tied", "age": "elder", "glasses": true, "seed": 9}"#.utf8)
        let expected = PortraitFeatures(hair: .tied, glasses: true, age: .elder, seed: 9)
        #expect(try decoder.decode(PortraitFeatures.self, from: some) == expected)
        #expect(try decoder.decode(PortraitFeatures.self, from: JSONEncoder().encode(expected)) == expected)
    }

    @Test func `a hair style nobody knows is an error`() {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(PortraitFeatures.self, from: Data(#"{"hair": "mohawk"}"#.utf8))
        }
    }
}

struct GreyPictureTests {
    @Test func `a PNG of eight bits holds the pixels as they are`() throws {
        let pixels = (0..<300 * 7).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
        let image = try PNGFile(CardArtwork.png(GreyPicture(width: 300, height: 7, pixels: pixels)))
        #expect(image.width == 300)
        #expect(image.height == 7)
        #expect(image.bitDepth == 8)
        #expect(image.colourType == 0)
        #expect(image.pixels == pixels)
    }

    @Test(arguments: [0, 1, 3, 257, 258, 259, 260, 262, 516, 4000])
    func `repetitions of any length survive compression`(length: Int) throws {
        let pixels = [1] + [UInt8](repeating: 9, count: length) + [200, 3]
        let image = try PNGFile(CardArtwork.png(GreyPicture(width: pixels.count, height: 1, pixels: pixels)))
        #expect(image.pixels == pixels)
    }

    @Test func `a portrait survives as a PNG`() throws {
        let portrait = try CardArtwork.portrait(PortraitFeatures(seed: 5))
        #expect(try PNGFile(CardArtwork.png(portrait)).pixels == portrait.pixels)
    }

    @Test func `a picture whose pixels do not fit its size is refused`() {
        #expect(throws: ArtworkError.wrongPixelCount(expected: 6, found: 5)) {
            try CardArtwork.png(GreyPicture(width: 3, height: 2, pixels: [0, 0, 0, 0, 0]))
        }
        #expect(throws: ArtworkError.unreasonableSize(width: 0, height: 2)) {
            try CardArtwork.png(GreyPicture(width: 0, height: 2, pixels: []))
        }
    }

    @Test func `every error says what to do and nothing of the text`() {
        let errors: [ArtworkError] = [
            .emptyText, .unknownCharacters(count: 1), .notDigits, .unreasonableSize(width: 1, height: 2),
            .wrongPixelCount(expected: 1, found: 2), .fontMissing(family: "Noto Sans CJK JP"),
            .drawingFailed(call: "cairo_status", status: 1),
        ]
        for error in errors { #expect(error.description.count > 40) }
        #expect(ArtworkError.fontMissing(family: "Noto Sans CJK JP").description.contains("fonts-noto-cjk"))
    }
}

extension GreyPicture {
    fileprivate var contrast: Int { Int(pixels.max() ?? 0) - Int(pixels.min() ?? 0) }

    fileprivate var lowerRightCorner: [UInt8] {
        (height - 22..<height).flatMap { row in pixels[row * width + width - 38..<(row + 1) * width] }
    }
}
