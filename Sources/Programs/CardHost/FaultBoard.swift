import CardFaults
import Synchronization

/// The faults of one inserted card: any thread sets them, the slot's thread obeys them.
///
/// A command is answered under the lock. So whoever has set a fault knows that the next command meets it, and that a
/// command that was under way has been carried out.
final class FaultBoard: Sendable {
    private let faults: Mutex<CardFaults>

    init(_ faults: [CardFault] = []) { self.faults = Mutex(CardFaults(faults)) }

    var inForce: [CardFault] { faults.withLock { $0.inForce } }

    func add(_ fault: CardFault) { faults.withLock { $0.add(fault) } }

    func clear() { faults.withLock { $0.clear() } }

    func reset() { faults.withLock { $0.reset() } }

    func respond(to command: [UInt8], asking card: ([UInt8]) -> [UInt8]) -> CardFaults.Reaction {
        faults.withLock { $0.respond(to: command, asking: card) }
    }
}
