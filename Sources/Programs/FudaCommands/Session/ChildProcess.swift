import Problems
import Terminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One of this project's other programs, started and waited for.
enum ChildProcess {
    /// Starts a program.
    ///
    /// `environment` adds to this process's own; `redirect` says where its descriptors lead.
    static func start(
        _ program: String,
        _ arguments: [String],
        _ environment: [String: String] = [:],
        redirect: (inout posix_spawn_file_actions_t) -> Void
    ) throws(Problem) -> pid_t {
        let path = Locations.programs + "/" + program
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe redirect(&actions)
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var values =
            unsafe inherited(without: environment) + environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        defer { unsafe values.forEach { unsafe free($0) } }
        var number: pid_t = 0
        guard unsafe posix_spawn(&number, path, &actions, nil, &words, &values) == 0 else {
            throw .missingProgram(path)
        }
        return number
    }

    /// Waits for its end; the exit code, or 128 and the signal that ended it.
    static func wait(for process: pid_t) -> Int32 {
        var result: Int32 = 0
        while unsafe waitpid(process, &result, 0) < 0, errno == EINTR {}
        return code(result)
    }

    /// The exit code of a program that has ended; `nil` while it runs.
    static func ended(_ process: pid_t) -> Int32? {
        var result: Int32 = 0
        return unsafe waitpid(process, &result, WNOHANG) == process ? code(result) : nil
    }

    private static func code(_ result: Int32) -> Int32 {
        result & 0x7F == 0 ? result >> 8 & 0xFF : 128 + result & 0x7F
    }

    private static func inherited(without: [String: String]) -> [UnsafeMutablePointer<CChar>?] {
        var values: [UnsafeMutablePointer<CChar>?] = unsafe []
        var place = unsafe environ
        while let entry = unsafe place.pointee {
            let name = unsafe String(cString: entry).prefix { $0 != "=" }
            if without[String(name)] == nil { unsafe values.append(strdup(entry)) }
            unsafe place += 1
        }
        return unsafe values
    }
}
