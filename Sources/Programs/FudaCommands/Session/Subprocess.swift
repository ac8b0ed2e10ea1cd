import Problems
import Terminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Runs one of this project's other programs and takes what it writes to standard output.
enum Subprocess {
    /// The output as text; a program that fails has told why on standard error, and its exit code becomes this one's.
    static func output(of program: String, _ arguments: [String]) throws(Problem) -> String {
        let path = Locations.programs + "/" + program
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw .missingProgram(path) }
        defer { close(ends[0]) }
        let process: pid_t
        do throws(Problem) {
            process = unsafe try ChildProcess.start(program, arguments) { actions in
                unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
                unsafe posix_spawn_file_actions_addclose(&actions, ends[0])
            }
        } catch {
            close(ends[1])
            throw error
        }
        close(ends[1])
        var output: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe read(ends[0], &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            output += block.prefix(count)
        }
        let code = ChildProcess.wait(for: process)
        // Ended by a signal it has no exit code of ours.
        guard code == 0 else { throw .programFailed(program, Outcome(rawValue: code) ?? .other) }
        return String(decoding: output, as: UTF8.self)
    }
}

extension Problem {
    static func missingProgram(_ path: String) -> Problem {
        Problem(
            code: "program-missing",
            outcome: .other,
            whatHappened: Text(ja: "\(path) を起動できません。", en: "\(path) cannot be started."),
            whatToDo: Text(ja: "fuda を入れ直してください。", en: "Install fuda again.")
        )
    }

    static func programFailed(_ program: String, _ outcome: Outcome) -> Problem {
        Problem(
            code: "program-failed",
            outcome: outcome,
            whatHappened: Text(ja: "\(program) が失敗しました。", en: "\(program) failed."),
            whatToDo: Text(ja: "上のメッセージを見てください。", en: "See the message above.")
        )
    }
}
