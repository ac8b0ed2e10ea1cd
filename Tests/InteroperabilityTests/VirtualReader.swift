import ForeignTools
import Glibc

/// The reader's end of the vpcd wire, with nothing behind it: a test puts its own commands through.
final class VirtualReader {
    private let listener: Loopback.Listener
    var port: UInt16 { listener.port }

    init() throws { listener = try Loopback.Listener() }

    /// Waits for a card to be put in, and powers it.
    func card(within seconds: Int32 = 30) throws -> Slot {
        guard readable(listener.descriptor, milliseconds: seconds * 1000) else {
            throw ProgramFailure(description: "no card came within \(seconds) s")
        }
        let slot = Slot(accept(listener.descriptor, nil, nil))
        slot.send([0x01])
        return slot
    }

    /// A card in the reader, until it is let go.
    final class Slot {
        private let descriptor: Int32

        fileprivate init(_ descriptor: Int32) { self.descriptor = descriptor }

        deinit { close(descriptor) }

        func send(_ message: [UInt8]) {
            let frame = [UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message
            _ = unsafe Glibc.send(descriptor, frame, frame.count, Int32(MSG_NOSIGNAL))
        }

        /// One message of the card; `nil` when it is gone, or says nothing for so long.
        func receive(milliseconds: Int32 = 30_000) -> [UInt8]? {
            guard readable(descriptor, milliseconds: milliseconds), let header = read(2) else { return nil }
            return read(Int(header[0]) << 8 | Int(header[1]))
        }

        /// Sends a command and gives the last two bytes of what the card answers.
        func ask(_ command: [UInt8]) -> UInt16? {
            send(command)
            return receive().flatMap(Self.status)
        }

        static func status(_ answer: [UInt8]) -> UInt16? {
            answer.count >= 2 ? UInt16(answer[answer.count - 2]) << 8 | UInt16(answer[answer.count - 1]) : nil
        }

        private func read(_ count: Int) -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: count)
            return unsafe recv(descriptor, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
        }
    }
}

private func readable(_ descriptor: Int32, milliseconds: Int32) -> Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&state, 1, milliseconds) == 1
}
