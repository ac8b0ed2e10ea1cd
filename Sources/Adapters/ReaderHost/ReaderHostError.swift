public import Problems

/// Why no reader of one's own could be started.
public enum ReaderHostError: Error, Hashable, Sendable {
    case notInstalled
    case pathTooLong(String)
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
