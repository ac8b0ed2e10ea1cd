/// What is wrong with a log.
public enum LogFault: Error, Hashable, Sendable {
    /// The entry's hash is not that of its content: it was altered.
    case altered(LogPosition)
    /// The entry that should be here is missing, or stands elsewhere.
    case missing(LogPosition)
    /// The entry does not hold the hash of the one before.
    case unlinked(LogPosition)
    /// The entry is older than the one before it.
    case outOfTime(LogPosition)
    /// The chain ends before, or has another entry at, a place that a signed checkpoint names.
    case contradictsCheckpoint(LogPosition, checkpoint: UInt64)
    /// A checkpoint whose text cannot be read.
    case checkpointUnreadable
    /// A checkpoint that was not signed by the keeper of the records.
    case checkpointForged(UInt64)
    /// The checkpoint that should be here is missing.
    case checkpointMissing(UInt64)
    /// A checkpoint whose ends of chains fall back behind those of the one before.
    case checkpointFallsBack(UInt64)
    /// An event this program does not know.
    case unreadable(LogPosition)
    /// An event that could not have happened by the rules, given all others.
    case impossible(LogPosition)
}
