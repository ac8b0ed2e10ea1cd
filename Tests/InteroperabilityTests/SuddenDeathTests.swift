import Foundation
import Glibc
import Testing

/// The program that is the card, killed at any moment.
@Suite(.serialized) struct SuddenDeathTests {
    private static let password = Array(TestSecrets.password.utf8)
    private static let selectJPKI: [UInt8] = [0, 0xA4, 4, 0x0C, 10, 0xD3, 0x92, 0xF0, 0, 0x26, 1, 0, 0, 0, 1]
    private static let selectPassword: [UInt8] = [0, 0xA4, 2, 0x0C, 2, 0, 0x1B]
    private static let askTries: [UInt8] = [0, 0x20, 0, 0x80]
    private static let wrong: [UInt8] = askTries + [6] + Array("WRONG9".utf8)
    private static let right: [UInt8] = askTries + [UInt8(password.count)] + password

    private let folder: URL
    private let card: URL
    private let reader: VirtualReader

    init() throws {
        folder = try CardLibrary.makeFolder()
        card = folder.appending(path: "card")
        reader = try VirtualReader()
    }

    private func insert() throws -> (program: RunningProgram, slot: VirtualReader.Slot) {
        let program = try RunningProgram(
            try CardLibrary.program(),
            ["card", "insert", card.path, "--vpcd", "127.0.0.1:\(reader.port)"],
            environment: CardLibrary.environment(home: folder),
            folder: folder
        )
        let slot = try reader.card()
        try #require(slot.ask(Self.selectJPKI) == 0x9000)
        try #require(slot.ask(Self.selectPassword) == 0x9000)
        return (program, slot)
    }

    @Test(arguments: 1...20)
    func `a card killed between wrong tries never has more of them left than it told`(round: Int) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try CardLibrary.shared.putCard("adult", at: card)
        let (program, slot) = try insert()
        var told: UInt16 = 0x63C5
        // Six wrong tries on their way at once, one more than there are.
        for _ in 0..<6 { slot.send(Self.wrong) }
        // It dies some time after some of the answers.
        for _ in 0..<Int.random(in: 0...5) { told = try #require(slot.receive().flatMap(VirtualReader.Slot.status)) }
        let moment = ContinuousClock.now + .microseconds(Int.random(in: 0...800))
        while ContinuousClock.now < moment {}
        program.kill()
        // What left the card before it died was told, too.
        while let answer = slot.receive(milliseconds: 1000).flatMap(VirtualReader.Slot.status) { told = answer }

        let (again, slotAgain) = try insert()
        let left = try #require(slotAgain.ask(Self.askTries))
        try #require(left & 0xFFF0 == 0x63C0)
        #expect(left & 0xF <= (told == 0x6984 ? 0 : told & 0xF), "told \(told), then \(left)")
        #expect(slotAgain.ask(Self.right) == (left == 0x63C0 ? 0x6984 : 0x9000))
        #expect(slotAgain.ask(Self.askTries) == (left == 0x63C0 ? 0x63C0 : 0x63C5))
        again.kill()
    }

    @Test func `a blocked password stays blocked over any number of deaths`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try CardLibrary.shared.putCard("adult", at: card)
        let (program, slot) = try insert()
        for left in (0x63C0...0x63C4).reversed() { #expect(slot.ask(Self.wrong) == UInt16(left)) }
        program.kill()
        for _ in 0..<3 {
            let (program, slot) = try insert()
            #expect(slot.ask(Self.right) == 0x6984)
            #expect(slot.ask(Self.askTries) == 0x63C0)
            program.kill()
        }
    }
}
