public import CardClient

/// A card made of a trace: answers the same commands in the same order, and nothing else.
public struct ReplayChannel: CardChannel, Sendable {
    private let trace: CardTrace
    private var position = 0

    public init(_ trace: CardTrace) { self.trace = trace }

    public mutating func transmit(_ command: [UInt8]) throws(ChannelFailure) -> [UInt8] {
        guard position < trace.exchanges.count else { throw .notRecorded }
        let exchange = trace.exchanges[position]
        guard exchange.command.count == command.count,
            zip(exchange.command, command).allSatisfy({ $0 == nil || $0 == $1 })
        else { throw .notRecorded }
        position += 1
        switch exchange.outcome {
        case .response(let bytes): return bytes
        case .failure(let failure): throw failure
        }
    }
}
