import Glibc
import PCSC
import ReaderHost

/// Debian's pcscd with one virtual reader: a card of this project in its first slot, the bare card in its second.
final class Readers {
    let host: PrivateReader
    let context: PCSCContext
    private let card: Program
    private let bare: Program

    /// Names of the slots, as the service gives them.
    let names: [String]

    init(_ folder: String, card file: String) throws {
        host = try PrivateReader(directory: folder)
        setenv("PCSCLITE_CSOCK_NAME", host.socketPath, 1)
        card = try Program(
            ["fuda-card", "insert", file, "--vpcd", "127.0.0.1:\(host.ports[0])"],
            in: folder,
            environment: ["XDG_DATA_HOME": folder]
        )
        bare = try Program(["BareCard", "\(host.ports[1])"], in: folder)
        context = try PCSCContext()
        var states = try context.readers()
        let deadline = now() + 20
        while states.count < 2 || !states.allSatisfy(\.hasCard) {
            guard now() < deadline else { throw Program.Failed(notes: card.said + bare.said) }
            states = try context.waitForChange(from: states, milliseconds: 1000)
        }
        names = states.map(\.name).sorted()
    }

    /// A connection to the card of this project.
    func own() throws -> PCSCConnection { try PCSCConnection(context, reader: names[0]) }
    func floor() throws -> PCSCConnection { try PCSCConnection(context, reader: names[1]) }

    func stop() {
        card.stop()
        bare.stop()
        host.stop()
    }
}

/// One command with the length of its answer's data.
struct Exchange {
    let command: [UInt8]
    let answer: Int

    /// A command for the bare card that is as long and has as long an answer.
    var bare: [UInt8] {
        var bytes = command
        bytes[0] = 0xFF
        bytes[2] = UInt8(answer >> 8)
        bytes[3] = UInt8(answer & 0xFF)
        return bytes
    }
}
