import ReaderHost
import Threads

extension OwnThread {
    /// The same as starting one, with a refusal told as a problem.
    static func started(_ work: @escaping () -> Void) throws -> OwnThread {
        do throws(Refusal) {
            return try OwnThread(work)
        } catch {
            throw ReaderHostError.system("pthread_create", error.errno).problem
        }
    }
}
