public import AuthorityCryptography
public import AuthorityRecords
public import EventLog
import Synchronization

extension AuthorityService {
    /// The key that vouches for the log, and signs nothing else; made at its first use.
    public func auditKey() throws -> any AuthorityKey {
        try keys.own("audit", .p384SHA384)
    }

    /// Signs where all chains stand, if that changed since the last time; `nil` if it did not.
    public func checkpoint() async throws -> SignedCheckpoint? {
        let (last, heads) = try await ledger.read { records in
            (try records.checkpoints(after: nil, limit: 1).last, try records.heads())
        }
        if let last, let read = try? LogCheckpoint(content: last.content),
            read.heads == LogCheckpoint(after: nil, instant: 0, heads: heads).heads
        {
            return nil
        }
        let key = try auditKey()
        do {
            return try await ledger.checkpoint { content in
                try await self.work.run { try key.signature(over: content) }
            }
        } catch RecordsError.duplicate {
            // Another node was quicker.
            return nil
        }
    }

    /// Hands over all checkpoints, then every writer's entries in their order.
    public func exportLog(_ write: (LogFileLine) throws -> Void) async throws {
        var number: UInt64 = 0
        while true {
            let after = number
            let page = try await ledger.read { try $0.checkpoints(after: after, limit: 1_000) }
            for one in page { try write(.checkpoint(one)) }
            if page.isEmpty { break }
            number += UInt64(page.count)
        }
        for head in try await ledger.read({ try $0.heads() }) {
            var position = LogPosition(writer: head.writer, sequence: 0)
            while position.sequence < head.sequence {
                let after = position
                let page = try await ledger.read { try $0.entries(after: after, limit: 5_000) }
                guard let last = page.last else { break }
                for entry in page where entry.sequence <= head.sequence { try write(.entry(entry)) }
                position = last.position
            }
        }
    }

    /// Holds the tables against what the log says.
    public func differences() async throws -> [RecordsDifference] {
        try await ledger.read { records in
            var state = AuthorityState()
            for head in try records.heads() {
                var position = LogPosition(writer: head.writer, sequence: 0)
                while true {
                    let page = try records.entries(after: position, limit: 5_000)
                    guard let last = page.last else { break }
                    for entry in page { state.take(entry) }
                    position = last.position
                }
            }
            return try records.differences(from: state)
        }
    }
}
