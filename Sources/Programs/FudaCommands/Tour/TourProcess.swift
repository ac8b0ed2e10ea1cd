import Problems

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
        name = program
        self.output = output
        self.log = log
        process = unsafe try ChildProcess.start(program, arguments, environment) { actions in
            for (descriptor, file) in [(STDOUT_FILENO, output), (STDERR_FILENO, log)] {
                let flags = O_WRONLY | O_CREAT | O_TRUNC
                unsafe posix_spawn_file_actions_addopen(&actions, descriptor, file, flags, 0o600)
            }
            unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
    }

    deinit { stop() }

    /// Waits for its end; the exit code.
    @discardableResult
    func wait() -> Int32 {
        if let status { return status }
        let code = ChildProcess.wait(for: process)
        status = code
        return code
    }

    /// Whether it has not ended yet.
    var isRunning: Bool {
        if status != nil { return false }
        status = ChildProcess.ended(process)
        return status == nil
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
