import CertificateProfiles
import EventLog

/// Logs made for tests.
enum Chains {
    static func chain(_ writer: String, _ events: [AuthorityEvent], from instant: Int64 = 1_000) throws -> [LogEntry] {
        var head = LogHead(of: writer)
        var entries: [LogEntry] = []
        for (index, event) in events.enumerated() {
            let entry = LogEntry(after: head, instant: instant + Int64(index), actor: "test", body: try event.encoded())
            entries.append(entry)
            head = LogHead(after: entry)
        }
        return entries
    }

    /// A checkpoint that "signs" with its own digest: the signature is somebody else's matter.
    static func checkpoint(_ number: UInt64, after last: LogCheckpoint? = nil, _ heads: [LogHead]) -> LogCheckpoint {
        LogCheckpoint(after: last, instant: Int64(number) * 60_000, heads: heads)
    }

    static func signed(_ checkpoint: LogCheckpoint) -> SignedCheckpoint {
        SignedCheckpoint(content: checkpoint.content, signature: checkpoint.digest)
    }

    static func isSigned(_ content: [UInt8], _ signature: [UInt8]) -> Bool {
        (try? LogCheckpoint(content: content).digest) == signature
    }

    static func faults(_ entries: [LogEntry], _ checkpoints: [SignedCheckpoint] = []) -> [LogFault] {
        var verifier = LogVerifier()
        for checkpoint in checkpoints { verifier.take(checkpoint, isSigned: isSigned) }
        for entry in entries { verifier.take(entry) }
        verifier.finish()
        return verifier.faults
    }
}

extension LogEntry {
    /// The entry with something else in it, and the hash it had or the one that fits.
    func altered(actor: String? = nil, instant: Int64? = nil, previous: [UInt8]? = nil, hash: [UInt8]? = nil)
        -> LogEntry
    {
        LogEntry(
            writer: writer,
            sequence: sequence,
            instant: instant ?? self.instant,
            actor: actor ?? self.actor,
            body: body,
            previous: previous ?? self.previous,
            hash: hash ?? self.hash
        )
    }
}
