import AuthorityRecords
import EventLog
import ForeignTools
import Foundation
import SQLiteRecords
import Testing

@Suite("SQLite file")
struct SQLiteFileTests {
    @Test("the file is its owner's alone, marked as ours, and in write-ahead mode")
    func file() async throws {
        let place = try Engine.sqlite.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        let attributes = try FileManager.default.attributesOfItem(atPath: place.address)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        await ledger.close()
        let header = try #require(FileManager.default.contents(atPath: place.address))
        #expect(Array(header[68..<72]) == Array("FUDA".utf8))
        #expect(Array(header[18..<20]) == [2, 2])
    }

    @Test("another program's database is refused, and not touched")
    func foreign() throws {
        let place = try Engine.sqlite.place()
        let made = try ForeignProgram.run(
            "python3",
            [
                "-c", "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('CREATE TABLE t (a)')",
                place.address,
            ]
        )
        #expect(made.status == 0, "\(made.notes)")
        let before = FileManager.default.contents(atPath: place.address)
        #expect(throws: RecordsError.notOurs) { _ = try SQLiteDatabase(path: place.address) }
        #expect(FileManager.default.contents(atPath: place.address) == before)
    }

    @Test("a file that is no database is refused, and not touched")
    func noDatabase() throws {
        let place = try Engine.sqlite.place()
        let text = Data(repeating: 0x41, count: 5_000)
        try text.write(to: URL(filePath: place.address))
        #expect(throws: RecordsError.notOurs) { _ = try SQLiteDatabase(path: place.address) }
        #expect(FileManager.default.contents(atPath: place.address) == text)
    }

    @Test("a place where nothing can be written is told")
    func unwritable() {
        #expect(throws: RecordsError.self) { _ = try SQLiteDatabase(path: "/nonexistent/folder/records.sqlite") }
    }

    @Test("the records of a later version are refused", arguments: Engine.allCases)
    func later(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        await ledger.close()
        let database = try place.database()
        try await database.write { connection in
            _ = try connection.execute("INSERT INTO fuda_migrations (number) VALUES (99)", [])
        }
        await database.close()
        await #expect(throws: RecordsError.newer(found: 99, known: 1)) { _ = try await place.ledger() }
    }
}
