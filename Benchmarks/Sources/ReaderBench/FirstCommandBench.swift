import CardKeys
import CardStorage
import Glibc
import PCSC
import ReaderHost
import Synchronization
import VPCD
import VirtualCard

/// From the start of `fuda pin status` to the first command that reaches a card, which here is in this process.
struct FirstCommandBench {
    let folder: String
    let file: String

    func run() throws {
        let storageKey = try StorageKey.read(folder + "/fuda/storage.key")
        let cardFile = try CardFile(opening: file, storageKey: storageKey)
        // The same folder for every service: pcsc-lite asks once in a process where the socket is.
        let host = try PrivateReader(directory: folder)
        defer { host.stop() }
        setenv("PCSCLITE_CSOCK_NAME", host.socketPath, 1)
        let clock = CommandClock()
        let client = try VPCDClient(host: "127.0.0.1", port: host.ports[0])
        let card = try StampingCard(cardFile, clock)
        let thread = try Thread { client.run(card) { _ in } }
        let context = try PCSCContext()
        var states = try context.readers()
        while !states.contains(where: \.hasCard) {
            states = try context.waitForChange(from: states, milliseconds: 1000)
        }
        var times: [Double] = []
        var ends: [Double] = []
        for _ in 0..<21 {
            clock.start()
            let start = now()
            let child = try Child(
                ["fuda", "pin", "status"],
                environment: [
                    "PCSCLITE_CSOCK_NAME=\(host.socketPath)", "XDG_DATA_HOME=\(folder)", "PATH=/usr/bin:/bin", "LANG=C",
                ],
                output: folder + "/status.out"
            )
            guard child.wait() == 0, let first = clock.first else {
                throw Program.Failed(notes: try text(of: folder + "/status.out"))
            }
            times.append((first - start) * 1000)
            ends.append((now() - start) * 1000)
        }
        client.stop()
        thread.join()
        say(
            "fuda pin status, from its start to its first command at the card: \(rounded(times.median, 1)) ms, fastest "
                + "\(rounded(times.percentile(0), 1)), slowest \(rounded(times.percentile(100), 1)); to its end "
                + "\(rounded(ends.median, 1)) " + verdict(times.median <= 30, "30 ms")
        )
    }
}

/// When the first command came since it was started.
final class CommandClock: Sendable {
    private let time = Mutex<Double?>(nil)

    var first: Double? { time.withLock { $0 } }

    func start() { time.withLock { $0 = nil } }

    func stamp() {
        let moment = now()
        time.withLock { $0 = $0 ?? moment }
    }
}

final class StampingCard: VPCDCard {
    let answerToReset: [UInt8]
    private var card: VirtualCard<OpenSSLCryptography>
    private var store = VolatileStore()
    private let clock: CommandClock

    init(_ file: CardFile, _ clock: CommandClock) throws {
        answerToReset = file.header.atr
        let state = try CardState(file.header.kind, replaying: file.changes, using: OpenSSLCryptography())
        card = VirtualCard(state, cryptography: OpenSSLCryptography())
        self.clock = clock
    }

    func powerOn() { card.powerOff() }
    func powerOff() { card.powerOff() }
    func reset() { card.reset() }

    func respond(to command: [UInt8]) -> VPCDReply {
        clock.stamp()
        return .answer(card.respond(to: command, committingTo: &store))
    }
}

/// A thread of the system.
final class Thread: @unchecked Sendable {
    private var thread = pthread_t()

    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    init(_ body: @escaping () -> Void) throws {
        let work = Unmanaged.passRetained(Work(body))
        let status = pthread_create(
            &thread,
            nil,
            { argument in
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            },
            work.toOpaque()
        )
        guard status == 0 else { throw Program.Failed(notes: "pthread_create: \(status)") }
    }

    func join() { pthread_join(thread, nil) }
}
