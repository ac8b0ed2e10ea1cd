import Glibc
import Problems

/// A pcscd of one's own, with virtual readers only: no root, no system service, nothing shared with the pcscd of the machine.
///
/// pcscd's socket has its place compiled in, but a socket handed over by socket activation (`LISTEN_FDS`,
/// sd_listen_fds(3)) moves it; clients follow by `PCSCLITE_CSOCK_NAME`. The virtual readers' ports come from a
/// configuration in the same folder. The daemon dies with this process.
public final class PrivateReader {
    /// What clients put into `PCSCLITE_CSOCK_NAME`.
    public let socketPath: String
    /// Ports of the slots, one card each, on 127.0.0.1 (and, as vpcd has it, on every other address of the machine).
    public let ports: [UInt16]
    public let processID: Int32
    private var isStopped = false
    /// Held as long as this reader lives: one reader a folder.
    private var lock: Int32
    /// Held as long as this reader lives: one reader a pair of ports, among the readers of this project.
    private var claims: [Int32]

    /// Starts the daemon in `directory`, which must exist.
    ///
    /// Each reader has two slots on adjacent ports; `firstPort` 0 lets the system choose free ones.
    public init(directory: String, readers: Int = 1, firstPort: UInt16 = 0) throws(ReaderHostError) {
        let absolute = directory.hasPrefix("/") ? directory : Self.currentDirectory() + "/" + directory
        let path = absolute + "/pcscd.comm"
        guard path.utf8.count < 108 else { throw .pathTooLong(path) }
        guard let driver = Self.driver, let daemon = Self.daemon else { throw .notInstalled }
        lock = try Self.lock(absolute)
        claims = []
        var ports: [UInt16] = []
        var configuration = ""
        for reader in 0..<readers {
            let (port, claim) =
                firstPort != 0 ? try Self.claimGiven(firstPort + UInt16(reader * 2)) : try Self.claimFreePair()
            claims.append(claim)
            ports += [port, port + 1]
            configuration += """
                FRIENDLYNAME "Virtual PCD"
                DEVICENAME /dev/null:\(port)
                LIBPATH \(driver)
                CHANNELID \(port)

                """
        }
        try Self.writeConfiguration(configuration, in: absolute)
        let listener = try Self.listen(at: path)
        defer { close(listener) }
        processID = try Self.spawn(daemon, absolute, listener)
        socketPath = path
        self.ports = ports
        try waitUntilListening(log: absolute + "/pcscd.log")
    }

    deinit {
        stop()
        releaseFolder()
    }

    /// Ends the daemon and waits for it; one that does not end in two seconds is killed.
    public func stop() {
        guard !isStopped, kill(processID, SIGTERM) == 0 else { return }
        isStopped = true
        var status: Int32 = 0
        var hasEnded = false
        for _ in 0..<200 {
            hasEnded = unsafe waitpid(processID, &status, WNOHANG) != 0
            if hasEnded { break }
            usleep(10_000)
        }
        if !hasEnded, kill(processID, SIGKILL) == 0 { _ = unsafe waitpid(processID, &status, 0) }
        _ = unsafe unlink(socketPath)
        releaseFolder()
    }

    private func releaseFolder() {
        if lock >= 0 {
            // Said, and not left to the last of those who have the descriptor: a process that is just being started has it
            // for a moment.
            flock(lock, LOCK_UN)
            close(lock)
        }
        lock = -1
        claims.forEach { close($0) }
        claims = []
    }

    // MARK: - Parts

    /// Returns when the virtual readers take cards; fails when the daemon has ended, or after twenty seconds,
    /// which a busy machine may need.
    private func waitUntilListening(log: String) throws(ReaderHostError) {
        var status: Int32 = 0
        for _ in 0..<2000 {
            if !ports.contains(where: Self.isFree) { return }
            if unsafe waitpid(processID, &status, WNOHANG) != 0 {
                isStopped = true
                throw .daemonEnded(log: log, lastWords: Self.lastLine(of: log))
            }
            usleep(10_000)
        }
        throw .daemonEnded(log: log, lastWords: Self.lastLine(of: log))
    }

    /// The last line the daemon wrote, without its time; empty if it wrote none.
    private static func lastLine(of log: String) -> String {
        let file = unsafe open(log, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let start = max(0, lseek(file, 0, Int32(SEEK_END)) - bytes.count)
        let count = unsafe pread(file, &bytes, bytes.count, start)
        guard count > 0 else { return "" }
        return bytes[..<count].split(separator: UInt8(ascii: "\n")).last.map { String(decoding: $0, as: UTF8.self) }
            ?? ""
    }

    /// What has to come before the daemon so that it finds the folder it insists on, `/run/pcscd`, and leaves no trace of
    /// itself in one that is the system's.
    ///
    /// Where the folder is missing, root makes it; anybody else gets a `/run` of their own in a user namespace. Where it is
    /// there, only root could write to it: root's daemon gets an empty one of its own, if the machine lets it.
    private static func runtimeFolderPrefix() -> [String] {
        let folder = "/run/pcscd"
        if unsafe isThere(folder) || mkdir(folder, 0o755) == 0 {
            guard geteuid() == 0 else { return [] }
            let script = """
                own='mount -t tmpfs none /run/pcscd'
                if unshare --mount /bin/sh -c "$own" 2>/dev/null; then
                    exec unshare --mount /bin/sh -c "$own"' && exec "$@"' sh "$@"
                fi
                exec "$@"
                """
            return ["/bin/sh", "-c", script, "sh"]
        }
        let script = "mount -t tmpfs none /run && mkdir /run/pcscd && exec \"$@\""
        return ["unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c", script, "sh"]
    }

    private static var daemon: String? { ["/usr/sbin/pcscd", "/usr/local/sbin/pcscd"].first(where: isThere) }

    private static var driver: String? {
        ["/usr/lib/pcsc/drivers/serial/libifdvpcd.so", "/usr/local/lib/pcsc/drivers/serial/libifdvpcd.so"]
            .first(where: isThere)
    }

    private static func isThere(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

    private static func currentDirectory() -> String {
        guard let path = unsafe getcwd(nil, 0) else { return "." }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    private static func lock(_ directory: String) throws(ReaderHostError) -> Int32 {
        let descriptor = unsafe open(directory + "/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system("open", errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .folderInUse(directory)
        }
        return descriptor
    }

    private static func writeConfiguration(_ text: String, in directory: String) throws(ReaderHostError) {
        let folder = directory + "/reader.conf.d"
        if unsafe mkdir(folder, 0o700) != 0, errno != EEXIST { throw .system("mkdir", errno) }
        // The daemon loads whatever driver a file here names: nobody else may have had a hand in it.
        var information = stat()
        guard unsafe lstat(folder, &information) == 0, information.st_mode & S_IFMT == S_IFDIR,
            information.st_uid == geteuid(), information.st_mode & 0o022 == 0, holdsNothingElse(folder)
        else { throw .folderNotOurs(folder) }
        let file = unsafe open(folder + "/vpcd", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system("open", errno) }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard unsafe write(file, bytes, bytes.count) == bytes.count else { throw .system("write", errno) }
    }

    /// Whether a configuration folder holds nothing but the one file written here.
    private static func holdsNothingElse(_ folder: String) -> Bool {
        guard let stream = unsafe opendir(folder) else { return false }
        defer { unsafe closedir(stream) }
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if ![".", "..", "vpcd"].contains(name) { return false }
        }
        return true
    }

    /// The socket that is handed to the daemon: nobody but this user reaches it.
    private static func listen(at path: String) throws(ReaderHostError) -> Int32 {
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw .system("socket", errno) }
        _ = unsafe unlink(path)
        guard bind(socket, toName: Array(path.utf8)), unsafe chmod(path, 0o600) == 0, Glibc.listen(socket, 64) == 0
        else {
            let number = errno
            close(socket)
            throw .system("bind", number)
        }
        return socket
    }

    /// Runs the daemon with the socket as descriptor 3.
    ///
    /// `LISTEN_PID` has to be the daemon's own number, which only the process itself knows before it becomes the
    /// daemon: hence the shell.
    private static func spawn(_ daemon: String, _ directory: String, _ listener: Int32) throws(ReaderHostError) -> pid_t
    {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let log = directory + "/pcscd.log"
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        unsafe posix_spawn_file_actions_adddup2(&actions, listener, 3)
        let script = "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" --foreground --config \"$1\""
        // The daemon takes every signal, whatever this process has blocked for itself.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let ownDaemon = [
            "setpriv", "--pdeathsig", "KILL", "/bin/sh", "-c", script, daemon, directory + "/reader.conf.d",
        ]
        let words = runtimeFolderPrefix() + ownDaemon
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { unsafe arguments.forEach { unsafe free($0) } }
        // Of this process's environment, which may hold a passphrase, the daemon gets nothing.
        let variables: [String] = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C"]
        var environment = unsafe variables.map { unsafe strdup($0) } + [nil]
        defer { unsafe environment.forEach { unsafe free($0) } }
        var process: pid_t = 0
        let status = unsafe posix_spawnp(&process, words[0], &actions, &attributes, &arguments, &environment)
        guard status == 0 else { throw .system("posix_spawn", status) }
        return process
    }

    /// Two adjacent ports that nobody uses at this moment, and the claim on them.
    private static func claimFreePair() throws(ReaderHostError) -> (port: UInt16, claim: Int32) {
        for _ in 0..<200 {
            if let pair = try? claimPair(UInt16.random(in: 20_000..<32_000) & ~1) { return pair }
        }
        throw .system("bind", EADDRINUSE)
    }

    /// Claims the pair that was asked for; a reader that has just ended may take a second to let go of it.
    private static func claimGiven(_ port: UInt16) throws(ReaderHostError) -> (port: UInt16, claim: Int32) {
        for _ in 0..<100 {
            if let pair = try? claimPair(port) { return pair }
            usleep(10_000)
        }
        return try claimPair(port)
    }

    /// Claims a pair of ports before a daemon listens at them, so that two readers starting at one moment do not choose the
    /// same: the claim is a socket in the abstract namespace (unix(7)) that goes with the process, however it ends.
    private static func claimPair(_ port: UInt16) throws(ReaderHostError) -> (port: UInt16, claim: Int32) {
        let claim = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard claim >= 0 else { throw .system("socket", errno) }
        let name = Array("\0fuda-virtual-reader-\(port)".utf8)
        guard bind(claim, toName: name), isFree(port), isFree(port + 1) else {
            close(claim)
            throw .portTaken(port)
        }
        return (port, claim)
    }

    /// Gives a socket a name of the file system, or, beginning with a zero, of the abstract namespace (unix(7)).
    private static func bind(_ socket: Int32, toName name: [UInt8]) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.bind(socket, $0, length)
            }
        } == 0
    }

    /// Whether nobody listens at a port.
    ///
    /// With `SO_REUSEADDR`, as the daemon has it too: a port being asked about here, at the moment the daemon binds it, would
    /// be taken for it otherwise, and the reader would never come.
    private static func isFree(_ port: UInt16) -> Bool {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        var yes: Int32 = 1
        unsafe setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe Glibc.bind(socket, generic, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        } == 0
    }
}
