import FacePicture
import Foundation

/// Pictures and files to test with, the same at every run.
enum Sample {
    /// Something smooth with a few edges, as faces are.
    static func face(_ width: Int, _ height: Int) -> [UInt8] {
        (0..<width * height).map { place in
            let x = (Double(place % width) + 0.5) / Double(width) * 2 - 1
            let y = (Double(place / width) + 0.5) / Double(height) * 2 - 1
            let isFace = x * x / 0.3 + y * y / 0.5 < 1
            let isEye = abs(abs(x) - 0.25) < 0.08 && abs(y + 0.1) < 0.03
            let shade = isEye ? 25 : isFace ? 190 - 60 * x - 30 * y * y : 225 - 20 * y
            return UInt8(min(max(shade, 0), 255))
        }
    }

    static func noise(_ width: Int, _ height: Int) -> [UInt8] {
        var random = Random(state: 99)
        return (0..<width * height).map { _ in UInt8(random.below(256)) }
    }

    static func file() throws -> [UInt8] {
        try FacePicture.encodeJP2(width: 48, height: 60, grey: face(48, 60), maximumBytes: 1500)
    }

    /// A file whose headers tell of a square of `side` pixels in one tile.
    static func file(claiming side: UInt32) throws -> [UInt8] {
        var file = try file()
        let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: side >> $0) }
        func overwrite(_ offset: Int, after name: [UInt8]) {
            guard let found = file.firstRange(of: name) else { return }
            file.replaceSubrange(found.upperBound + offset..<found.upperBound + offset + 4, with: bytes)
        }
        overwrite(0, after: Array("ihdr".utf8))
        overwrite(4, after: Array("ihdr".utf8))
        // SIZ: its length and capabilities, then width, height, offsets, and the same for tiles.
        for offset in [4, 8, 20, 24] { overwrite(offset, after: [0xFF, 0x51]) }
        return file
    }

    /// In decibels, for samples of eight bits.
    static func signalToNoise(_ left: [UInt8], _ right: [UInt8]) -> Double {
        let squares = zip(left, right).map { (Double($0) - Double($1)) * (Double($0) - Double($1)) }
        let mean = squares.reduce(0, +) / Double(max(squares.count, 1))
        return mean == 0 ? .infinity : 10 * log10(255 * 255 / mean)
    }

    struct Random {
        var state: UInt64

        /// A number from 0 up to, not including, `limit`.
        mutating func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }

        /// Changes, drops, repeats or adds a few bytes, more often among the headers.
        mutating func damage(_ file: inout [UInt8]) {
            guard !file.isEmpty else { return }
            let place = below(2) == 0 ? below(file.count) : below(min(file.count, 220))
            switch below(7) {
            case 0: file[place] ^= 1 << below(8)
            case 1: file[place] = UInt8(below(256))
            case 2: file[place] = [0x00, 0x01, 0x7F, 0x80, 0xFF][below(5)]
            case 3: file.removeSubrange(place..<min(place + 1 + below(8), file.count))
            case 4: file.insert(contentsOf: (0...below(8)).map { _ in UInt8(below(256)) }, at: place)
            case 5: file.removeLast(min(below(40), file.count))
            default: file.insert(contentsOf: file[place..<min(place + 24, file.count)], at: place)
            }
        }
    }
}
