public import Problems

/// Why no reader of one's own could be started.
public enum ReaderHostError: Error, Hashable, Sendable {
    case notInstalled
    case pathTooLong(String)
    /// Another reader has this folder.
    case folderInUse(String)
    /// Somebody else owns the configuration folder, may write to it, or has put something into it.
    case folderNotOurs(String)
    /// Another program, or another reader, has this port or the next.
    case portTaken(UInt16)
    /// The daemon ended at once, or takes no cards; what it said is in the log, and the end of that here.
    case daemonEnded(log: String, lastWords: String)
    case system(String, Int32)

    public var problem: Problem {
        switch self {
        case .notInstalled:
            Problem(
                code: "pcscd-missing",
                outcome: .noReader,
                whatHappened: Text(ja: "pcscd か仮想リーダーがありません。", en: "pcscd or the virtual reader is not installed."),
                whatToDo: Text(ja: "apt install pcscd vsmartcard-vpcd", en: "apt install pcscd vsmartcard-vpcd")
            )
        case .pathTooLong(let path):
            Problem(
                code: "socket-path",
                outcome: .usage,
                whatHappened: Text(ja: "パスが長すぎます: \(path)", en: "The path is too long for a socket: \(path)"),
                whatToDo: Text(ja: "短いフォルダーを指定してください。", en: "Choose a folder with a shorter path.")
            )
        case .folderInUse(let folder):
            Problem(
                code: "reader-in-use",
                outcome: .refusedForSafety,
                whatHappened: Text(ja: "\(folder) は別のリーダーが使っています。", en: "Another reader runs in \(folder)."),
                whatToDo: Text(ja: "別のフォルダーを指定してください。", en: "Choose another folder.")
            )
        case .folderNotOurs(let folder):
            Problem(
                code: "reader-folder",
                outcome: .refusedForSafety,
                whatHappened: Text(
                    ja: "\(folder) は自分だけのフォルダーではありません。",
                    en: "\(folder) is not a folder of this user alone, or holds other files."
                ),
                whatToDo: Text(ja: "新しいフォルダーを指定してください。", en: "Choose a new folder.")
            )
        case .portTaken(let port):
            Problem(
                code: "reader-port",
                outcome: .noReader,
                whatHappened: Text(
                    ja: "ポート \(port) か \(port + 1) は使用中です。",
                    en: "Port \(port) or \(port + 1) is in use."
                ),
                whatToDo: Text(ja: "別のポートを指定してください。", en: "Choose other ports.")
            )
        case .daemonEnded(let log, let lastWords):
            Problem(
                code: "pcscd-ended",
                outcome: .noReader,
                whatHappened: Text(
                    ja: "専用のpcscdが動きません。\(lastWords)",
                    en: "The pcscd of one's own does not run. \(lastWords)"
                ),
                whatToDo: Text(
                    ja: "\(log) を見てください。/run/pcscd がなければ root で一度作ります。",
                    en: "See \(log). If /run/pcscd is missing, make it once as root."
                )
            )
        case .system(let call, let number):
            Problem(
                code: "pcscd-start",
                outcome: .noReader,
                whatHappened: Text(
                    ja: "リーダーを起動できません: \(call) (errno \(number))",
                    en: "The reader cannot be started: \(call) (errno \(number))."
                ),
                whatToDo: Text(ja: "フォルダーの権限とポートを確かめてください。", en: "Check the folder's permissions and the ports.")
            )
        }
    }
}
