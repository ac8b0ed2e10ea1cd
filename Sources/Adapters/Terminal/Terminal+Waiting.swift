#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Terminal {
    /// Does something that may take long, and says why if it does: the note comes once the time is over.
    public static func explaining<Result, Failure: Error>(
        _ note: String,
        afterMilliseconds limit: Int32,
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let watch = Watch(note, limit)
        defer { watch.end() }
        return try body()
    }

    /// A thread that writes a note unless it is ended before.
    private final class Watch: Sendable {
        private let note: String
        private let limit: Int32
        /// Closing the second end ends the wait at the first.
        private let ends: (wait: Int32, stop: Int32)
        private nonisolated(unsafe) var thread = pthread_t()
        private let isRunning: Bool

        init(_ note: String, _ limit: Int32) {
            self.note = note
            self.limit = limit
            var ends: [Int32] = [-1, -1]
            isRunning = unsafe pipe(&ends) == 0
            self.ends = (ends[0], ends[1])
            guard isRunning else { return }
            _ = unsafe pthread_create(
                &thread,
                nil,
                { argument in
                    guard let argument = unsafe argument else { return nil }
                    unsafe Unmanaged<Watch>.fromOpaque(argument).takeUnretainedValue().wait()
                    return nil
                },
                Unmanaged.passUnretained(self).toOpaque()
            )
        }

        private func wait() {
            var item = pollfd(fd: ends.wait, events: Int16(POLLIN), revents: 0)
            if unsafe poll(&item, 1, limit) == 0 { Terminal.note(note) }
        }

        func end() {
            guard isRunning else { return }
            close(ends.stop)
            _ = unsafe pthread_join(thread, nil)
            close(ends.wait)
        }
    }
}
