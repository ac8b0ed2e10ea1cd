public import Problems
public import Secrets

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where a secret comes from when nobody is asked for it: never from the arguments themselves, which every process can see.
public enum SecretSource: Hashable, Sendable {
    case environment(String)
    case descriptor(Int32)
    case file(String)

    /// Reads `env:NAME`, `fd:N` or `file:PATH`.
    public init(_ text: String) throws(Problem) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else { throw Self.malformed }
        switch parts[0] {
        case "env": self = .environment(String(parts[1]))
        case "file": self = .file(String(parts[1]))
        case "fd":
            guard let number = Int32(parts[1]), number >= 0 else { throw Self.malformed }
            self = .descriptor(number)
        default: throw Self.malformed
        }
    }

    /// The secret's bytes, without the line end that follows them.
    public func read() throws(Problem) -> [UInt8] {
        switch self {
        case .environment(let name):
            guard let value = Terminal.environment(name) else { throw Self.unreadable("env:\(name)") }
            return Array(value.utf8)
        case .descriptor(let number):
            return try Self.line(from: number, named: "fd:\(number)")
        case .file(let path):
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Self.unreadable("file:\(path)") }
            defer { close(descriptor) }
            return try Self.line(from: descriptor, named: "file:\(path)")
        }
    }

    /// The same in memory of its own.
    public func readSecret() throws(Problem) -> SecretBytes {
        var bytes = try read()
        return SecretBytes(taking: &bytes)
    }

    /// Longest secret that is taken, in bytes.
    private static let greatestLength = 1024

    /// Everything up to the first line end or the end of the input, however it arrives.
    private static func line(from descriptor: Int32, named name: String) throws(Problem) -> [UInt8] {
        var secret: [UInt8] = []
        var byte: UInt8 = 0
        while secret.count <= greatestLength {
            let count = unsafe Glibc.read(descriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(name) }
            if count == 0 || byte == 0x0A { break }
            secret.append(byte)
        }
        if secret.last == 0x0D { secret.removeLast() }
        guard !secret.isEmpty, secret.count <= greatestLength else { throw unreadable(name) }
        return secret
    }

    fileprivate static let problems = [malformed, unreadable("…")]

    private static var malformed: Problem {
        Problem(
            code: "secret-source",
            outcome: .usage,
            whatHappened: Text(
                ja: "秘密は値そのものでは渡せません。",
                en: "A secret is not given as a value on the command line."
            ),
            whatToDo: Text(ja: "env:名前、fd:番号、file:パス のいずれかで指定します。", en: "Say env:NAME, fd:N or file:PATH.")
        )
    }

    private static func unreadable(_ name: String) -> Problem {
        Problem(
            code: "secret-unreadable",
            outcome: .inputFile,
            whatHappened: Text(
                ja: "\(name) から1〜1024バイトの秘密を読めません。",
                en: "No secret of 1 to 1,024 bytes can be read from \(name)."
            ),
            whatToDo: Text(ja: "名前と権限を確かめてください。", en: "Check the name and the permissions.")
        )
    }
}

extension Terminal {
    /// One example of each problem of this module.
    public static let problems = SecretSource.problems + [noTerminal, Locations.noFolder("…")]
}
