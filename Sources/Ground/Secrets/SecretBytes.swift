/// A secret in memory of its own: never copied by itself, overwritten when its owner lets it go.
///
/// What it cannot undo is a copy made before or beside it; so fill it from where the secret enters (``append(_:)``), and
/// copy out of it only into something that is wiped.
@safe public struct SecretBytes: ~Copyable, @unchecked Sendable {
    private let storage: UnsafeMutableRawBufferPointer
    public private(set) var count = 0

    /// The most bytes it can hold.
    public var capacity: Int { unsafe storage.count }

    public init(capacity: Int = 64) {
        unsafe storage = UnsafeMutableRawBufferPointer.allocate(byteCount: max(capacity, 1), alignment: 1)
    }

    /// Takes the bytes over and wipes the array they came in.
    public init(taking bytes: inout [UInt8]) {
        self.init(capacity: bytes.count)
        for byte in bytes { append(byte) }
        wipe(&bytes)
    }

    /// Takes a text's UTF-8; the text itself stays wherever it came from, so this is for constants and tests.
    public init(copying text: String) {
        self.init(capacity: text.utf8.count)
        for byte in text.utf8 { append(byte) }
    }

    deinit {
        unsafe clear(storage)
        unsafe storage.deallocate()
    }

    /// Adds a byte at the end; a full secret is left as it is and says so.
    @discardableResult
    public mutating func append(_ byte: UInt8) -> Bool {
        guard unsafe count < storage.count else { return false }
        unsafe storage[count] = byte
        count += 1
        return true
    }

    public mutating func removeLast() {
        guard count > 0 else { return }
        count -= 1
        unsafe storage[count] = 0
    }

    public mutating func removeAll() {
        unsafe clear(storage)
        count = 0
    }

    /// The byte at a place from 0 to `count` − 1; 0 beyond it.
    public subscript(index: Int) -> UInt8 {
        guard (0..<count).contains(index) else { return 0 }
        return unsafe storage[index]
    }

    /// A copy that the caller wipes.
    public borrowing func copy() -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(count)
        for index in 0..<count { unsafe out.append(storage[index]) }
        return out
    }

    /// Compares in a time that depends on the lengths only.
    public borrowing func equals(_ other: borrowing SecretBytes) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for index in 0..<count { unsafe difference |= storage[index] ^ other.storage[index] }
        return difference == 0
    }
}
