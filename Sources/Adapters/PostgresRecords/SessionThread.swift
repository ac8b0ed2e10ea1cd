import Threads

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A thread for one session: what waits for the database waits there, and not on the threads all tasks share.
///
/// The lists are touched with the mutex held alone.
@safe final class SessionThread: SerialExecutor, @unchecked Sendable {
    private var jobs: [UnownedJob] = []
    private var isStopped = false
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    /// `nil` if the system gives no more threads.
    init?() {
        unsafe mutex = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe condition = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
        guard let thread = try? OwnThread({ [self] in run() }) else { return nil }
        thread.detach()
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        unsafe pthread_mutex_lock(mutex)
        jobs.append(job)
        unsafe pthread_cond_signal(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Ends the thread after what is queued.
    func stop() {
        unsafe pthread_mutex_lock(mutex)
        isStopped = true
        unsafe pthread_cond_signal(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    private func run() {
        while true {
            unsafe pthread_mutex_lock(mutex)
            while jobs.isEmpty && !isStopped { unsafe pthread_cond_wait(condition, mutex) }
            let batch = jobs
            jobs.removeAll(keepingCapacity: true)
            unsafe pthread_mutex_unlock(mutex)
            if batch.isEmpty { return }
            for job in batch { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
        }
    }
}
