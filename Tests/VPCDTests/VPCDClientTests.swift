import Dispatch
import ForeignTools
import Glibc
import Synchronization
import Testing
import VPCD

@Suite struct `A card in a slot of the virtual reader` {
    @Test func `is powered, reset and asked as the reader wants it`() throws {
        let reader = try FakeReader()
        let insertion = try Insertion(port: reader.port)
        let slot = try reader.accept()
        try slot.send(frame: [0x01])
        #expect(try slot.ask([0x04]) == insertion.card.answerToReset)
        #expect(try slot.ask([0x00, 0xA4, 0x04]) == [0x04, 0xA4, 0x00, 0x90, 0x00])
        try slot.send(frame: [0x02])
        #expect(try slot.ask([0x00, 0x20]) == [0x20, 0x00, 0x90, 0x00])
        try slot.send(frame: [0x00])
        #expect(try slot.ask([0x04]) == insertion.card.answerToReset, "also when it is off")
        #expect(insertion.card.history == ["on", "command 3", "reset", "command 2", "off"])
        #expect(insertion.stop())
    }

    @Test func `answers nothing to power on, power off, reset and empty frames`() throws {
        let reader = try FakeReader()
        let insertion = try Insertion(port: reader.port)
        let slot = try reader.accept()
        for frame in [[0x01], [0x02], [], [0x00], [0x01]] as [[UInt8]] { try slot.send(frame: frame) }
        // The next thing it says is the answer to the next question, so nothing was said before.
        #expect(try slot.ask([0x04]) == insertion.card.answerToReset)
        #expect(slot.isSilent())
        #expect(insertion.stop())
    }

    @Test func `understands reset, question and command in one segment`() throws {
        let reader = try FakeReader()
        let insertion = try Insertion(port: reader.port)
        let slot = try reader.accept()
        let command: [UInt8] = [0x00, 0x84, 0x00, 0x00, 0x08]
        try slot.send(VPCDDecoder.frame([0x02]) + VPCDDecoder.frame([0x04]) + VPCDDecoder.frame(command))
        #expect(try slot.frame() == insertion.card.answerToReset)
        #expect(try slot.frame() == command.reversed() + [0x90, 0x00])
        #expect(insertion.card.history == ["reset", "command 5"])
        #expect(insertion.stop())
    }

    @Test func `waits for the body of a frame whose header came alone`() throws {
        let reader = try FakeReader()
        let insertion = try Insertion(port: reader.port)
        let slot = try reader.accept()
        for part in [[0x00], [0x03], [0x00, 0xA4]] as [[UInt8]] {
            try slot.send(part)
            #expect(slot.isSilent(milliseconds: 20))
        }
        #expect(insertion.card.history.isEmpty)
        try slot.send([0x04])
        #expect(try slot.frame() == [0x04, 0xA4, 0x00, 0x90, 0x00])
        #expect(insertion.stop())
    }

    @Test func `takes the longest command there is and gives the longest answer`() throws {
        let reader = try FakeReader()
        let longest = (0..<65_535).map { UInt8(truncatingIfNeeded: $0) }
        let insertion = try Insertion(RecordingCard(answering: longest), port: reader.port)
        let slot = try reader.accept()
        #expect(try slot.ask(longest) == longest)
        #expect(insertion.card.history == ["command 65535"])
        #expect(insertion.stop())
    }

    @Test(arguments: [0, 1, 65_536, 70_000])
    func `says 6F00 when the card's answer fits no frame or is no status`(count: Int) throws {
        let reader = try FakeReader()
        let card = RecordingCard(answering: [UInt8](repeating: 0x90, count: count))
        let insertion = try Insertion(card, port: reader.port)
        let slot = try reader.accept()
        #expect(try slot.ask([0x00, 0xA4]) == [0x6F, 0x00])
        #expect(try slot.ask([0x00, 0xA4]) == [0x6F, 0x00], "and stays in step with the reader")
        #expect(insertion.stop())
    }

    @Test(arguments: [0x03, 0x05, 0x07, 0xFF] as [UInt8])
    func `answers a frame of one byte that means nothing, since the reader waits`(value: UInt8) throws {
        let reader = try FakeReader()
        let insertion = try Insertion(port: reader.port)
        let slot = try reader.accept()
        let answer = try #require(try slot.ask([value]))
        #expect(answer.count >= 2)
        #expect(insertion.stop())
    }

    // MARK: - Coming and going

    @Test func `is powered off when the reader goes and put in again when it is back`() throws {
        var reader = try FakeReader()
        let port = reader.port
        let insertion = try Insertion(port: port)
        do {
            let slot = try reader.accept()
            try slot.send(frame: [0x01])
            #expect(try slot.ask([0x04]) != nil)
            reader.close()
            slot.close()
        }
        reader = try FakeReader(port: port)
        let slot = try reader.accept()
        #expect(try slot.ask([0x04]) == insertion.card.answerToReset)
        #expect(insertion.card.history.prefix(2) == ["on", "off"])
        #expect(insertion.events.filter { $0 == .connected }.count == 2)
        #expect(insertion.events.contains(.disconnected))
        #expect(insertion.stop())
    }

    @Test func `does not mind a reader that goes in the middle of a frame`() throws {
        let reader = try FakeReader()
        let insertion = try Insertion(port: reader.port)
        do {
            let slot = try reader.accept()
            try slot.send([0x00, 0x20, 0x00])
        }
        let slot = try reader.accept()
        #expect(try slot.ask([0x00, 0x84]) == [0x84, 0x00, 0x90, 0x00], "the rest of the old frame is forgotten")
        #expect(insertion.card.history.last == "command 2")
        #expect(insertion.stop())
    }

    @Test func `waits for a reader that is not there yet, and says so`() throws {
        let port: UInt16
        do {
            let reader = try FakeReader()
            port = reader.port
        }
        let waited = DispatchSemaphore(value: 0)
        let insertion = try Insertion(port: port) { event in
            if case .waiting = event { waited.signal() }
        }
        #expect(waited.wait(timeout: .now() + 60) == .success)
        let reader = try FakeReader(port: port)
        let slot = try reader.accept()
        #expect(try slot.ask([0x04]) == insertion.card.answerToReset)
        #expect(insertion.stop())
    }

    @Test func `says when the reader never says a word`() throws {
        let reader = try FakeReader()
        let silent = DispatchSemaphore(value: 0)
        let insertion = try Insertion(port: reader.port) { if $0 == .silent { silent.signal() } }
        let slot = try reader.accept()
        #expect(silent.wait(timeout: .now() + 60) == .success)
        #expect(try slot.ask([0x04]) == insertion.card.answerToReset, "and serves it all the same")
        #expect(insertion.stop())
    }

    // MARK: - Taking it out

    @Test func `comes out at once when the reader is silent, off or asking`() throws {
        let reader = try FakeReader()
        for frames in [[], [[0x01]], [[0x01], [0x04]]] as [[[UInt8]]] {
            let connected = DispatchSemaphore(value: 0)
            let insertion = try Insertion(port: reader.port) { if $0 == .connected { connected.signal() } }
            let slot = try reader.accept()
            for frame in frames { try slot.send(frame: frame) }
            // The reader's side of a connection stands before the card's side knows of it.
            #expect(connected.wait(timeout: .now() + 60) == .success)
            #expect(insertion.stop())
            #expect(insertion.card.history.last == "off")
            #expect(!insertion.events.contains(.disconnected), "nobody is told of a reader that did not go")
        }
    }

    @Test func `comes out at once when the reader's queue is full and the connection neither stands nor fails`() throws
    {
        // A listener that takes nobody: its queue of one fills, and further connections wait in the kernel.
        let listener = try Loopback.Listener(backlog: 0)
        defer { withExtendedLifetime(listener) {} }
        let insertions = try (0..<4).map { _ in try Insertion(port: listener.port) }
        for insertion in insertions { #expect(insertion.stop()) }
    }

    @Test func `comes out at once when there is no reader`() throws {
        let port: UInt16
        do {
            let reader = try FakeReader()
            port = reader.port
        }
        let waited = DispatchSemaphore(value: 0)
        let insertion = try Insertion(port: port) { _ in waited.signal() }
        #expect(waited.wait(timeout: .now() + 60) == .success)
        #expect(insertion.stop())
        #expect(insertion.card.history.isEmpty)
    }

    @Test func `may be taken out more than once, and stays out`() throws {
        let reader = try FakeReader()
        let client = try VPCDClient(host: "127.0.0.1", port: reader.port)
        client.stop()
        client.stop()
        let events = Mutex<[VPCDEvent]>([])
        client.run(RecordingCard()) { event in events.withLock { $0.append(event) } }
        #expect(events.withLock { $0 }.isEmpty)
    }
}
