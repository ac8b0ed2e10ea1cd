#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What others hand to a thread that waits for it.
///
/// The list is touched with the mutex held alone.
@safe final class WaitingQueue<Element>: @unchecked Sendable {
    private var elements: [Element] = []
    private var hasEnded = false
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        unsafe mutex = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe condition = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    func append(_ element: Element) {
        unsafe pthread_mutex_lock(mutex)
        elements.append(element)
        unsafe pthread_cond_signal(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Lets the thread that waits come back once nothing is left.
    func end() {
        unsafe pthread_mutex_lock(mutex)
        hasEnded = true
        unsafe pthread_cond_signal(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Waits for elements and takes all there are, in order; none after the end.
    func all() -> [Element] {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while elements.isEmpty && !hasEnded { unsafe pthread_cond_wait(condition, mutex) }
        let taken = elements
        elements.removeAll(keepingCapacity: true)
        return taken
    }
}
