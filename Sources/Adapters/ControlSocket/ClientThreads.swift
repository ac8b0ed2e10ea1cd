import Glibc
import Threads

/// Threads with one client each, of which there are only so many at a time.
// The count is reached under the mutex alone.
@safe final class ClientThreads: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let limit: Int
    private var running = 0

    init(limit: Int) {
        self.limit = limit
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Runs `body` on a thread of its own, as soon as there is one to be had; here, if the system gives none.
    func begin(_ body: @escaping @Sendable () -> Void) {
        unsafe pthread_mutex_lock(mutex)
        while running >= limit { unsafe pthread_cond_wait(condition, mutex) }
        running += 1
        unsafe pthread_mutex_unlock(mutex)
        OwnThread.start { [self] in
            body()
            end()
        }
    }

    /// Returns when all have ended.
    func wait() {
        unsafe pthread_mutex_lock(mutex)
        while running > 0 { unsafe pthread_cond_wait(condition, mutex) }
        unsafe pthread_mutex_unlock(mutex)
    }

    private func end() {
        unsafe pthread_mutex_lock(mutex)
        running -= 1
        unsafe pthread_cond_broadcast(condition)
        unsafe pthread_mutex_unlock(mutex)
    }
}
