import Glibc
import Synchronization

/// The side that obeys: listens at a path, and answers every line with a line.
///
/// Only one process at a time may listen at a path, and that is left to the caller (who has the file beside it locked): a
/// socket that is there already is taken for one whose process was killed, and replaced.
public final class ControlServer: Sendable {
    public let path: String
    private let listener: Int32
    /// Written to once to end ``run(_:)``.
    private let wake: (read: Int32, write: Int32)
    private let isClosed = Atomic<Bool>(false)

    /// Listens at `path`; from then on a client finds somebody there.
    public init(_ path: String) throws(ControlSocketError) {
        self.path = path
        guard path.utf8.count <= ControlSocket.greatestPath else { throw .pathTooLong(path) }
        try Self.removeStale(path)
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw .system(call: "pipe", errno: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        wake = (ends[0], ends[1])
        do throws(ControlSocketError) {
            listener = try Self.listen(path)
        } catch {
            for end in ends { close(end) }
            throw error
        }
    }

    deinit {
        stop()
        close(listener)
        close(wake.read)
        close(wake.write)
    }

    /// Answers on this thread until ``stop()``; whoever says nothing for five seconds is hung up on.
    public func run(_ answer: (String) -> String) {
        while let client = next() { serve(client, answer) }
    }

    /// The same with a thread for each client, so that none waits for another's answer; returns after ``stop()`` when
    /// everybody whose line was read has been answered.
    ///
    /// Beyond `limit` clients at a time, the next ones wait until one has gone.
    public func runConcurrently(limit: Int = 256, _ answer: @escaping @Sendable (String) -> String) {
        let clients = ClientThreads(limit: limit)
        while let client = next() { clients.begin { self.serve(client, answer) } }
        clients.wait()
    }

    /// The next client; `nil` after ``stop()``.
    private func next() -> Int32? {
        while ControlSocket.isReadable(listener, wake: wake.read, milliseconds: -1) {
            let client = accept(listener, nil, nil)
            guard client >= 0 else {
                // Out of descriptors, perhaps: the client is still there in a moment.
                _ = ControlSocket.isReadable(wake.read, wake: -1, milliseconds: 50)
                continue
            }
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            return client
        }
        return nil
    }

    private func serve(_ client: Int32, _ answer: (String) -> String) {
        if let line = ControlSocket.line(from: client, wake: wake.read, milliseconds: 5000) {
            ControlSocket.limitSending(to: client, seconds: 5)
            _ = ControlSocket.send(answer(line), to: client)
        }
        close(client)
    }

    /// Takes the socket away and ends ``run(_:)``; may be called from any thread, more than once.
    public func stop() {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        _ = unsafe unlink(path)
        var byte: UInt8 = 1
        _ = unsafe write(wake.write, &byte, 1)
    }

    private static func removeStale(_ path: String) throws(ControlSocketError) {
        var information = stat()
        guard unsafe lstat(path, &information) == 0 else { return }
        guard information.st_mode & S_IFMT == S_IFSOCK else { throw .occupied(path) }
        _ = unsafe unlink(path)
    }

    private static func listen(_ path: String) throws(ControlSocketError) -> Int32 {
        let socket = try ControlSocket.make()
        do throws(ControlSocketError) {
            // The mode before the name: there is no moment in which others reach it.
            guard fchmod(socket, 0o600) == 0 else { throw .system(call: "fchmod", errno: errno) }
            guard try unsafe ControlSocket.with(path, { unsafe bind(socket, $0, $1) }) else {
                throw .system(call: "bind", errno: errno)
            }
            guard Glibc.listen(socket, 128) == 0 else { throw .system(call: "listen", errno: errno) }
            return socket
        } catch {
            close(socket)
            throw error
        }
    }
}
