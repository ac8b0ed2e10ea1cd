/// Examines a log entry by entry: whether anything was altered, removed, added or moved, up to the last checkpoint.
///
/// Entries come in each writer's order, writers mixed as they like; checkpoints are given first, in their order. Memory
/// does not grow with the log.
public struct LogVerifier {
    /// In the order in which they were found.
    public private(set) var faults: [LogFault] = []
    /// The ends of the chains so far, by writer.
    public private(set) var heads: [String: LogHead] = [:]
    /// How many entries were examined.
    public private(set) var count = 0
    /// The last checkpoint that is as it should be; entries after it could have been removed without being missed.
    public private(set) var lastCheckpoint: LogCheckpoint?

    /// What checkpoints say of places not reached yet: by writer, in ascending order.
    private var awaited: [String: [(sequence: UInt64, hash: [UInt8], checkpoint: UInt64)]] = [:]

    public init() {}

    /// Examines a checkpoint and remembers what it says.
    ///
    /// - Parameters:
    ///   - checkpoint: the next one.
    ///   - isSigned: whether a signature over a content is that of the keeper of the records.
    public mutating func take(
        _ checkpoint: SignedCheckpoint,
        isSigned: (_ content: [UInt8], _ signature: [UInt8]) -> Bool
    ) {
        let read: LogCheckpoint
        do throws(LogFault) {
            read = try LogCheckpoint(content: checkpoint.content)
        } catch {
            faults.append(error)
            return
        }
        guard isSigned(checkpoint.content, checkpoint.signature) else {
            faults.append(.checkpointForged(read.number))
            return
        }
        let expected = (lastCheckpoint?.number ?? 0) + 1
        if read.number != expected || read.previous != lastCheckpoint?.digest ?? Array(repeating: 0, count: 32) {
            faults.append(.checkpointMissing(expected))
        }
        let next = Dictionary(read.heads.map { ($0.writer, $0.sequence) }) { $1 }
        if lastCheckpoint?.heads.contains(where: { next[$0.writer] ?? 0 < $0.sequence }) ?? false {
            faults.append(.checkpointFallsBack(read.number))
        }
        for head in read.heads { awaited[head.writer, default: []].append((head.sequence, head.hash, read.number)) }
        lastCheckpoint = read
    }

    /// Examines the next entry of its writer; after a fault the examination goes on from the entry as it is.
    public mutating func take(_ entry: LogEntry) {
        count += 1
        let head = heads[entry.writer] ?? LogHead(of: entry.writer)
        if !entry.hasRightHash { faults.append(.altered(entry.position)) }
        if entry.sequence != head.sequence + 1 {
            faults.append(.missing(LogPosition(writer: entry.writer, sequence: head.sequence + 1)))
        } else if entry.previous != head.hash {
            faults.append(.unlinked(entry.position))
        }
        if entry.instant < head.instant { faults.append(.outOfTime(entry.position)) }
        compare(entry)
        if entry.sequence > head.sequence { heads[entry.writer] = LogHead(after: entry) }
    }

    private mutating func compare(_ entry: LogEntry) {
        while let next = awaited[entry.writer]?.first, next.sequence <= entry.sequence {
            if next.sequence < entry.sequence || next.hash != entry.hash {
                faults.append(
                    .contradictsCheckpoint(
                        LogPosition(writer: entry.writer, sequence: next.sequence),
                        checkpoint: next.checkpoint
                    )
                )
            }
            awaited[entry.writer]?.removeFirst()
        }
    }

    /// To be called after the last entry: what checkpoints name and no entry was there for.
    public mutating func finish() {
        for (writer, places) in awaited.sorted(by: { $0.key < $1.key }) {
            for place in places {
                faults.append(
                    .contradictsCheckpoint(
                        LogPosition(writer: writer, sequence: place.sequence),
                        checkpoint: place.checkpoint
                    )
                )
            }
        }
        awaited = [:]
    }
}
