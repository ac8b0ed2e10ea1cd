import Crypto
import EventLog

/// The whole status at one place of the log, to start from.
///
/// `FUDASTAT`, version, where each writer's chain stood, generations, the two tables, and SHA-256 over everything
/// before. Numbers are little-endian, as the machines are that read it.
public enum StatusSnapshot {
    static let magic = Array("FUDASTAT".utf8)
    static let version: UInt32 = 1

    public static func encoded(_ status: StatusState) -> [UInt8] {
        var writer = SnapshotWriter()
        writer.put(bytes: magic)
        writer.put(version)
        status.write(into: &writer)
        writer.put(bytes: Array(SHA256.hash(data: writer.bytes)))
        return writer.bytes
    }

    /// Reads a snapshot whole, or not at all.
    public static func decoded(_ bytes: [UInt8]) throws(StatusSnapshotError) -> StatusState {
        let length = bytes.count - SHA256.byteCount
        guard length > magic.count, bytes.starts(with: magic) else { throw .notASnapshot }
        guard bytes[length...].elementsEqual(SHA256.hash(data: bytes[..<length])) else { throw .damaged }
        var reader = SnapshotReader(bytes, from: magic.count, to: length)
        let version = try reader.number() as UInt32
        guard version == Self.version else { throw .unknownVersion(version) }
        let status = try StatusState(from: &reader)
        guard reader.isAtEnd else { throw .damaged }
        return status
    }
}

/// Why a snapshot is not used; whoever meets it reads the whole log instead.
public enum StatusSnapshotError: Error, Hashable, Sendable {
    case notASnapshot
    case unknownVersion(UInt32)
    /// The checksum, the counts or the structure is not right.
    case damaged
}

/// Appends numbers and texts to a snapshot.
struct SnapshotWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put<Number: FixedWidthInteger>(_ number: Number) {
        unsafe withUnsafeBytes(of: number.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func put(_ text: String) {
        put(UInt32(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func put(bytes more: [UInt8]) { bytes.append(contentsOf: more) }

    mutating func put(words: [UInt64]) {
        unsafe words.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }
}

/// Takes numbers and texts from a snapshot, never beyond its end.
struct SnapshotReader {
    private let bytes: [UInt8]
    private var position: Int
    private let end: Int

    init(_ bytes: [UInt8], from start: Int, to end: Int) {
        self.bytes = bytes
        position = start
        self.end = end
    }

    var isAtEnd: Bool { position == end }

    mutating func number<Number: FixedWidthInteger>() throws(StatusSnapshotError) -> Number {
        let size = MemoryLayout<Number>.size
        guard end - position >= size else { throw .damaged }
        defer { position += size }
        return unsafe bytes.withUnsafeBytes {
            unsafe Number(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Number.self))
        }
    }

    mutating func text() throws(StatusSnapshotError) -> String {
        String(decoding: try take(Int(try number() as UInt32)), as: UTF8.self)
    }

    mutating func take(_ count: Int) throws(StatusSnapshotError) -> ArraySlice<UInt8> {
        guard count >= 0, end - position >= count else { throw .damaged }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    mutating func read(words: inout [UInt64]) throws(StatusSnapshotError) {
        let size = words.count * 8
        guard end - position >= size else { throw .damaged }
        unsafe words.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes {
                unsafe target.copyMemory(from: .init(rebasing: $0[position..<(position + size)]))
            }
        }
        position += size
    }
}
