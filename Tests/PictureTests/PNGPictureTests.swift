import ForeignTools
import PNGPicture
import Testing

@Suite struct `A PNG file` {
    @Test(arguments: [(1, 1), (7, 3), (8, 1), (9, 2), (1, 300), (257, 65)])
    func `of eight bits comes back from another decoder as it went in`(width: Int, height: Int) throws {
        for pixels in [Sample.slope(width, height), Sample.noise(width, height)] {
            let file = try PNGPicture.eightBit(width: width, height: height, grey: pixels)
            #expect(try decoded(file) == Graymap(width: width, height: height, grey: pixels))
        }
    }

    @Test(arguments: [(1, 1), (7, 3), (8, 1), (9, 2), (1, 300), (257, 65)])
    func `of one bit comes back in black and white, whatever the width's remainder`(width: Int, height: Int) throws {
        let pixels = Sample.noise(width, height)
        let file = try PNGPicture.oneBit(width: width, height: height, grey: pixels)
        let expected = pixels.map { $0 >= 0x80 ? UInt8(255) : 0 }
        #expect(try decoded(file) == Graymap(width: width, height: height, grey: expected))
    }

    @Test func `is what other programs take for one`() throws {
        let eight = try PNGPicture.eightBit(width: 30, height: 20, grey: Sample.slope(30, 20))
        let one = try PNGPicture.oneBit(width: 30, height: 20, grey: Sample.slope(30, 20))
        let answer = try ForeignProgram.run(
            "file",
            ["--brief", "eight.png", "one.png"],
            files: ["eight.png": eight, "one.png": one]
        )
        #expect(
            answer.text == """
                PNG image data, 30 x 20, 8-bit grayscale, non-interlaced
                PNG image data, 30 x 20, 1-bit grayscale, non-interlaced

                """
        )
    }

    @Test func `of the greatest side is written`() throws {
        let side = PNGPicture.greatestSide
        let file = try PNGPicture.oneBit(width: side, height: 1, grey: Sample.noise(side, 1))
        #expect(try decoded(file).width == side)
    }

    @Test(arguments: [(0, 4), (4, 0), (-1, 4), (4, -1), (4097, 1), (1, 4097), (Int.max, Int.max), (Int.min, 1)])
    func `has no size out of bounds`(width: Int, height: Int) {
        let refusal = PNGError.unreasonableSize(width: width, height: height)
        #expect(throws: refusal) { try PNGPicture.eightBit(width: width, height: height, grey: []) }
        #expect(throws: refusal) { try PNGPicture.oneBit(width: width, height: height, grey: []) }
    }

    @Test(arguments: [0, 1, 11, 13, 1000]) func `has as many pixels as its sides say`(count: Int) {
        let pixels = [UInt8](repeating: 7, count: count)
        let refusal = PNGError.wrongPixelCount(expected: 12, found: count)
        #expect(throws: refusal) { try PNGPicture.eightBit(width: 4, height: 3, grey: pixels) }
        #expect(throws: refusal) { try PNGPicture.oneBit(width: 4, height: 3, grey: pixels) }
    }

    /// Python's zlib and CRC, with nothing of the writer's.
    private func decoded(_ file: [UInt8]) throws -> Graymap {
        let answer = try ForeignProgram.run(
            "python3",
            ["decode.py", "picture.png"],
            files: ["picture.png": file, "decode.py": Array(Self.decoder.utf8)]
        )
        return try Graymap(answer.output, notes: answer.notes)
    }

    /// Reads greyscale PNG files without filters or interlacing, and refuses every other.
    private static let decoder = """
        import struct, sys, zlib
        data = open(sys.argv[1], "rb").read()
        assert data[:8] == bytes([0x89]) + b"PNG\\r\\n" + bytes([0x1A]) + b"\\n"
        place, packed, names = 8, b"", []
        while place < len(data):
            length, name = struct.unpack(">I4s", data[place:place + 8])
            content = data[place + 8:place + 8 + length]
            assert struct.unpack(">I", data[place + 8 + length:place + 12 + length])[0] == zlib.crc32(name + content)
            if name == b"IHDR": width, height, depth, colour, *methods = struct.unpack(">IIBBBBB", content)
            if name == b"IDAT": packed += content
            names.append(name)
            place += 12 + length
        assert names[0] == b"IHDR" and names[-1] == b"IEND" and colour == 0 and methods == [0, 0, 0]
        rows = zlib.decompress(packed)
        pitch = 1 + (width * depth + 7) // 8
        assert len(rows) == pitch * height
        out = bytearray()
        for row in range(height):
            line = rows[row * pitch:(row + 1) * pitch]
            assert line[0] == 0
            bits = int.from_bytes(line[1:], "big")
            for column in range(width):
                shift = (pitch - 1) * 8 - (column + 1) * depth
                out.append((bits >> shift & (1 << depth) - 1) * 255 // ((1 << depth) - 1))
        sys.stdout.buffer.write(b"P5 %d %d 255\\n" % (width, height) + out)
        """
}
