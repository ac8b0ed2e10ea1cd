/// Where a card's changes become durable.
public protocol CardStore {
    /// Makes these changes durable as a whole. When it returns, they survive anything; when it throws, the card must act
    /// as if they had not happened, and the store takes no further changes until it is opened again.
    mutating func commit(_ changes: [Change]) throws(StoreFailure)
}

/// The store could not make a change durable; what to do is in the host's log, not here.
public struct StoreFailure: Error, Hashable, Sendable {
    public init() {}
}

/// A store that keeps nothing: for a card that is being made, and for tests.
public struct VolatileStore: CardStore, Sendable {
    public init() {}
    public mutating func commit(_ changes: [Change]) throws(StoreFailure) {}
}

extension VirtualCard {
    /// Takes a command through all its steps to its answer, at least two bytes long.
    public mutating func respond<Store: CardStore>(to command: [UInt8], committingTo store: inout Store) -> [UInt8] {
        var step = receive(command)
        while true {
            switch step {
            case .answer(let bytes):
                return bytes
            case .commit(let changes, let continuation):
                do throws(StoreFailure) {
                    try store.commit(changes)
                    step = resume(continuation)
                } catch {
                    step = abandon(continuation)
                }
            }
        }
    }
}
