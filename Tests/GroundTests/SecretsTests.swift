import Secrets
import Testing

@Suite struct `Comparing in constant time` {
    @Test(arguments: [[], [0x00], [0x31, 0x32, 0x33, 0x34]] as [[UInt8]]) func `finds equal bytes equal`(bytes: [UInt8])
    {
        #expect(equalInConstantTime(bytes, Array(bytes)))
    }

    @Test func `finds a difference in any single bit`() {
        let bytes: [UInt8] = Array(0..<32)
        for index in bytes.indices {
            for bit in 0..<8 {
                var other = bytes
                other[index] ^= 1 << UInt8(bit)
                #expect(!equalInConstantTime(bytes, other))
            }
        }
    }

    @Test func `finds two differences that would cancel out in a sum`() {
        #expect(!equalInConstantTime([0x01, 0x02], [0x02, 0x01]))
        #expect(!equalInConstantTime([0x80, 0x80], [0x00, 0x00]))
    }

    @Test(
        arguments: [([], [0x00]), ([0x00], []), ([0x31], [0x31, 0x00]), ([0x00, 0x00], [0x00])] as [([UInt8], [UInt8])]
    )
    func `finds different lengths different`(left: [UInt8], right: [UInt8]) {
        #expect(!equalInConstantTime(left, right))
    }
}

@Suite struct `Finding padding` {
    @Test(
        arguments: [
            ([0x80], 0), ([0x80, 0x00, 0x00], 0), ([0x31, 0x80], 1), ([0x31, 0x80, 0x00], 1), ([0x80, 0x80], 1),
            ([0x00, 0x80, 0x00], 1), ([0x80, 0x00, 0x80, 0x00, 0x00], 2), ([0x81, 0x80, 0x00], 1),
        ] as [([UInt8], Int)]
    )
    func `finds where it begins, which is the last marker`(bytes: [UInt8], start: Int) {
        #expect(startOfPadding(bytes) == start)
    }

    @Test(
        arguments: [[], [0x00], [0x00, 0x00], [0x01], [0x80, 0x01], [0x80, 0x00, 0x40], [0x81, 0x00], [0xFF]]
            as [[UInt8]]
    )
    func `finds none where a text ends in something else`(bytes: [UInt8]) {
        #expect(startOfPadding(bytes) == nil)
    }

    @Test func `takes off any number of zeros, as reading from the end does`() {
        for length in 0..<64 {
            for zeros in 0..<32 {
                let text = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 37 + zeros) }
                #expect(startOfPadding(text + [0x80] + [UInt8](repeating: 0, count: zeros)) == length)
            }
        }
    }
}

@Suite struct `Wiping bytes` {
    @Test(arguments: [0, 1, 4, 4096]) func `leaves nothing in the variable`(count: Int) {
        var secret = [UInt8](repeating: 0x31, count: count)
        wipe(&secret)
        #expect(secret.isEmpty)
    }

    @Test func `does not reach a copy that somebody else holds`() {
        var secret: [UInt8] = [0x31, 0x32]
        let copy = secret
        wipe(&secret)
        #expect(secret.isEmpty)
        #expect(copy == [0x31, 0x32])
    }
}
