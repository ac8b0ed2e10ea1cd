import ArgumentParser
import ControlSocket
import Problems
import Terminal
import Threads
import VPCD

/// Where a slot of the virtual reader listens.
struct ReaderPlace {
    let host: String
    let port: UInt16

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    init(parsing text: String) throws {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
            throw ValidationError(Terminal.say("--vpcd は ホスト:ポート です。", "--vpcd is HOST:PORT"))
        }
        self.init(host: String(text[..<colon]), port: port)
    }
}

/// One card in one slot, on a thread of its own.
final class Slot {
    private let client: VPCDClient
    private let control: CardControl?
    private let thread: OwnThread

    /// `onInsertion` is called once, on the slot's own thread; by then the card takes orders about its faults.
    init(
        _ card: InsertedCard,
        _ name: String,
        _ faults: FaultBoard,
        _ place: ReaderPlace,
        onInsertion: @escaping () -> Void
    ) throws {
        let client = try VPCDClient(host: place.host, port: place.port)
        let work = Work(
            card: card,
            client: client,
            name: name,
            place: "\(place.host):\(place.port)",
            onInsertion: onInsertion
        )
        control = try Self.control(name, faults, client)
        thread = try OwnThread.started { work.run() }
        self.client = client
    }

    /// A card without its control socket is a card all the same.
    private static func control(_ name: String, _ faults: FaultBoard, _ client: VPCDClient) throws -> CardControl? {
        do {
            return try CardControl(name, faults, client)
        } catch let error as ControlSocketError {
            let reason = error.problem(name).whatHappened.inLanguage(Terminal.language)
            Terminal.note(
                Terminal.say("\(reason) `fuda card fault` は使えません。", "\(reason) `fuda card fault` cannot be used.")
            )
            return nil
        }
    }

    func stop() {
        control?.stop()
        client.stop()
        thread.join()
    }

    /// Handed over to the thread as a whole: nobody else touches the card from then on.
    private final class Work {
        let card: InsertedCard
        let client: VPCDClient
        let name: String
        let place: String
        private var onInsertion: (() -> Void)?

        init(card: InsertedCard, client: VPCDClient, name: String, place: String, onInsertion: @escaping () -> Void) {
            self.card = card
            self.client = client
            self.name = name
            self.place = place
            self.onInsertion = onInsertion
        }

        func run() {
            var hasWaited = false
            client.run(card) { event in
                switch event {
                case .connected:
                    onInsertion?()
                    onInsertion = nil
                    Terminal.note(Terminal.say("\(name) を \(place) に挿入しました。", "\(name) is in the reader at \(place)."))
                case .waiting where !hasWaited:
                    hasWaited = true
                    Terminal.note(Terminal.say("\(place) のリーダーを待っています。", "waiting for a reader at \(place)."))
                case .waiting: break
                case .silent:
                    Terminal.note(
                        Terminal.say("\(place) には別のカードがあるようです。", "\(place) seems to hold another card.")
                    )
                case .tornOut:
                    let word = Terminal.shellWord(name)
                    Terminal.note(
                        Terminal.say(
                            "\(name) が \(place) から抜けました。戻すには `fuda card fault \(word) put-back`",
                            "\(name) has left the reader at \(place); `fuda card fault \(word) put-back` puts it back."
                        )
                    )
                case .disconnected:
                    hasWaited = false
                    Terminal.note(Terminal.say("\(place) のリーダーが消えました。", "the reader at \(place) has gone."))
                }
            }
        }
    }
}
