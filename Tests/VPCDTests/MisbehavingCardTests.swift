import Dispatch
import Testing
import VPCD

@Suite struct `A card that misbehaves in its slot` {
    private let reader: FakeReader

    init() throws { reader = try FakeReader() }

    /// A card that answers so, then as usual.
    private func insert(
        _ replies: [VPCDReply],
        onEvent: (@Sendable (VPCDEvent) -> Void)? = nil
    ) throws -> Insertion {
        try Insertion(RecordingCard(replying: replies), port: reader.port, onEvent: onEvent)
    }

    @Test func `leaves instead of answering, stays out, and comes back powered anew when it is put back`() throws {
        let torn = DispatchSemaphore(value: 0)
        let insertion = try insert([.tornOut]) { if $0 == .tornOut { torn.signal() } }
        var slot = try reader.accept()
        try slot.send(frame: [0x01])
        #expect(!insertion.isOut)
        #expect(try slot.ask([0x00, 0x84]) == nil)
        #expect(insertion.isOut, "the reader never knows it before the card does")
        #expect(torn.wait(timeout: .now() + 60) == .success)
        #expect(insertion.card.history == ["on", "command 2", "off"])
        #expect(!insertion.events.contains(.disconnected), "the reader has not gone")
        #expect(insertion.events.filter { $0 == .connected }.count == 1)

        #expect(insertion.putBack())
        slot = try reader.accept()
        #expect(!insertion.isOut)
        #expect(try slot.ask([0x04]) == insertion.card.answerToReset)
        #expect(try slot.ask([0x00, 0x84]) == [0x84, 0x00, 0x90, 0x00])
        #expect(insertion.stop())
    }

    @Test func `does not come back by itself`() throws {
        let insertion = try insert([.tornOut])
        let slot = try reader.accept()
        #expect(try slot.ask([0x00, 0x84]) == nil)
        #expect(!reader.hasCaller(milliseconds: 200))
        #expect(insertion.putBack())
        #expect(reader.hasCaller(milliseconds: 60_000))
        #expect(insertion.stop())
    }

    @Test func `can be put back as soon as the reader has noticed, and torn out again, any number of times`() throws {
        let insertion = try insert([VPCDReply](repeating: .tornOut, count: 20))
        for _ in 0..<20 {
            let slot = try reader.accept()
            #expect(try slot.ask([0x00, 0x84]) == nil)
            #expect(insertion.putBack())
            #expect(!insertion.putBack(), "it is out once only")
        }
        let slot = try reader.accept()
        #expect(try slot.ask([0x00, 0x84]) == [0x84, 0x00, 0x90, 0x00])
        #expect(insertion.stop())
    }

    @Test func `that is in its reader cannot be put back, and that disturbs nothing`() throws {
        let insertion = try insert([])
        let slot = try reader.accept()
        #expect(!insertion.putBack())
        #expect(try slot.ask([0x00, 0x84]) == [0x84, 0x00, 0x90, 0x00])
        #expect(insertion.stop())
    }

    @Test func `can be taken away while it is out`() throws {
        let torn = DispatchSemaphore(value: 0)
        let insertion = try insert([.tornOut]) { if $0 == .tornOut { torn.signal() } }
        let slot = try reader.accept()
        #expect(try slot.ask([0x00, 0x84]) == nil)
        #expect(torn.wait(timeout: .now() + 60) == .success)
        #expect(insertion.stop())
    }

    @Test func `forgets commands that were on their way when it left`() throws {
        let insertion = try insert([.tornOut])
        do {
            let slot = try reader.accept()
            try slot.send(VPCDDecoder.frame([0x00, 0x84]) + VPCDDecoder.frame([0x00, 0x20, 0x00]))
            #expect(try slot.frame() == nil)
        }
        #expect(insertion.putBack())
        let slot = try reader.accept()
        #expect(try slot.ask([0x00, 0xA4]) == [0xA4, 0x00, 0x90, 0x00])
        #expect(insertion.card.history.filter { $0.hasPrefix("command") } == ["command 2", "command 2"])
        #expect(insertion.stop())
    }

    @Test func `may send what is no answer, as it is`() throws {
        let insertion = try insert([.garbage([0x61]), .garbage([])])
        let slot = try reader.accept()
        #expect(try slot.ask([0x00, 0x84]) == [0x61])
        #expect(try slot.ask([0x00, 0x84]) == [0x6F, 0x00], "an empty frame would hang the reader")
        #expect(try slot.ask([0x00, 0x84]) == [0x84, 0x00, 0x90, 0x00])
        #expect(insertion.stop())
    }

    @Test func `may answer late, or leave late, but not early`() throws {
        let late = VPCDReply.late(milliseconds: 60, .answer([0x90, 0x00]))
        let insertion = try insert([late, .late(milliseconds: 60, .tornOut)])
        let slot = try reader.accept()
        let start = ContinuousClock.now
        #expect(try slot.ask([0x00, 0x84]) == [0x90, 0x00])
        #expect(ContinuousClock.now - start >= .milliseconds(60))
        let second = ContinuousClock.now
        #expect(try slot.ask([0x00, 0x84]) == nil)
        #expect(ContinuousClock.now - second >= .milliseconds(60))
        #expect(insertion.stop())
    }

    @Test func `is not waited for when it is taken out`() throws {
        let insertion = try insert([.late(milliseconds: 600_000, .answer([0x90, 0x00]))])
        let slot = try reader.accept()
        try slot.send(frame: [0x00, 0x84])
        #expect(slot.isSilent())
        #expect(insertion.stop())
        #expect(try slot.frame() == [0x90, 0x00], "the answer that was on its way")
    }
}
