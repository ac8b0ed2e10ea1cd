import Secrets
import Testing

@Suite struct `A secret in memory of its own` {
    @Test func `takes bytes until it is full, and says so`() {
        var secret = SecretBytes(capacity: 3)
        #expect(secret.capacity == 3 && secret.count == 0)
        for byte in [0x31, 0x32, 0x33] as [UInt8] {
            let isTaken = secret.append(byte)
            #expect(isTaken)
        }
        for _ in 0..<3 {
            let isTaken = secret.append(0x34)
            #expect(!isTaken)
        }
        #expect(secret.count == 3 && secret.copy() == [0x31, 0x32, 0x33])
    }

    @Test(arguments: [-1, 0, 1, 64, 4_096]) func `has room for one byte at least`(capacity: Int) {
        let secret = SecretBytes(capacity: capacity)
        #expect(secret.capacity == max(capacity, 1))
        #expect(secret.copy() == [])
    }

    @Test func `gives up its last byte, and nothing where there is none`() {
        var secret = SecretBytes(copying: "12")
        secret.removeLast()
        #expect(secret.copy() == [0x31])
        #expect(secret[1] == 0, "what was removed is not there any more")
        secret.removeLast()
        secret.removeLast()
        secret.removeLast()
        #expect(secret.count == 0 && secret.copy() == [])
        let isTaken = secret.append(0x39)
        #expect(isTaken && secret.copy() == [0x39])
    }

    @Test func `gives up everything and can be filled again`() {
        var secret = SecretBytes(copying: "1234")
        secret.removeAll()
        #expect(secret.count == 0 && secret.capacity == 4)
        #expect((0..<4).allSatisfy { secret[$0] == 0 })
        for byte in [5, 6, 7, 8] as [UInt8] { secret.append(byte) }
        #expect(secret.copy() == [5, 6, 7, 8])
    }

    @Test func `has zeros beyond its end`() {
        let secret = SecretBytes(copying: "1")
        #expect(secret[0] == 0x31)
        for index in [-1, 1, 2, Int.max, Int.min] { #expect(secret[index] == 0) }
    }

    @Test func `leaves nothing in the array it takes over`() {
        var bytes: [UInt8] = [1, 2, 3]
        let secret = SecretBytes(taking: &bytes)
        #expect(bytes == [] && secret.copy() == [1, 2, 3] && secret.capacity == 3)
        var none: [UInt8] = []
        let empty = SecretBytes(taking: &none)
        #expect(empty.count == 0)
    }

    @Test func `takes a text's UTF-8`() {
        let secret = SecretBytes(copying: "１a")
        #expect(secret.copy() == [0xEF, 0xBC, 0x91, 0x61])
    }

    @Test(arguments: ["", "1", "1234", "ABC123", "１"]) func `equals the same bytes, whatever its capacity`(text: String)
    {
        let secret = SecretBytes(copying: text)
        var other = SecretBytes(capacity: 100)
        for byte in text.utf8 { other.append(byte) }
        let areEqual = [secret.equals(other), other.equals(secret), secret.equals(secret)]
        #expect(areEqual == [true, true, true])
    }

    @Test(arguments: [
        ("", "1"), ("1", ""), ("1234", "1235"), ("1234", "0234"), ("1234", "123"), ("12", "21"), ("\0", ""),
    ])
    func `equals no other bytes`(left: String, right: String) {
        let secret = SecretBytes(copying: left)
        let other = SecretBytes(copying: right)
        let areEqual = [secret.equals(other), other.equals(secret)]
        #expect(areEqual == [false, false])
    }

    @Test func `equals no longer what it was before a byte was removed`() {
        var secret = SecretBytes(copying: "1234")
        let before = SecretBytes(copying: "1234")
        secret.removeLast()
        let isEqualWhenShorter = secret.equals(before)
        secret.append(0x35)
        let isEqualWithAnother = secret.equals(before)
        secret.removeLast()
        secret.append(0x34)
        let isEqualAgain = secret.equals(before)
        #expect(!isEqualWhenShorter && !isEqualWithAnother && isEqualAgain)
    }
}
