import AuthorityAssembly
import ControlSocket
import Dispatch

/// Takes orders through the control socket, each on a thread of its own: a hold never waits for an order that takes its
/// time.
final class OrderDesk: Sendable {
    private let control: ControlServer
    private let threads = DispatchQueue(label: "orders", attributes: .concurrent)

    init(_ control: ControlServer, _ clerk: AuthorityClerk) {
        self.control = control
        threads.async { control.runConcurrently { clerk.answer($0) } }
    }

    /// Takes no more orders, and returns when those that were taken are answered.
    func stop() async {
        control.stop()
        await withCheckedContinuation { continuation in
            // Behind the one that listens.
            threads.async(flags: .barrier) { continuation.resume() }
        }
    }
}
