import ControlSocket
import Glibc
import Problems

/// The Unix sockets where what ends TLS connects.
enum DoorSocket {
    enum Failure: Error, Hashable {
        /// The name does not fit into an address.
        case tooLong(String)
        /// There is no such folder, or it may not be written into.
        case folder(String)
        case mode(String)
    }

    /// Whether a socket can be made at this path.
    static func check(_ path: String) throws(Failure) {
        guard path.utf8.count <= ControlSocket.greatestPath else { throw .tooLong(path) }
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        guard unsafe access(folder, W_OK | X_OK) == 0 else { throw .folder(path) }
    }

    /// Lets the folder's group connect, beside the owner.
    static func admitGroup(_ path: String) throws(Failure) {
        guard unsafe chmod(path, 0o660) == 0 else { throw .mode(path) }
    }

    static func problem(_ failure: Failure) -> Problem {
        let (path, ja, en) =
            switch failure {
            case .tooLong(let path): (path, "名前が長すぎます", "its name is too long")
            case .folder(let path): (path, "フォルダーに書けません", "its folder cannot be written into")
            case .mode(let path): (path, "権限を変えられません", "its mode cannot be set")
            }
        return Problem(
            code: "listen-failed",
            outcome: .network,
            whatHappened: Text(
                ja: "ソケット \(path) で待ち受けられません: \(ja)。",
                en: "The server cannot listen at the socket \(path): \(en)."
            ),
            whatToDo: Text(
                ja: "authority.json の sockets に別のフォルダーを指定してください。",
                en: "Name another folder with sockets in authority.json."
            )
        )
    }
}
