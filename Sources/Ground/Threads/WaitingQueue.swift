/// What others hand to a thread that waits for it.
final class WaitingQueue<Element>: Sendable {
    private struct State {
        var elements: [Element] = []
        var hasEnded = false
    }

    private let state = Monitor(State())

    func append(_ element: Element) { state.access { $0.elements.append(element) } }

    /// Lets the thread that waits come back once nothing is left.
    func end() { state.access { $0.hasEnded = true } }

    /// Starts a thread that does `body` with each element, in order, until the end; `false` if the system gives no more
    /// threads.
    func isServed(by body: @escaping (Element) -> Void) -> Bool {
        let thread = try? OwnThread { [self] in
            while case let batch = all(), !batch.isEmpty { batch.forEach(body) }
        }
        thread?.detach()
        return thread != nil
    }

    /// Waits for elements and takes all there are; none after the end.
    private func all() -> [Element] {
        state.wait { state -> [Element]? in
            if state.elements.isEmpty, !state.hasEnded { return nil }
            defer { state.elements.removeAll(keepingCapacity: true) }
            return state.elements
        }
    }
}
