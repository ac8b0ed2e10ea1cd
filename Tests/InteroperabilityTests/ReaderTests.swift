import ForeignTools
import Foundation
import Glibc
import ReaderHost
import Testing

/// Readers, slots and the program that keeps cards in them.
@Suite(.serialized) struct ReaderTests {
    @Test func `two cards are in two slots at once, each its own holder's`() throws {
        let reader = try CardInReader("adult", "child")
        let adult = try PKCS15Dump(reader, slot: 0)
        let child = try PKCS15Dump(reader, slot: 1)
        #expect(adult.tries["Digital Signature PIN"] == 5)
        #expect(child.tries["Digital Signature PIN"] == 0)
        let serials = [adult, child].map { $0.details["User Authentication Certificate"]?["Encoded serial"] }
        #expect(serials[0] != nil && serials[0] != serials[1])
        // One PIN's tries are spent in one slot only.
        let wrong = ["--reader", "1", "--verify-pin", "--auth-id", "01", "--pin", "env:WRONG_PIN"]
        #expect(try reader.run(.pkcs15Tool, wrong).status != 0)
        #expect(try PKCS15Dump(reader, slot: 0).tries["User Authentication PIN"] == 3)
        #expect(try PKCS15Dump(reader, slot: 1).tries["User Authentication PIN"] == 2)
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func `a signal takes the card and its reader out, which is success`(signal: Int32) throws {
        let reader = try CardInReader("adult")
        let socket = try #require(reader.environment["PCSCLITE_CSOCK_NAME"])
        #expect(FileManager.default.fileExists(atPath: socket))
        let end = try #require(try reader.remove(by: signal))
        #expect(end.status == 0, "\(end.text)")
        #expect(end.complaint.hasSuffix("the card is out.\n"))
        #expect(!FileManager.default.fileExists(atPath: socket))
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a signal also ends the wait for a reader that is not there`(signal: Int32) throws {
        let folder = try CardLibrary.makeFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let card = folder.appending(path: "card")
        try CardLibrary.shared.putCard("adult", at: card)
        let program = try RunningProgram(
            try CardLibrary.program(),
            ["card", "insert", card.path, "--vpcd", "127.0.0.1:\(try Loopback.freePort())"],
            environment: CardLibrary.environment(home: folder),
            folder: folder
        )
        _ = try program.waitForLine("fuda: waiting for a reader")
        program.signal(signal)
        #expect(try program.waitForEnd(timeout: 60).status == 0)
    }

    @Test func `a card is in one reader only, and can be looked at meanwhile`() throws {
        let reader = try CardInReader("adult")
        let card = reader.cards[0].path
        let second = try reader.start(["card", "insert", card, "--own-reader", reader.file("second").path])
        let refused = try second.waitForEnd()
        #expect(refused.status == 7)
        #expect(refused.complaint.contains("[card-file-in-use]"))

        let shown = try reader.start(["card", "inspect", card]).waitForEnd()
        #expect(shown.status == 0)
        #expect(shown.output.contains(/persona +adult\n/))
        #expect(shown.output.contains(/serial +80000000[0-9]{7}\n/))
        #expect(shown.output.contains("The card is inserted: counters are not shown."))
        // Nothing of this has disturbed the card.
        #expect(try PKCS15Dump(reader).tries["User Authentication PIN"] == 3)
    }

    @Test func `a folder has one reader, and a second one does not disturb the first`() throws {
        let reader = try CardInReader("adult")
        let other = reader.file("other.card")
        try CardLibrary.shared.putCard("child", at: other)
        let second = try reader.start(["card", "insert", other.path, "--own-reader", reader.folder.path])
        let refused = try second.waitForEnd()
        #expect(refused.status == 7)
        #expect(refused.complaint.contains("[reader-in-use]"))
        #expect(try PKCS15Dump(reader).tries["User Authentication PIN"] == 3)
    }

    @Test func `ports have one reader, and a second one is told before it starts`() throws {
        let folders = try (0..<3).map { _ in try CardLibrary.makeFolder() }
        defer { folders.forEach { try? FileManager.default.removeItem(at: $0) } }
        let first = try PrivateReader(directory: folders[0].path)
        let port = first.ports[0]
        #expect(throws: ReaderHostError.portTaken(port)) {
            try PrivateReader(directory: folders[1].path, firstPort: port)
        }
        first.stop()
        try PrivateReader(directory: folders[2].path, firstPort: port).stop()
    }

    @Test func `readers that start at one moment all come, each with ports of its own`() async throws {
        let folders = try (0..<12).map { _ in try CardLibrary.makeFolder() }
        defer { folders.forEach { try? FileManager.default.removeItem(at: $0) } }
        let ports = try await withThrowingTaskGroup(of: [UInt16].self) { group in
            for folder in folders {
                group.addTask {
                    let reader = try PrivateReader(directory: folder.path)
                    defer { reader.stop() }
                    return reader.ports
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(ports.count == 24)
    }

    @Test func `the card comes back by itself when pcscd was ended and started again`() throws {
        let folder = try CardLibrary.makeFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let card = folder.appending(path: "card")
        try CardLibrary.shared.putCard("adult", at: card)
        var environment = CardLibrary.environment(home: folder)

        let first = try PrivateReader(directory: folder.path)
        let port = first.ports[0]
        environment["PCSCLITE_CSOCK_NAME"] = first.socketPath
        let insertion = try RunningProgram(
            try CardLibrary.program(),
            ["card", "insert", card.path, "--vpcd", "127.0.0.1:\(port)"],
            environment: environment,
            folder: folder
        )
        func name() throws -> String {
            let program = try RunningProgram(
                try Peer.openscTool.path(),
                ["--wait", "--name"],
                environment: environment,
                folder: folder
            )
            return try program.waitForEnd().output
        }
        #expect(try name() == "jpki\n")
        first.stop()
        _ = try insertion.waitForLine("fuda: the reader at 127.0.0.1:\(port) has gone.")

        let second = try PrivateReader(directory: folder.path, firstPort: port)
        #expect(try name() == "jpki\n")
        second.stop()
        insertion.signal(SIGTERM)
        #expect(try insertion.waitForEnd(timeout: 60).status == 0)
    }

    @Test func `a reader that goes away takes the verified state with it`() throws {
        let folder = try CardLibrary.makeFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let card = folder.appending(path: "card")
        try CardLibrary.shared.putCard("adult", at: card)
        let reader = try VirtualReader()
        let program = try RunningProgram(
            try CardLibrary.program(),
            ["card", "insert", card.path, "--vpcd", "127.0.0.1:\(reader.port)"],
            environment: CardLibrary.environment(home: folder),
            folder: folder
        )
        let selectJPKI: [UInt8] = [0, 0xA4, 4, 0x0C, 10, 0xD3, 0x92, 0xF0, 0, 0x26, 1, 0, 0, 0, 1]
        let verify: [UInt8] = [0, 0x20, 0, 0x9B, 6] + Array(TestSecrets.password.utf8)
        let readCertificate: [UInt8] = [0, 0xB0, 0x81, 0, 2]
        do {
            let slot = try reader.card()
            #expect(slot.ask(selectJPKI) == 0x9000)
            #expect(slot.ask(verify) == 0x9000)
            #expect(slot.ask(readCertificate) == 0x9000)
        }
        let slot = try reader.card()
        #expect(slot.ask(selectJPKI) == 0x9000)
        #expect(slot.ask(readCertificate) == 0x6982)
        program.signal(SIGTERM)
        #expect(try program.waitForEnd(timeout: 60).status == 0)
    }
}
