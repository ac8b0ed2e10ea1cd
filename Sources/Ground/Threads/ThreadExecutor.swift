/// A thread on which tasks that prefer it run one after the other: what waits for a disk waits there, and not on the
/// threads all tasks share.
public final class ThreadExecutor: TaskExecutor {
    private let jobs = WaitingQueue<UnownedJob>()

    /// `nil` if the system gives no more threads.
    public init?() {
        guard let thread = try? OwnThread({ [self] in run() }) else { return nil }
        thread.detach()
    }

    public func enqueue(_ job: consuming ExecutorJob) { jobs.append(UnownedJob(job)) }

    /// Ends the thread after what was enqueued; nothing may be enqueued afterwards.
    public func stop() { jobs.end() }

    private func run() {
        while true {
            let batch = jobs.all()
            if batch.isEmpty { return }
            for job in batch { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }
}
