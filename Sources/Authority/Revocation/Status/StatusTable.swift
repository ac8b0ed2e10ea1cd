public import EventLog

/// The status of every certificate of one authority: two bits for each serial number, and twelve bytes for each revoked
/// one.
///
/// Serial numbers are running numbers, so the number is the place. 200 million certificates take 50 MB.
public struct StatusTable: Sendable {
    private var blocks: [Block] = []
    /// Codes of partitions, in the order in which they came up; entries keep the index.
    private var partitions: [String] = []
    private var partitionIndex: [String: UInt16] = [:]
    /// How many certificates of each partition were ever revoked.
    private var revisions: [Int] = []
    public private(set) var counts = Counts()

    /// How many certificates are in each state; what a table read from a snapshot is checked by.
    public struct Counts: Hashable, Sendable {
        /// All serial numbers ever spent.
        public var issued = 0
        public var inactive = 0
        public var revoked = 0

        public init(issued: Int = 0, inactive: Int = 0, revoked: Int = 0) {
            self.issued = issued
            self.inactive = inactive
            self.revoked = revoked
        }
    }

    public init() {}

    public func status(of serial: UInt32) -> CertificateStatus {
        let (block, offset) = Self.place(of: serial)
        guard block < blocks.count else { return .neverIssued }
        switch blocks[block].mark(at: offset) {
        case .none: return .neverIssued
        case .inactive: return .inactive
        case .good: return .good
        case .revoked:
            guard let entry = blocks[block].entry(at: offset) else { return .neverIssued }
            return .revoked(revocation(entry))
        }
    }

    /// A serial number was spent.
    public mutating func add(_ serial: UInt32) { set(serial, .inactive) }

    /// The certificate was handed over.
    public mutating func release(_ serial: UInt32) { set(serial, .good) }

    /// The certificate was revoked or held, whatever it was before.
    ///
    /// A later revocation of the same certificate changes nothing: relying parties go on seeing the first.
    public mutating func revoke(_ serial: UInt32, _ revocation: Revocation) {
        let (block, offset) = Self.place(of: serial)
        grow(to: block)
        let before = blocks[block].mark(at: offset)
        guard before != .revoked else { return }
        count(before, -1)
        count(.revoked, 1)
        let partition = index(of: revocation.partition)
        revisions[Int(partition)] += 1
        blocks[block].insert(
            Entry(
                offset: UInt16(offset),
                partition: partition,
                endDay: UInt16(clamping: revocation.notAfter / 86_400 + 1 - Entry.firstDay),
                reason: revocation.reason.rawValue,
                at: UInt32(clamping: revocation.at)
            )
        )
    }

    /// Every revoked certificate, in the order of the serial numbers.
    public func forEachRevoked(_ visit: (RevokedCertificate) -> Void) {
        for (number, block) in blocks.enumerated() {
            let base = UInt32(number) << Self.blockBits
            for entry in block.revoked {
                guard let reason = RevocationReason(rawValue: entry.reason) else { continue }
                visit(
                    RevokedCertificate(
                        serial: base | UInt32(entry.offset),
                        reason: reason,
                        at: Int64(entry.at),
                        partition: Int(entry.partition),
                        endDay: Int64(entry.endDay) + Entry.firstDay
                    )
                )
            }
        }
    }

    /// The place of a partition among those that have a revoked certificate.
    public func place(of partition: String) -> Int? { partitionIndex[partition].map { Int($0) } }

    /// Rises with every revocation in the partition; 0 where there was none.
    public func revision(of partition: String) -> Int { place(of: partition).map { revisions[$0] } ?? 0 }

    /// The partitions that have a revoked certificate.
    public var partitionsInUse: [String] { partitions }
}

/// One revoked certificate of a table.
public struct RevokedCertificate: Hashable, Sendable {
    public let serial: UInt32
    public let reason: RevocationReason
    /// Seconds since 1970 UTC.
    public let at: Int64
    /// Its partition's place in the table.
    public let partition: Int
    /// The first day after its end, in days since 1970 UTC.
    public let endDay: Int64
}

// MARK: - Inside

extension StatusTable {
    static let blockBits: UInt32 = 16

    enum Mark: UInt64 {
        case none = 0
        case inactive = 1
        case good = 2
        case revoked = 3
    }

    struct Entry {
        var offset: UInt16
        var partition: UInt16
        /// Days since ``firstDay`` of the first day after the certificate's end.
        var endDay: UInt16
        var reason: UInt8
        var at: UInt32

        /// 2015-01-01, before the first certificate of JPKI, in days since 1970.
        static let firstDay: Int64 = 16_436
    }

    /// 65,536 serial numbers.
    struct Block: Sendable {
        /// Two bits each, the lowest serial number in the lowest bits of the first word.
        var marks = [UInt64](repeating: 0, count: 1 << 11)
        /// In the order of their offsets.
        var revoked: [Entry] = []

        func mark(at offset: Int) -> Mark {
            Mark(rawValue: marks[offset >> 5] >> UInt64((offset & 31) << 1) & 3) ?? .none
        }

        mutating func set(_ mark: Mark, at offset: Int) {
            let shift = UInt64((offset & 31) << 1)
            marks[offset >> 5] = marks[offset >> 5] & ~(3 << shift) | mark.rawValue << shift
        }

        /// The place of the first entry that is not before `offset`.
        private func place(of offset: UInt16) -> Int {
            var (low, high) = (0, revoked.count)
            while low < high {
                let middle = (low + high) / 2
                if revoked[middle].offset < offset { low = middle + 1 } else { high = middle }
            }
            return low
        }

        func entry(at offset: Int) -> Entry? {
            let place = place(of: UInt16(offset))
            return place < revoked.count && revoked[place].offset == offset ? revoked[place] : nil
        }

        mutating func insert(_ entry: Entry) {
            revoked.insert(entry, at: place(of: entry.offset))
            set(.revoked, at: Int(entry.offset))
        }
    }

    private static func place(of serial: UInt32) -> (block: Int, offset: Int) {
        (Int(serial >> blockBits), Int(serial & 0xFFFF))
    }

    private mutating func grow(to block: Int) {
        while blocks.count <= block { blocks.append(Block()) }
    }

    private mutating func set(_ serial: UInt32, _ mark: Mark) {
        let (block, offset) = Self.place(of: serial)
        grow(to: block)
        let before = blocks[block].mark(at: offset)
        // Nothing leads back: neither from revoked to good, nor from good to inactive.
        guard before.rawValue < mark.rawValue else { return }
        count(before, -1)
        count(mark, 1)
        blocks[block].set(mark, at: offset)
    }

    private mutating func count(_ mark: Mark, _ change: Int) {
        switch mark {
        case .none: counts.issued -= change
        case .inactive: counts.inactive += change
        case .good: break
        case .revoked: counts.revoked += change
        }
    }

    private mutating func index(of partition: String) -> UInt16 {
        if let known = partitionIndex[partition] { return known }
        let index = UInt16(clamping: partitions.count)
        partitions.append(partition)
        revisions.append(0)
        partitionIndex[partition] = index
        return index
    }

    private func revocation(_ entry: Entry) -> Revocation {
        Revocation(
            reason: RevocationReason(rawValue: entry.reason) ?? .unspecified,
            at: Int64(entry.at),
            partition: partitions[Int(entry.partition)],
            notAfter: (Entry.firstDay + Int64(entry.endDay)) * 86_400 - 1
        )
    }
}

// MARK: - Stored form

extension StatusTable {
    /// The number of partitions that entries can tell apart.
    static let greatestPartitionCount = 0xFFFF

    /// Everything, as ``StatusSnapshot`` stores it: partitions, then each block with its marks and entries.
    func write(into writer: inout SnapshotWriter) {
        writer.put(UInt32(partitions.count))
        for partition in partitions { writer.put(partition) }
        writer.put(UInt64(counts.issued))
        writer.put(UInt64(counts.inactive))
        writer.put(UInt64(counts.revoked))
        writer.put(UInt32(blocks.count))
        for block in blocks {
            writer.put(words: block.marks)
            writer.put(UInt32(block.revoked.count))
            for entry in block.revoked {
                writer.put(entry.offset)
                writer.put(entry.partition)
                writer.put(entry.endDay)
                writer.put(UInt16(entry.reason))
                writer.put(entry.at)
            }
        }
    }

    /// Reads what ``write(into:)`` wrote, and counts again: a table whose counts are not those it claims is refused.
    init(from reader: inout SnapshotReader) throws(StatusSnapshotError) {
        for _ in 0..<(try reader.number() as UInt32) {
            guard partitions.count < Self.greatestPartitionCount else { throw .damaged }
            _ = index(of: try reader.text())
        }
        let claimed = Counts(
            issued: Int(clamping: try reader.number() as UInt64),
            inactive: Int(clamping: try reader.number() as UInt64),
            revoked: Int(clamping: try reader.number() as UInt64)
        )
        for _ in 0..<(try reader.number() as UInt32) {
            var block = Block()
            try reader.read(words: &block.marks)
            let entries = Int(try reader.number() as UInt32)
            guard entries <= 1 << Self.blockBits else { throw .damaged }
            block.revoked.reserveCapacity(entries)
            for _ in 0..<entries {
                let entry = Entry(
                    offset: try reader.number(),
                    partition: try reader.number(),
                    endDay: try reader.number(),
                    reason: UInt8(truncatingIfNeeded: try reader.number() as UInt16),
                    at: try reader.number()
                )
                guard Int(entry.partition) < partitions.count, block.mark(at: Int(entry.offset)) == .revoked,
                    block.revoked.last.map({ $0.offset < entry.offset }) ?? true,
                    RevocationReason(rawValue: entry.reason) != nil
                else { throw .damaged }
                block.revoked.append(entry)
                revisions[Int(entry.partition)] += 1
            }
            try recount(block)
            blocks.append(block)
        }
        guard counts == claimed else { throw .damaged }
    }

    private mutating func recount(_ block: Block) throws(StatusSnapshotError) {
        // Of each two-bit mark: is the high bit set, is the low bit set.
        var (inactive, good, revoked) = (0, 0, 0)
        let low: UInt64 = 0x5555_5555_5555_5555
        for word in block.marks {
            let (lows, highs) = (word & low, word >> 1 & low)
            inactive += (lows & ~highs).nonzeroBitCount
            good += (highs & ~lows).nonzeroBitCount
            revoked += (lows & highs).nonzeroBitCount
        }
        guard revoked == block.revoked.count else { throw .damaged }
        counts.issued += inactive + good + revoked
        counts.inactive += inactive
        counts.revoked += revoked
    }
}
