import CardKeys
import CardProfiles
import CardStorage
import Foundation
import Glibc
import SmartCard
import VirtualCard

/// A folder of one test's own, gone with it.
final class Folder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "fuda-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

func read(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

/// Replaces the content of the file that is there, keeping the file itself.
func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

/// What the tests put into a card file: no whole card, but changes of every kind.
enum Sample {
    static let key = (0..<32).map { UInt8($0) ^ 0x5A }
    static let auth = ObjectID(.jpki, 0x0018)
    static let name = Array("番号　花子".utf8)

    static func header(salt: UInt8 = 1, certificates: Int = 1) -> CardHeader {
        CardHeader(
            kind: .plastic,
            persona: "adult",
            serial: "800000000000001",
            expiry: "20360331",
            atr: [0x3B, 0x00],
            madeAt: 1_795_472_390,
            certificates: (0..<certificates).map {
                CardHeader.NamedCertificate(name: "c\($0)", der: [0x30, UInt8($0)])
            },
            protection: .keyFile,
            salt: [UInt8](repeating: salt, count: 16)
        )
    }

    static let snapshot: [Change] = [
        .dataObject(0x0045, Array("JPKI-SIM".utf8)), .terminalKey([UInt8](repeating: 9, count: 32)),
        .content(ObjectID(.inputSupport, 0x0002), name), .record(ObjectID(.common, 0x0001), [1, 2, 3]),
        .reference(auth, salt: [1, 2], verifier: [3, 4], tries: 3), .publicKey(ObjectID(.jpki, 0x0016), [5, 6]),
        .closed,
    ]

    static func change(_ number: Int) -> [Change] { [.tries(auth, number)] }

    /// Makes a card file with `blocks` commits behind its snapshot; gives its bytes.
    @discardableResult
    static func make(
        _ path: String,
        header: CardHeader = Sample.header(),
        blocks: Int,
        key: [UInt8] = Sample.key
    ) throws -> [UInt8] {
        try CardFile.create(at: path, header, snapshot, storageKey: key, replacing: false)
        let file = try open(path, key: key)
        for number in 0..<blocks { try file.commit(change(number)) }
        return try read(path)
    }

    /// Opens a file that nobody is meant to have open.
    ///
    /// A process that another test starts meanwhile inherits every open file for the instant before it becomes its
    /// program, and with it the lock of one that was closed here; so "in use" is asked again for a while.
    static func open(_ path: String, key: [UInt8] = Sample.key) throws(CardFileError) -> CardFile {
        let end = ContinuousClock.now + .seconds(5)
        while true {
            do throws(CardFileError) {
                return try CardFile(opening: path, storageKey: key)
            } catch .inUse(let path) {
                guard ContinuousClock.now < end else { throw .inUse(path: path) }
                sched_yield()
            }
        }
    }

    /// What a file with that many blocks holds.
    static func content(blocks: Int) -> [Change] { snapshot + (0..<blocks).flatMap(change) }

    /// Opens a file only to look at it.
    static func changes(_ path: String, key: [UInt8] = Sample.key) throws -> [Change] {
        try open(path, key: key).changes
    }

    static let block = 512
}
