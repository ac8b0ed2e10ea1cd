import ArgumentParser
import CardFaults
import CardProfiles
import CardStorage
import CommandBasics
import Glibc
import Problems
import ReaderHost
import Synchronization
import Terminal
import VPCD

/// `fuda card insert`: puts cards into the virtual reader and keeps them there until interrupted.
struct InsertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "insert",
        abstract: Terminal.say(
            "カードを仮想リーダーに挿入し、中断されるまで保つ",
            "put cards into the virtual reader and stay until interrupted"
        )
    )

    @Argument(help: ArgumentHelp(Terminal.say("カードファイル", "card files"), valueName: "file"))
    var files: [String]

    @Option(
        help: ArgumentHelp(
            Terminal.say(
                "vpcdの場所。既定は127.0.0.1の35963, 35964, …",
                "where vpcd listens; default 127.0.0.1, 35963, 35964, …"
            ),
            valueName: "host:port"
        )
    )
    var vpcd: [String] = []

    @Option(
        help: ArgumentHelp(
            Terminal.say("このフォルダーに専用のpcscdを起動する", "start a pcscd of one's own in this folder"),
            valueName: "folder"
        )
    )
    var ownReader: String?

    @Option(help: ArgumentHelp(Terminal.say("ATRの形", "shape of the ATR"), valueName: "contactless|contact"))
    var atr: ATRShape?

    @Option(help: ArgumentHelp(Self.switchHelp, valueName: "name"))
    var lenient: [String] = []

    @Option(help: ArgumentHelp(Self.faultHelp, valueName: "name"))
    var fault: [String] = []

    @OptionGroup var key: StorageKeyOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let leniency = try parseLeniency()
        let faults = try FaultOrder.faults(fault)
        let cards = try files.map { try open($0, leniency, FaultBoard(faults)) }
        // Signals are taken by this thread alone, and only when it asks for them.
        var signals = sigset_t()
        _ = unsafe sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] { _ = unsafe sigaddset(&signals, number) }
        _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)

        let reader = try startReader(for: cards.count)
        let places = try places(for: cards.count, reader: reader)
        // The line with which clients reach the cards comes when every card is in its slot.
        let missing = Atomic<Int>(cards.count)
        let line = reader.map { "export PCSCLITE_CSOCK_NAME=\(Terminal.shellWord($0.socketPath))" }
        let running = try zip(cards, places).map { card, place in
            try Slot(card.card, card.name, card.faults, place) {
                if missing.subtract(1, ordering: .relaxed).newValue == 0, let line { Terminal.out(line) }
            }
        }

        var received: Int32 = 0
        _ = unsafe sigwait(&signals, &received)
        // A second signal ends the program whatever it is waiting for.
        _ = unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        for slot in running { slot.stop() }
        reader?.stop()
        Terminal.note(Terminal.say("カードを抜きました。", "the card is out."))
    }

    // MARK: - Parts

    private func open(
        _ path: String,
        _ leniency: Leniency,
        _ faults: FaultBoard
    ) throws -> (card: InsertedCard, name: String, faults: FaultBoard) {
        let header = try CardFile.header(of: path)
        let file = try CardFile(opening: path, storageKey: try key.key(for: header))
        let atr = atr?.bytes ?? header.atr
        let card = try InsertedCard(file, atr: atr, leniency: leniency, faults: faults) { error in
            Terminal.note(error.problem.whatHappened.inLanguage(Terminal.language))
        }
        if file.journalBlocks > 1024 { card.compact() }
        return (card, path, faults)
    }

    private func startReader(for cards: Int) throws -> PrivateReader? {
        guard let ownReader else { return nil }
        do throws(ReaderHostError) {
            return try PrivateReader(directory: try folder(ownReader), readers: (cards + 1) / 2)
        } catch {
            throw error.problem
        }
    }

    private func folder(_ path: String) throws(ReaderHostError) -> String {
        do throws(Problem) {
            return try Locations.makeFolder(path)
        } catch {
            throw .system("mkdir", errno)
        }
    }

    private func places(for cards: Int, reader: PrivateReader?) throws -> [ReaderPlace] {
        if let reader { return reader.ports.prefix(cards).map { ReaderPlace(host: "127.0.0.1", port: $0) } }
        if vpcd.isEmpty { return (0..<cards).map { ReaderPlace(host: "127.0.0.1", port: 35_963 + UInt16($0)) } }
        guard vpcd.count == cards else {
            throw ValidationError(Terminal.say("--vpcd はファイルと同じ数だけ指定します。", "give as many --vpcd as files"))
        }
        return try vpcd.map { try ReaderPlace(parsing: $0) }
    }

    private func parseLeniency() throws -> Leniency {
        var leniency: Leniency = []
        for name in lenient {
            guard let found = Leniency.named.first(where: { $0.name == name }) else {
                throw ValidationError(Terminal.say("知らないスイッチ: \(name)", "unknown switch: \(name)"))
            }
            leniency.insert(found.leniency)
        }
        return leniency
    }

    private static var faultHelp: String {
        Terminal.say("不具合（一覧は `fuda card fault`）: ", "misbehaviour (`fuda card fault` explains): ")
            + CardFault.named.map(\.form).joined(separator: ", ")
    }

    private static var switchHelp: String {
        let names = Leniency.named.map { "\($0.name) (\($0.meaning.inLanguage(Terminal.language)))" }
        return Terminal.say("実カードと違うふるまい: ", "departures from the card: ") + names.joined(separator: "; ")
    }
}
