/// A thread on which tasks that prefer it run one after the other: what waits for a disk waits there, and not on the
/// threads all tasks share.
public final class ThreadExecutor: TaskExecutor {
    private let jobs = WaitingQueue<UnownedJob>()

    /// `nil` if the system gives no more threads.
    public init?() {
        guard jobs.isServed(by: { [self] job in unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }) else {
            return nil
        }
    }

    public func enqueue(_ job: consuming ExecutorJob) { jobs.append(UnownedJob(job)) }

    /// Ends the thread after what was enqueued; nothing may be enqueued afterwards.
    public func stop() { jobs.end() }
}
