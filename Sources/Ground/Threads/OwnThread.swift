#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A thread of the system for one piece of work: what may wait for long, or never come back, waits there and not on the
/// threads that all tasks of a process share.
///
/// What the work uses is handed over as a whole: nobody else touches it from then on, unless it is made for that.
public struct OwnThread {
    private let thread: pthread_t

    /// The system gives no more threads.
    public struct Refusal: Error, Hashable, Sendable {
        /// As pthread_create answered.
        public let errno: Int32
    }

    /// Starts the work; either ``join()`` or ``detach()`` has to follow.
    public init(_ work: @escaping () -> Void) throws(Refusal) {
        var thread = pthread_t()
        let argument = unsafe Unmanaged.passRetained(Work(work))
        let status = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            argument.toOpaque()
        )
        guard status == 0 else {
            unsafe argument.release()
            throw Refusal(errno: status)
        }
        self.thread = thread
    }

    /// Starts work that nobody waits for; where the system gives no thread, it is done here.
    public static func start(_ work: @escaping () -> Void) {
        do throws(Refusal) { try OwnThread(work).detach() } catch { work() }
    }

    /// Waits for the end of the work.
    public func join() { _ = pthread_join(thread, nil) }

    /// Lets the work end by itself.
    public func detach() { pthread_detach(thread) }

    private final class Work {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }
}
