import Dispatch
import ForeignTools
import Foundation
import Glibc
import Synchronization
import VPCD

/// The other side of the wire: listens as the virtual reader's driver does, on a free port of the loopback.
final class FakeReader {
    let port: UInt16
    private var listener: Loopback.Listener?

    struct Failure: Error { let call: String, errno: Int32 }

    /// `port` 0 means any free one.
    init(port wanted: UInt16 = 0) throws {
        let listener = try Loopback.Listener(port: wanted)
        port = listener.port
        self.listener = listener
    }

    func close() { listener = nil }

    private var descriptor: Int32 { listener?.descriptor ?? -1 }

    /// Whether a card comes, or has come and is not taken yet, within a time.
    func hasCaller(milliseconds: Int32) -> Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&waiting, 1, milliseconds) == 1
    }

    /// Waits for a card to be put in.
    func accept() throws -> Slot {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&waiting, 1, 60_000) == 1 else { throw Failure(call: "poll", errno: ETIMEDOUT) }
        let socket = Glibc.accept(descriptor, nil, nil)
        guard socket >= 0 else { throw Failure(call: "accept", errno: errno) }
        return Slot(socket)
    }

    /// One connected card.
    final class Slot {
        private var socket: Int32

        init(_ socket: Int32) {
            self.socket = socket
            var on: Int32 = 1
            _ = unsafe setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        }

        deinit { close() }

        func close() {
            if socket >= 0 { Glibc.close(socket) }
            socket = -1
        }

        /// Sends bytes as one segment.
        func send(_ bytes: [UInt8]) throws {
            guard unsafe Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
                throw Failure(call: "send", errno: errno)
            }
        }

        func send(frame: [UInt8]) throws { try send(VPCDDecoder.frame(frame)) }

        /// One whole frame; `nil` when the card has gone.
        func frame() throws -> [UInt8]? {
            guard let header = try receive(2) else { return nil }
            return try receive(Int(header[0]) << 8 | Int(header[1]))
        }

        func ask(_ frame: [UInt8]) throws -> [UInt8]? {
            try send(frame: frame)
            return try self.frame()
        }

        /// Whether nothing more comes within a time in which anything would have come.
        func isSilent(milliseconds: Int32 = 100) -> Bool {
            var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            return unsafe poll(&waiting, 1, milliseconds) == 0
        }

        private func receive(_ count: Int) throws -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: count)
            var done = 0
            while done < count {
                var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
                guard unsafe poll(&waiting, 1, 60_000) == 1 else { throw Failure(call: "poll", errno: ETIMEDOUT) }
                let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                    unsafe recv(socket, buffer.baseAddress?.advanced(by: done), count - done, 0)
                }
                guard got > 0 else { return nil }
                done += got
            }
            return bytes
        }
    }
}

/// A card that writes down what happens to it and answers a command with the command itself, reversed, and a status.
final class RecordingCard: VPCDCard, Sendable {
    let answerToReset: [UInt8] = [0x3B, 0x80, 0x01, 0x81]
    /// Answers instead of the usual one.
    let fixedAnswer: [UInt8]?
    private let log = Mutex<[String]>([])
    /// Taken one after the other before the usual answer.
    private let replies: Mutex<[VPCDReply]>

    init(answering fixedAnswer: [UInt8]? = nil, replying replies: [VPCDReply] = []) {
        self.fixedAnswer = fixedAnswer
        self.replies = Mutex(replies)
    }

    var history: [String] { log.withLock { $0 } }

    func powerOn() { log.withLock { $0.append("on") } }
    func powerOff() { log.withLock { $0.append("off") } }
    func reset() { log.withLock { $0.append("reset") } }

    func respond(to command: [UInt8]) -> VPCDReply {
        log.withLock { $0.append("command \(command.count)") }
        let reply = replies.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        return reply ?? .answer(fixedAnswer ?? command.reversed() + [0x90, 0x00])
    }
}

/// A client that serves a card on a thread of its own, and can be waited for.
final class Insertion: Sendable {
    let card: RecordingCard
    private let client: VPCDClient
    private let state = Mutex(State())
    private let end = DispatchSemaphore(value: 0)

    private struct State {
        var events: [VPCDEvent] = []
        var onEvent: (@Sendable (VPCDEvent) -> Void)?
    }

    init(
        _ card: RecordingCard = RecordingCard(),
        host: String = "127.0.0.1",
        port: UInt16,
        onEvent: (@Sendable (VPCDEvent) -> Void)? = nil
    ) throws {
        self.card = card
        client = try VPCDClient(host: host, port: port)
        state.withLock { $0.onEvent = onEvent }
        Thread.detachNewThread { [self] in
            client.run(card) { event in
                state.withLock { $0.events.append(event) }
                state.withLock { $0.onEvent }?(event)
            }
            end.signal()
        }
    }

    var isOut: Bool { client.isOut }

    func putBack() -> Bool { client.putBack() }

    var events: [VPCDEvent] { state.withLock { $0.events } }

    /// Stops the client; whether it has come back within five seconds.
    func stop() -> Bool {
        client.stop()
        return hasEnded()
    }

    func hasEnded() -> Bool { end.wait(timeout: .now() + 60) == .success }
}
