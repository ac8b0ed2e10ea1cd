import Glibc

/// The side that asks.
public enum ControlClient {
    /// Says one line to whoever listens at `path` and gives the line that comes back, waiting for at most thirty seconds.
    public static func ask(_ path: String, _ line: String) throws(ControlSocketError) -> String {
        let socket = try ControlSocket.make()
        defer { close(socket) }
        guard try unsafe ControlSocket.with(path, { unsafe connect(socket, $0, $1) }) else {
            switch errno {
            case ENOENT, ECONNREFUSED, ENOTSOCK: throw .nobody(path)
            case EACCES, EPERM: throw .denied(path)
            case let number: throw .system(call: "connect", errno: number)
            }
        }
        guard ControlSocket.send(line, to: socket), let answer = ControlSocket.line(from: socket, milliseconds: 30_000)
        else { throw .noAnswer(path) }
        return answer
    }
}
