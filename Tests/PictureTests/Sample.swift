/// Pictures to test with, the same at every run.
enum Sample {
    /// Every shade there is, in a slope from corner to corner.
    static func slope(_ width: Int, _ height: Int) -> [UInt8] {
        (0..<width * height).map { place in
            UInt8((place % width * 128 / width) + (place / width * 128 / height))
        }
    }

    /// Neighbours that differ in everything: what compression makes longer, not shorter.
    static func noise(_ width: Int, _ height: Int) -> [UInt8] {
        var state: UInt64 = 20_260_401
        return (0..<width * height).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }
}

/// A greyscale picture as the tools of others give it: a raw portable graymap (PGM, `P5`).
struct Graymap: Equatable {
    struct Malformed: Error {
        let notes: String
    }

    let width: Int
    let height: Int
    let grey: [UInt8]

    init(width: Int, height: Int, grey: [UInt8]) {
        self.width = width
        self.height = height
        self.grey = grey
    }

    /// Header of four words, one space or line end, samples.
    init(_ bytes: [UInt8], notes: String) throws {
        let words = bytes.split(maxSplits: 4, omittingEmptySubsequences: false) { $0 == 0x20 || $0 == 0x0A }
        let texts = words.prefix(4).map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 5, texts[0] == "P5", texts[3] == "255", let width = Int(texts[1]),
            let height = Int(texts[2])
        else { throw Malformed(notes: notes) }
        self.init(width: width, height: height, grey: Array(words[4]))
    }
}
