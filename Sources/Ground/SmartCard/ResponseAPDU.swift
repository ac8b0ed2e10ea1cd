/// What a card answered: data, possibly none, and a status.
public struct ResponseAPDU: Hashable, Sendable {
    public var data: [UInt8]
    public var status: StatusWord

    public init(_ status: StatusWord, data: [UInt8] = []) {
        self.status = status
        self.data = data
    }

    /// Reads a response off the wire; `nil` when it is shorter than a status.
    public init?(parsing bytes: [UInt8]) {
        guard bytes.count >= 2 else { return nil }
        data = Array(bytes.dropLast(2))
        status = StatusWord(rawValue: UInt16(bytes[bytes.count - 2]) << 8 | UInt16(bytes[bytes.count - 1]))
    }

    /// The response as it goes over the wire.
    public var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(data.count + 2)
        out += data
        status.append(to: &out)
        return out
    }
}
