import FacePicture
import Foundation
import Testing

struct CompressionTests {
    @Test func `a JP2 file begins with its signature and holds one grey component`() throws {
        let file = try FacePicture.encodeJP2(width: 288, height: 360, grey: Sample.face(288, 360), maximumBytes: 9000)
        #expect(file.starts(with: [0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20]))
        // Image header box: height, width, one component, eight bits less one (ISO/IEC 15444-1, I.5.3.1).
        let header: [UInt8] = [0x69, 0x68, 0x64, 0x72, 0, 0, 0x01, 0x68, 0, 0, 0x01, 0x20, 0, 1, 7, 7]
        #expect(file.firstRange(of: header) != nil)
    }

    @Test(arguments: [1000, 2000, 4000, 7000, 15_000, 60_000, 1_000_000])
    func `a file is no larger than asked for`(maximumBytes: Int) throws {
        let pixels = Sample.face(288, 360)
        let file = try FacePicture.encodeJP2(width: 288, height: 360, grey: pixels, maximumBytes: maximumBytes)
        #expect(file.count <= maximumBytes)
        let picture = try FacePicture.decode(file)
        #expect(picture.width == 288)
        #expect(picture.height == 360)
        #expect(picture.grey.count == 288 * 360)
    }

    @Test func `noise fits too, at the cost of quality`() throws {
        let noise = Sample.noise(120, 90)
        for maximumBytes in [600, 3000, 10_800, 20_000] {
            let file = try FacePicture.encodeJP2(width: 120, height: 90, grey: noise, maximumBytes: maximumBytes)
            #expect(file.count <= maximumBytes)
        }
    }

    @Test func `most of the room is used`() throws {
        let noise = Sample.noise(288, 360)
        let file = try FacePicture.encodeJP2(width: 288, height: 360, grey: noise, maximumBytes: 7000)
        #expect(file.count > 6300)
    }

    @Test(arguments: [(7000, 38.0), (3000, 33.0), (30_000, 44.0)])
    func `a picture comes back much as it went in`(maximumBytes: Int, decibels: Double) throws {
        let pixels = Sample.face(288, 360)
        let file = try FacePicture.encodeJP2(width: 288, height: 360, grey: pixels, maximumBytes: maximumBytes)
        #expect(Sample.signalToNoise(pixels, try FacePicture.decode(file).grey) > decibels)
    }

    @Test func `more room never makes it worse`() throws {
        let pixels = Sample.face(288, 360)
        let ratios = try [1500, 3000, 6000, 12_000].map { maximumBytes in
            let file = try FacePicture.encodeJP2(width: 288, height: 360, grey: pixels, maximumBytes: maximumBytes)
            return Sample.signalToNoise(pixels, try FacePicture.decode(file).grey)
        }
        #expect(ratios == ratios.sorted())
    }

    @Test(arguments: [(1, 1), (1, 40), (40, 1), (2, 3), (31, 33), (64, 64)])
    func `small pictures keep their size`(width: Int, height: Int) throws {
        let file = try FacePicture.encodeJP2(
            width: width,
            height: height,
            grey: Sample.face(width, height),
            maximumBytes: 20_000
        )
        let picture = try FacePicture.decode(file)
        #expect(picture.width == width)
        #expect(picture.height == height)
    }

    @Test func `the same picture gives the same file`() throws {
        let pixels = Sample.face(144, 180)
        let first = try FacePicture.encodeJP2(width: 144, height: 180, grey: pixels, maximumBytes: 3000)
        #expect(try FacePicture.encodeJP2(width: 144, height: 180, grey: pixels, maximumBytes: 3000) == first)
    }

    @Test(arguments: [0, -1, 10, 90, Int.min])
    func `a size no file can have is refused`(maximumBytes: Int) {
        #expect(throws: FacePictureError.doesNotFit(maximumBytes: maximumBytes)) {
            try FacePicture.encodeJP2(width: 60, height: 80, grey: Sample.face(60, 80), maximumBytes: maximumBytes)
        }
    }

    @Test func `pixels that do not fit the size are refused`() {
        #expect(throws: FacePictureError.wrongPixelCount(expected: 12, found: 3)) {
            try FacePicture.encodeJP2(width: 4, height: 3, grey: [1, 2, 3], maximumBytes: 1000)
        }
    }

    @Test(arguments: [(0, 4), (4, 0), (-1, 4), (4097, 1), (Int.max, Int.max)])
    func `sizes out of bounds are refused`(width: Int, height: Int) {
        #expect(throws: FacePictureError.unreasonableSize(width: width, height: height)) {
            try FacePicture.encodeJP2(width: width, height: height, grey: [], maximumBytes: 1000)
        }
    }
}

struct DecodingTests {
    @Test(arguments: [[], [0x00], Array("GIF89a".utf8), [UInt8](repeating: 0, count: 5000), [0xFF, 0x4F, 0xFF, 0x51]])
    func `what is no JP2 file is refused`(bytes: [UInt8]) {
        #expect(throws: FacePictureError.notJP2) { try FacePicture.decode(bytes) }
    }

    @Test func `a signature alone is a damaged file`() throws {
        #expect(throws: FacePictureError.damaged) { try FacePicture.decode(Array(try Sample.file().prefix(12))) }
    }

    @Test func `a file cut off anywhere is damaged`() throws {
        let file = try Sample.file()
        for length in stride(from: 12, to: file.count - 2, by: 7) {
            #expect(throws: FacePictureError.damaged) { try FacePicture.decode(Array(file.prefix(length))) }
        }
    }

    @Test func `a picture too large is refused before it is decoded`() throws {
        // 65,536 by 65,536 pixels: four gigabytes for each component.
        #expect(throws: FacePictureError.unreasonableSize(width: 65_536, height: 65_536)) {
            try FacePicture.decode(try Sample.file(claiming: 65_536))
        }
        #expect(throws: FacePictureError.unreasonableSize(width: 4097, height: 4097)) {
            try FacePicture.decode(try Sample.file(claiming: 4097))
        }
    }

    @Test func `two thousand damaged files give a picture or an error`() throws {
        let file = try Sample.file()
        var random = Sample.Random(state: 20_260_401)
        var refused = 0
        for _ in 0..<2000 {
            var mutated = file
            for _ in 0...random.below(6) { random.damage(&mutated) }
            do {
                let picture = try FacePicture.decode(mutated)
                #expect(picture.grey.count == picture.width * picture.height)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 500)
    }

    @Test func `random bytes behind a signature are damaged`() throws {
        let signature = try Sample.file().prefix(12)
        var random = Sample.Random(state: 7)
        for length in 0..<300 {
            let bytes = signature + (0..<length).map { _ in UInt8(random.below(256)) }
            #expect(throws: FacePictureError.damaged) { try FacePicture.decode(Array(bytes)) }
        }
    }

    @Test func `every error says what to do`() {
        let errors: [FacePictureError] = [
            .notJP2, .damaged, .unreasonableSize(width: 1, height: 2), .tooManyComponents(5), .unsupportedSamples,
            .wrongPixelCount(expected: 1, found: 2), .doesNotFit(maximumBytes: 3),
            .compressionFailed(call: "opj_encode"),
        ]
        for error in errors { #expect(error.description.count > 40) }
    }
}
