import Glibc
import ReaderHost

/// A thread that does one piece of work and can be waited for.
///
/// What the work uses is handed over as a whole: nobody else touches it from then on, unless it is made for that.
final class WorkThread {
    private let thread: pthread_t

    init(_ work: @escaping () -> Void) throws {
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            Unmanaged.passRetained(Work(work)).toOpaque()
        )
        guard status == 0 else { throw ReaderHostError.system("pthread_create", status).problem }
        self.thread = thread
    }

    func join() { _ = pthread_join(thread, nil) }

    private final class Work {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }
}
