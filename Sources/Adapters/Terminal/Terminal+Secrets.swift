public import Problems
public import Secrets

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Terminal {
    /// Asks a person for a secret at the controlling terminal, without showing what is typed.
    ///
    /// Backspace, Ctrl-U, Return and Ctrl-C work as one expects; Ctrl-C is ``Outcome/cancelled``. The bytes go from the
    /// terminal straight into the secret. Without a terminal this is a usage error, not a wait.
    public static func readSecret(_ prompt: String, capacity: Int = 256) throws(Problem) -> SecretBytes {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { throw noTerminal }
        defer { close(terminal) }
        guard let echo = SilentTerminal(terminal) else { throw noTerminal }
        put(prompt, to: terminal)
        defer { put("\r\n", to: terminal) }
        var secret = SecretBytes(capacity: capacity)
        while true {
            guard let byte = echo.nextByte() else { throw cancelled }
            switch byte {
            case 0x0D, 0x0A: return secret
            case 0x03: throw cancelled
            case 0x04 where secret.count == 0: throw cancelled
            case 0x7F, 0x08: removeLastCharacter(&secret)
            case 0x15: secret.removeAll()
            case 0x20...: secret.append(byte)
            default: break
            }
        }
    }

    /// Asks a person a question that is answered with yes or no; anything but `y` is no.
    public static func confirm(_ question: String) throws(Problem) -> Bool {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { throw noTerminal }
        defer { close(terminal) }
        put(question + " [y/N] ", to: terminal)
        var first: UInt8 = 0
        var byte: UInt8 = 0
        while unsafe read(terminal, &byte, 1) == 1, byte != 0x0A { if first == 0 { first = byte } }
        return first == 0x79 || first == 0x59
    }

    /// Whether a person can be asked.
    public static var hasTerminal: Bool {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { return false }
        close(terminal)
        return true
    }

    /// Whether standard output is a terminal: nothing binary goes there.
    public static var resultsGoToTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    private static func removeLastCharacter(_ secret: inout SecretBytes) {
        // A character of UTF-8 may have several bytes: those that go on with one begin with 10.
        while secret.count > 0 {
            let byte = secret[secret.count - 1]
            secret.removeLast()
            if byte & 0xC0 != 0x80 { return }
        }
    }

    static var noTerminal: Problem {
        Problem(
            code: "no-terminal",
            outcome: .usage,
            whatHappened: Text(ja: "暗証番号を尋ねる端末がありません。", en: "There is no terminal to ask for the secret at."),
            whatToDo: Text(
                ja: "--pin env:名前、--pin fd:番号、--pin file:パス のいずれかで渡してください。",
                en: "Give it with --pin env:NAME, --pin fd:N or --pin file:PATH."
            )
        )
    }

    private static var cancelled: Problem {
        Problem(
            code: "cancelled",
            outcome: .cancelled,
            whatHappened: Text(ja: "取り消されました。", en: "It was cancelled."),
            whatToDo: Text(ja: "これ以上は何も送っていません。", en: "Nothing more was sent to the card.")
        )
    }
}

/// A terminal that shows nothing of what is typed, as long as this value lives.
///
/// Signals that would end the program wait until the terminal is as it was.
private struct SilentTerminal: ~Copyable {
    private let descriptor: Int32
    private var before = termios()
    private var mask = sigset_t()

    init?(_ descriptor: Int32) {
        self.descriptor = descriptor
        guard unsafe tcgetattr(descriptor, &before) == 0 else { return nil }
        var signals = sigset_t()
        _ = unsafe sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP] { _ = unsafe sigaddset(&signals, number) }
        _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, &mask)
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG)
        silent.c_iflag &= ~tcflag_t(IXON)
        _ = unsafe tcsetattr(descriptor, TCSAFLUSH, &silent)
    }

    deinit {
        var before = before
        var mask = mask
        _ = unsafe tcsetattr(descriptor, TCSAFLUSH, &before)
        _ = unsafe pthread_sigmask(SIG_SETMASK, &mask, nil)
    }

    /// `nil` when the terminal is gone or the program is to end.
    borrowing func nextByte() -> UInt8? {
        while true {
            var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let count = unsafe poll(&item, 1, 200)
            var pending = sigset_t()
            _ = unsafe sigpending(&pending)
            let ends = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].contains { unsafe sigismember(&pending, $0) == 1 }
            if ends { return nil }
            guard count != 0 else { continue }
            var byte: UInt8 = 0
            let got = unsafe read(descriptor, &byte, 1)
            if got < 0, errno == EINTR { continue }
            return got == 1 ? byte : nil
        }
    }
}
