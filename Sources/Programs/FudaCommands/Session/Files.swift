import Problems
import Terminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files of people: read whole, written whole, never over something that is there unless that was said.
enum Files {
    /// The most that is read of one file.
    private static let greatestSize = 256 << 20

    /// The bytes of a file, or of standard input for `-`.
    static func read(_ path: String) throws(Problem) -> [UInt8] {
        if path == "-" { return try readAll(STDIN_FILENO, path) }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path) }
        defer { close(descriptor) }
        return try readAll(descriptor, path)
    }

    private static func readAll(_ descriptor: Int32, _ path: String) throws(Problem) -> [UInt8] {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Glibc.read(descriptor, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0, bytes.count + count <= greatestSize else { throw .unreadable(path) }
            if count == 0 { return bytes }
            bytes += block.prefix(count)
        }
    }

    /// Writes a result where the caller wants it: to a file, or to standard output, but nothing binary to a terminal.
    static func deliver(_ bytes: [UInt8], to options: OutputOptions, isText: Bool) throws(Problem) {
        guard let path = options.output, path != "-" else {
            guard isText || options.output == "-" || !Terminal.resultsGoToTerminal else { throw .binaryToTerminal }
            return Terminal.out(bytes: bytes)
        }
        try write(bytes, to: path, replacing: options.force)
    }

    /// Writes a file only this user can read, whole or not at all.
    static func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws(Problem) {
        if !replacing, unsafe access(path, F_OK) == 0 { throw .outputExists(path) }
        let partial = path + ".partial-\(getpid())"
        let descriptor = unsafe open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path) }
        var isWritten = true
        var done = 0
        while done < bytes.count, isWritten {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            isWritten = count > 0
            done += max(count, 0)
        }
        isWritten = fsync(descriptor) == 0 && isWritten
        close(descriptor)
        if isWritten { isWritten = unsafe replacing ? rename(partial, path) == 0 : link(partial, path) == 0 }
        let number = errno
        if !isWritten || !replacing { _ = unsafe unlink(partial) }
        guard isWritten else { throw number == EEXIST ? .outputExists(path) : .unwritable(path) }
    }

    /// A folder of this user's, made if need be.
    static func folder(_ path: String) throws(Problem) -> String {
        try Locations.makeFolder(path)
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    static func isFolder(_ path: String) -> Bool {
        var information = stat()
        return unsafe stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }
}

extension Problem {
    static func unreadable(_ path: String) -> Problem {
        Problem(
            code: "input-unreadable",
            outcome: .inputFile,
            whatHappened: Text(ja: "\(path) を読めません。", en: "\(path) cannot be read."),
            whatToDo: Text(ja: "パスと権限を確かめてください。", en: "Check the path and the permissions.")
        )
    }

    static func unwritable(_ path: String) -> Problem {
        Problem(
            code: "output-unwritable",
            outcome: .other,
            whatHappened: Text(ja: "\(path) に書けません。", en: "\(path) cannot be written."),
            whatToDo: Text(ja: "フォルダーと権限、空き容量を確かめてください。", en: "Check the folder, the permissions and the space left.")
        )
    }

    static func outputExists(_ path: String) -> Problem {
        Problem(
            code: "output-exists",
            outcome: .refusedForSafety,
            whatHappened: Text(ja: "\(path) は既にあります。", en: "\(path) is already there."),
            whatToDo: Text(ja: "別の名前にするか、-f で置き換えます。", en: "Choose another name, or replace it with -f.")
        )
    }

    static var binaryToTerminal: Problem {
        Problem(
            code: "binary-to-terminal",
            outcome: .usage,
            whatHappened: Text(ja: "端末にバイナリーは出力しません。", en: "Nothing binary is written to a terminal."),
            whatToDo: Text(ja: "-o ファイル を指定してください（-o - で強制）。", en: "Give -o FILE (-o - insists).")
        )
    }

    static func notATrace(_ path: String, line: Int) -> Problem {
        Problem(
            code: "not-a-trace",
            outcome: .inputFile,
            whatHappened: Text(
                ja: "\(path) の\(line)行目は記録の形式ではありません。",
                en: "Line \(line) of \(path) is not part of a trace."
            ),
            whatToDo: Text(ja: "`fuda trace -o` で作ったファイルを指定してください。", en: "Give a file that `fuda trace -o` made.")
        )
    }
}
