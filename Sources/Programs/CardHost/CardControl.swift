import ControlSocket
import Problems
import Terminal
import Threads
import VPCD

/// Where an inserted card takes orders about its faults: a socket beside its file, on a thread of its own.
final class CardControl {
    private let server: ControlServer
    private let thread: OwnThread

    /// Where the card in `file` listens while it is inserted.
    static func path(of file: String) -> String { file + ".control" }

    /// Listens for orders; an order is answered when it is in force.
    init(_ file: String, _ faults: FaultBoard, _ client: VPCDClient) throws {
        let server = try ControlServer(Self.path(of: file))
        self.server = server
        thread = try OwnThread.started {
            server.run { line in
                let words = line.split(separator: " ").map(String.init)
                guard let orders = try? FaultOrder.parse(words) else { return "unknown" }
                for order in orders {
                    switch order {
                    case .add(let fault): faults.add(fault)
                    case .clear: faults.clear()
                    case .putBack: client.putBack()
                    }
                }
                return FaultAnswer(isInReader: !client.isOut, faults: faults.inForce).line
            }
        }
    }

    func stop() {
        server.stop()
        thread.join()
    }

    /// Says orders to the card in `file`, which another process has inserted.
    static func tell(_ file: String, _ orders: [FaultOrder]) throws(Problem) -> FaultAnswer {
        let path = path(of: file)
        let line: String
        do throws(ControlSocketError) {
            line = try ControlClient.ask(path, orders.map(\.word).joined(separator: " "))
        } catch {
            throw error.problem(file)
        }
        guard let answer = FaultAnswer(parsing: line) else { throw ControlSocketError.noAnswer(path).problem(file) }
        return answer
    }
}

extension ControlSocketError {
    /// What a person is told who has an order for the card in `file`.
    func problem(_ file: String) -> Problem {
        switch self {
        case .nobody:
            Problem(
                code: "card-not-inserted",
                outcome: .noCard,
                whatHappened: Text(ja: "カードは挿入されていません: \(file)", en: "The card in \(file) is not inserted."),
                whatToDo: Text(
                    ja: "先に `fuda card insert \(file)` を実行し、同じファイル名を指定します。",
                    en: "Run `fuda card insert \(file)` first, and name the file as there."
                )
            )
        case .pathTooLong(let path):
            Problem(
                code: "control-path",
                outcome: .usage,
                whatHappened: Text(ja: "パスが長すぎます: \(path)", en: "The path is too long for a socket: \(path)"),
                whatToDo: Text(
                    ja: "短いパスのファイルを挿入するか、--fault で挿入します。",
                    en: "Insert a file with a shorter path, or insert it with --fault."
                )
            )
        case .occupied(let path):
            Problem(
                code: "control-occupied",
                outcome: .inputFile,
                whatHappened: Text(ja: "\(path) はソケットではありません。", en: "\(path) is no socket."),
                whatToDo: Text(ja: "そのファイルを移してください。", en: "Move that file away.")
            )
        case .denied(let path):
            Problem(
                code: "control-denied",
                outcome: .refusedForSafety,
                whatHappened: Text(ja: "\(path) は他の利用者のものです。", en: "\(path) is another user's."),
                whatToDo: Text(ja: "カードを挿入した利用者で実行します。", en: "Run this as the user who inserted the card.")
            )
        case .noAnswer(let path):
            Problem(
                code: "control-answer",
                outcome: .outcomeUnknown,
                whatHappened: Text(ja: "\(path) から応答がありません。", en: "\(path) gave no answer that is understood."),
                whatToDo: Text(
                    ja: "`fuda card fault \(file)` で状態を確かめてください。",
                    en: "See what is in force with `fuda card fault \(file)`."
                )
            )
        case .system(let call, let number):
            Problem(
                code: "control-system",
                outcome: .other,
                whatHappened: Text(
                    ja: "制御用のソケットを使えません: \(call) (errno \(number))",
                    en: "The control socket cannot be used: \(call) (errno \(number))."
                ),
                whatToDo: Text(ja: "フォルダーの権限を確かめてください。", en: "Check the folder's permissions.")
            )
        }
    }
}
