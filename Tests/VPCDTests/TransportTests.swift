import CardTesting
import Foundation
import Synchronization
import Testing
import VPCD
import VirtualCard

/// The same card asked in process and through the virtual reader's wire (cases 108 and 109 of docs/card/conformance.md).
@Suite struct TransportTests {
    /// A card behind the wire.
    private final class WiredCard: VPCDCard, Sendable {
        let answerToReset: [UInt8] = [0x3B, 0x80, 0x80, 0x01, 0x01]
        private let dialogue: Mutex<CardDialogue<FakeCryptography>>

        init(_ dialogue: CardDialogue<FakeCryptography>) { self.dialogue = Mutex(dialogue) }

        func powerOn() { powerOff() }
        func powerOff() { dialogue.withLock { $0.card.powerOff() } }
        func reset() { dialogue.withLock { $0.card.reset() } }
        func respond(to command: [UInt8]) -> VPCDReply {
            .answer(dialogue.withLock { $0.card.respond(to: command, committingTo: &$0.store) })
        }
    }

    /// Commands as clients send them, some of them spoilt; what draws random numbers is left out.
    private static func commands(_ count: Int) -> [[UInt8]] {
        var random = SeededGenerator(seed: 109)
        let templates: [[UInt8]] =
            [
                SampleContents.jpkiAID, SampleContents.inputSupportAID,
            ].map { [0x00, 0xA4, 0x04, 0x0C, UInt8($0.count)] + $0 } + [
                [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x0A], [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x18],
                [0x00, 0xB0, 0x00, 0x00, 0x00], [0x00, 0xB0, 0x8A, 0x00, 0x00, 0x00, 0x00], [0x00, 0x20, 0x00, 0x80],
                [0x00, 0x20, 0x00, 0x98, 0x04, 0x31, 0x32, 0x33, 0x34], [0x00, 0xCA, 0x5F, 0x51, 0x00],
                [0x80, 0x2A, 0x00, 0x97, 0x04, 0x01, 0x02, 0x03, 0x04, 0x00],
            ]
        return (0..<count).map { _ in
            var command = random.one(of: templates)
            if random.once(in: 3) { command[random.below(command.count)] = random.byte() }
            return command
        }.filter { $0[1] != 0x84 && !($0[1] == 0x2A && $0[2] >= 4) }
    }

    @Test func `every command has the same answer either way, and the ATR is the same afterwards`() throws {
        let sample = try SampleCards.fast()
        var direct = sample.dialogue()
        let wired = WiredCard(sample.dialogue())
        let reader = try FakeReader()
        let client = try VPCDClient(host: "127.0.0.1", port: reader.port)
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            client.run(wired) { _ in }
            ended.signal()
        }
        let slot = try reader.accept()
        let atr = try slot.ask([0x04])
        var statuses: Set<[UInt8]> = []
        for command in Self.commands(3000) {
            let expected = direct.card.respond(to: command, committingTo: &direct.store)
            #expect(try slot.ask(command) == expected)
            statuses.insert(Array(expected.suffix(2)))
        }
        #expect(statuses.count > 8, "a run that meets few statuses compares little")
        #expect(try slot.ask([0x04]) == atr)
        client.stop()
        #expect(ended.wait(timeout: .now() + 60) == .success)
    }
}
