import AuthorityRecords
import ForeignTools
import FoundationEssentials
import PostgresRecords
import SQLiteRecords
import Testing

/// The two databases every test of the ledger is run against.
enum Engine: String, CaseIterable, CustomTestStringConvertible {
    case sqlite, postgres

    var testDescription: String { rawValue }

    /// One server for all tests, started when it is first needed.
    static let server = Result { try PostgresServer() }

    /// A new, empty place for records.
    func place() throws -> Place {
        switch self {
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appending(path: "records-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            return Place(engine: self, address: folder + "/records.sqlite", folder: folder)
        case .postgres: return Place(engine: self, address: try Self.server.get().database(), folder: nil)
        }
    }
}

/// Where records are; what is on the disk goes when nobody needs it any more.
final class Place: Sendable {
    let engine: Engine
    let address: String
    private let folder: String?

    init(engine: Engine, address: String, folder: String?) {
        self.engine = engine
        self.address = address
        self.folder = folder
    }

    deinit { if let folder { try? FileManager.default.removeItem(atPath: folder) } }

    func database() throws -> any SQLDatabase {
        switch engine {
        case .sqlite: try SQLiteDatabase(path: address)
        case .postgres: try PostgresDatabase(address)
        }
    }

    func ledger(_ node: String = "one", clock: @escaping @Sendable () -> Int64 = Place.clock) async throws -> Ledger {
        try await Ledger.open(try database(), node: node, clock: clock)
    }

    /// Milliseconds since 1970 UTC, of the machine.
    static let clock: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1_000) }
}
