/// A way to a card: one command in, one response out.
///
/// Implemented by the PC/SC adapter, by recordings, and by cards in memory. A channel keeps no copy of what passes
/// through it: commands may hold a PIN.
public protocol CardChannel {
    /// Sends one command as it goes over the wire and gives the response as it came, whatever its length.
    mutating func transmit(_ command: [UInt8]) throws(ChannelFailure) -> [UInt8]
}

/// Why no response came.
public enum ChannelFailure: Error, Hashable, Sendable {
    /// The card has left the reader.
    case cardRemoved
    /// Somebody else has reset the card: what was verified is gone.
    case cardReset
    /// The card or the reader does not answer.
    case unresponsive
    /// The reader has been unplugged.
    case readerGone
    /// The PC/SC service has ended.
    case serviceGone
    /// A response came that is too short to hold a status.
    case garbled
    /// A recording has no answer to this command.
    case notRecorded
    /// Anything else, with the number of the layer below (PC/SC part 5's codes for the PC/SC adapter).
    case other(UInt32)
}
