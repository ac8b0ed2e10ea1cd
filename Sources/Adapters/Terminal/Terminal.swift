internal import CLinux
public import Problems

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where programs meet people: two languages, results on standard output, everything else on standard error.
public enum Terminal {
    /// From `--lang`, wherever it stands in the arguments, else from the locale.
    public static let language: Language = {
        let arguments = CommandLine.arguments
        var option: String?
        for (index, argument) in arguments.enumerated() {
            if argument == "--lang", index + 1 < arguments.count { option = arguments[index + 1] }
            if argument.hasPrefix("--lang=") { option = String(argument.dropFirst("--lang=".count)) }
        }
        let locale = environment("LC_ALL") ?? environment("LC_MESSAGES") ?? environment("LANG")
        return Language(option: option, locale: locale)
    }()

    /// The sentence in the language of this run.
    public static func say(_ ja: String, _ en: String) -> String {
        Text(ja: ja, en: en).inLanguage(language)
    }

    /// Writes one line of result.
    public static func out(_ line: String) { put(line + "\n", to: STDOUT_FILENO) }

    /// Writes one line about the work, with the program's name.
    public static func note(_ line: String) { put("fuda: \(line)\n", to: STDERR_FILENO) }

    /// Tells a person what happened, what to do and the code, and ends the program; under `--json` programs are told the
    /// same on standard output.
    public static func fail(_ problem: Problem) -> Never {
        tell(problem)
        exit(problem.outcome.rawValue)
    }

    /// Tells what happened, what to do and the code; `asJSON` false tells people alone.
    public static func tell(_ problem: Problem, asJSON: Bool = wantsJSON) {
        let what = problem.whatHappened.inLanguage(language)
        let todo = problem.whatToDo.inLanguage(language)
        note(what)
        put("      \(todo) [\(problem.code)]\n", to: STDERR_FILENO)
        guard asJSON else { return }
        report(problem)
    }

    /// Tells programs, on standard output.
    public static func report(_ problem: Problem) {
        let what = problem.whatHappened.inLanguage(language)
        let todo = problem.whatToDo.inLanguage(language)
        let exit = problem.outcome.rawValue
        out(
            "{\"error\":{\"code\":\(quoted(problem.code)),\"exit\":\(exit),\"todo\":\(quoted(todo)),"
                + "\"what\":\(quoted(what))},\"schema\":1}"
        )
    }

    /// Whether `--json` stands among the arguments.
    public static let wantsJSON = CommandLine.arguments.dropFirst().contains("--json")

    /// A text as a JSON string (RFC 8259, 7).
    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case _ where scalar.value < 0x20: out += " "
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    /// An environment variable; `nil` when unset or empty.
    public static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// A word as a shell takes it literally: in quotes where it holds anything unusual.
    public static func shellWord(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || [0x2F, 0x2E, 0x2D, 0x5F].contains(byte)
        }
        if isPlain, !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// Whether standard error is a terminal, so that a progress line may be rewritten.
    public static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

    /// Keeps secrets of this process out of core files and away from other processes of the same user.
    public static func hideMemory() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        #if canImport(Glibc)
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        #else
            _ = unsafe setrlimit(RLIMIT_CORE, &none)
        #endif
        _ = fuda_forbid_dumps()
    }

    /// Writes bytes of result as they are.
    public static func out(bytes: [UInt8]) { put(bytes, to: STDOUT_FILENO) }

    /// Writes over the line about the work that stands last; only where it can be.
    public static func progress(_ line: String) {
        if showsProgress { put("\r\u{1B}[Kfuda: \(line)", to: STDERR_FILENO) }
    }

    /// Takes the line of progress away again.
    public static func endProgress() {
        if showsProgress { put("\r\u{1B}[K", to: STDERR_FILENO) }
    }

    static func put(_ text: String, to descriptor: Int32) { put(Array(text.utf8), to: descriptor) }

    private static func put(_ bytes: [UInt8], to descriptor: Int32) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            done += count
        }
    }
}
