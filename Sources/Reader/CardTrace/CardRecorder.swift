public import CardClient
import SmartCard

/// Keeps what passes between a program and a card, in memory only, and gives it out blanked.
///
/// Secrets in commands are left out the moment they pass. What the card answers is kept until the end, since only then
/// is it known which bytes of a file are what; nobody gets it but as ``trace``.
public final class CardRecorder {
    private var exchanges: [CardTrace.Exchange] = []

    public init() {}

    /// The conversation so far, blanked.
    public var trace: CardTrace { TraceMask.blank(exchanges) }

    func record(_ command: [UInt8], _ outcome: CardTrace.Outcome) {
        exchanges.append(CardTrace.Exchange(command: TraceMask.withholdData(command), outcome: outcome))
    }
}

/// A channel that is listened to.
public struct RecordingChannel<Channel: CardChannel>: CardChannel {
    public private(set) var channel: Channel
    private let recorder: CardRecorder

    public init(_ channel: Channel, recorder: CardRecorder) {
        self.channel = channel
        self.recorder = recorder
    }

    public mutating func transmit(_ command: [UInt8]) throws(ChannelFailure) -> [UInt8] {
        do throws(ChannelFailure) {
            let response = try channel.transmit(command)
            recorder.record(command, .response(response))
            return response
        } catch {
            recorder.record(command, .failure(error))
            throw error
        }
    }
}
