import Problems
import Terminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One of this project's programs, run as anybody would run it: a process of its own, its output in files.
final class TourProcess {
    private let process: pid_t
    private let name: String
    private var status: Int32?

    /// What it wrote to standard output.
    let output: String
    private let log: String

    /// Starts a program; `environment` adds to this process's own.
    init(
        _ program: String,
        _ arguments: [String],
        _ environment: [String: String],
        output: String,
        log: String
    ) throws(Problem) {
        let path = Locations.programs + "/" + program
        name = program
        self.output = output
        self.log = log
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, file) in [(STDOUT_FILENO, output), (STDERR_FILENO, log)] {
            unsafe posix_spawn_file_actions_addopen(&actions, descriptor, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var values =
            unsafe Self.inherited(without: environment) + environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        defer { unsafe values.forEach { unsafe free($0) } }
        var number: pid_t = 0
        guard unsafe posix_spawn(&number, path, &actions, nil, &words, &values) == 0 else {
            throw .missingProgram(path)
        }
        process = number
    }

    deinit { stop() }

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

    /// Waits for its end; the exit code.
    @discardableResult
    func wait() -> Int32 {
        if let status { return status }
        var result: Int32 = 0
        while unsafe waitpid(process, &result, 0) < 0, errno == EINTR {}
        let code = result & 0x7F == 0 ? result >> 8 & 0xFF : 128 + result & 0x7F
        status = code
        return code
    }

    /// Whether it has not ended yet.
    var isRunning: Bool {
        if status != nil { return false }
        var result: Int32 = 0
        guard unsafe waitpid(process, &result, WNOHANG) == process else { return true }
        status = result & 0x7F == 0 ? result >> 8 & 0xFF : 128 + result & 0x7F
        return false
    }

    /// Ends it in order, and waits.
    func stop() {
        guard isRunning else { return }
        kill(process, SIGTERM)
        wait()
    }

    /// What it said on standard error, in one line.
    var complaint: String {
        let bytes = (try? Files.read(log)) ?? []
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(3)
        return lines.isEmpty ? name : lines.joined(separator: " ")
    }
}
