import ForeignTools
import JPEGPicture
import Testing

@Suite struct `A JPEG file` {
    @Test(arguments: [(1, 1), (7, 3), (8, 8), (9, 17), (1, 300), (257, 65)])
    func `is read by another decoder, much as it went in`(width: Int, height: Int) throws {
        let pixels = Sample.slope(width, height)
        let picture = try decoded(try JPEGPicture.grey(width: width, height: height, grey: pixels))
        #expect(picture.width == width)
        #expect(picture.height == height)
        #expect(picture.grey.count == pixels.count)
        #expect(zip(picture.grey, pixels).allSatisfy { abs(Int($0) - Int($1)) <= 8 })
    }

    @Test func `is what other programs take for one: JFIF, eight bits, one component`() throws {
        let file = try JPEGPicture.grey(width: 30, height: 20, grey: Sample.slope(30, 20))
        let answer = try ForeignProgram.run("file", ["--brief", "a.jpg"], files: ["a.jpg": file])
        #expect(answer.text.hasPrefix("JPEG image data, JFIF standard"))
        #expect(answer.text.hasSuffix("baseline, precision 8, 30x20, components 1\n"))
    }

    @Test func `grows with its quality, and so does the likeness`() throws {
        let pixels = Sample.noise(96, 64)
        let files = try [1, 20, 50, 92, 100].map { quality in
            try JPEGPicture.grey(width: 96, height: 64, grey: pixels, quality: quality)
        }
        #expect(files.map(\.count) == files.map(\.count).sorted())
        let errors = try files.map { file in
            zip(try decoded(file).grey, pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        }
        #expect(errors == errors.sorted(by: >))
    }

    @Test func `is of quality 92 unless told otherwise, and the same at every run`() throws {
        let pixels = Sample.noise(40, 40)
        let files = try (0..<3).map { _ in try JPEGPicture.grey(width: 40, height: 40, grey: pixels) }
        #expect(Set(files).count == 1)
        #expect(try JPEGPicture.grey(width: 40, height: 40, grey: pixels, quality: 92) == files[0])
    }

    @Test func `of the greatest sides is written, noise at full quality too`() throws {
        let side = JPEGPicture.greatestSide
        let wide = try JPEGPicture.grey(width: side, height: 9, grey: Sample.noise(side, 9), quality: 100)
        #expect(try decoded(wide).width == side)
        let tall = try JPEGPicture.grey(width: 9, height: side, grey: Sample.noise(9, side), quality: 100)
        #expect(try decoded(tall).height == side)
    }

    @Test(arguments: [(0, 4), (4, 0), (-1, 4), (4, -1), (4097, 1), (1, 4097), (Int.max, Int.max), (Int.min, 1)])
    func `has no size out of bounds`(width: Int, height: Int) {
        #expect(throws: JPEGError.unreasonableSize(width: width, height: height)) {
            try JPEGPicture.grey(width: width, height: height, grey: [])
        }
    }

    @Test(arguments: [0, 1, 11, 13, 1000]) func `has as many pixels as its sides say`(count: Int) {
        #expect(throws: JPEGError.wrongPixelCount(expected: 12, found: count)) {
            try JPEGPicture.grey(width: 4, height: 3, grey: [UInt8](repeating: 7, count: count))
        }
    }

    @Test(arguments: [0, -1, 101, Int.max, Int.min]) func `has a quality from 1 to 100`(quality: Int) {
        #expect(throws: JPEGError.unreasonableQuality(quality)) {
            try JPEGPicture.grey(width: 1, height: 1, grey: [0], quality: quality)
        }
    }

    private func decoded(_ file: [UInt8]) throws -> Graymap {
        let answer = try ForeignProgram.run("djpeg", ["-pnm", "picture.jpg"], files: ["picture.jpg": file])
        return try Graymap(answer.output, notes: answer.notes)
    }
}
