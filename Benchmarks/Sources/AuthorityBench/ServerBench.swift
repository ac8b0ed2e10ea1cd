import AuthorityAssembly
import AuthorityRecords
import CertificateProfiles
import EventLog
import Foundation
import PKIX
import Revocation
import SQLiteRecords

/// The servers themselves: how soon one is ready, and what an OCSP answer over HTTP costs beside a constant body of the
/// same size on the same library.
///
/// They take turns in short rounds, so that both have the same machine.
enum ServerBench {
    static let hot = 10_000
    private static let great = 100_000_000
    private static let rounds = 12
    /// Seconds of one round.
    private static let length = 1

    static func run(in folder: String) async throws {
        let small = try await LoadedAuthority(folder + "/small", count: hot)
        let big = try await LoadedAuthority(folder + "/big", count: hot)
        let server = try await ready(big)
        defer { server.program.stop() }
        try http(small, big, server, folder)
    }

    // MARK: - Ready

    /// Gives the folder the status of very many certificates, and the totals that it is checked against; the certificates
    /// themselves, which a start does not look at, are not there.
    private static func ready(_ authority: LoadedAuthority) async throws -> Server {
        let grown = try GreatSnapshot(growing: authority.snapshot, isLast: true, to: great)
        let path = authority.folder.path
        try Data(grown.bytes).write(to: URL(filePath: path + "/status.snapshot"))
        let database = try SQLiteDatabase(path: path + "/authority.sqlite")
        let more = great - Int(authority.serials.upperBound)
        try await database.write { connection in
            for (happening, number) in [(Happening.planned, more), (.revoked, grown.revoked)] {
                try connection.execute(
                    """
                    INSERT INTO totals (writer, authority, happening, number) VALUES ('n1', 'auth', $1, $2)
                    ON CONFLICT (writer, authority, happening) DO UPDATE SET number = totals.number + excluded.number
                    """,
                    [.text(happening.rawValue), SQLValue(number)]
                )
            }
            try connection.execute("UPDATE counters SET next = $1 WHERE name = 'auth'", [SQLValue(great + 1)])
        }
        await database.close()
        var took: [Double] = []
        var server: Server?
        for _ in 0..<3 {
            server?.program.stop()
            // Its end wrote what it knows.
            took.append(try Measure.seconds { server = try Server(path) })
        }
        guard let server else { throw Server.Failed(notes: "not started") }
        Measure.say(
            "ready from a snapshot of \(great / 1_000_000) M certificates, \(grown.bytes.count / 1_000_000) MB",
            "\((took.max() ?? 0).rounded(2)) s, the slowest of \(took.count)",
            bar: "5 s",
            (took.max() ?? 0) < 5
        )
        return server
    }

    // MARK: - HTTP

    private static func http(
        _ small: LoadedAuthority,
        _ big: LoadedAuthority,
        _ bigServer: Server,
        _ folder: String
    ) throws {
        let smallServer = try Server(small.folder.path)
        defer { smallServer.program.stop() }
        let paths = try [small, big].map { authority in
            try authority.serials.map { serial in
                let request = try OCSPRequest.encode([try AnswerBench.certID(authority.issuer, serial)], nonce: nil)
                let text = Data(request).base64EncodedString()
                return "/ocsp/auth/"
                    + text.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
            }
        }
        for (number, paths) in paths.enumerated() {
            try paths.joined(separator: "\n").write(toFile: folder + "/\(number)", atomically: true, encoding: .utf8)
        }
        let size = try HTTPClient(smallServer.statusPort).get(paths[0][0]).body.count
        let bare = try Program(["BareServer", "\(size)"])
        guard let barePort = Int(bare.line()) else { throw Server.Failed(notes: "BareServer") }
        let sides = [
            (bare, barePort, folder + "/0"), (smallServer.program, smallServer.statusPort, folder + "/0"),
            (bigServer.program, bigServer.statusPort, folder + "/1"),
        ]
        var costs = sides.map { _ in [Double]() }
        var rates = sides.map { _ in [Double]() }
        for round in 0..<rounds {
            // An answer is signed anew after 30 s: none is while it is measured.
            if round % 3 == 0 {
                try warm(smallServer.statusPort, paths[0])
                try warm(bigServer.statusPort, paths[1])
            }
            // In both directions, as whoever comes second in turn may find the machine warmer.
            for place in round % 2 == 0 ? Array(sides.indices) : sides.indices.reversed() {
                let side = sides[place]
                let before = side.0.processorSeconds
                let answers = try ask(side.1, side.2)
                costs[place].append((side.0.processorSeconds - before) / Double(answers))
                rates[place].append(Double(answers) / Double(length))
            }
        }
        let medians = costs.map(\.median)
        func text(_ place: Int) -> String {
            "\((medians[place] * 1e6).rounded(1)) µs (\(rates[place].median.rounded(0)) a second)"
        }
        Measure.say("a constant body of \(size) bytes on SwiftNIO, processor an answer", text(0))
        for (place, name) in [(1, "\(hot / 1_000) k"), (2, "\(great / 1_000_000) M")] {
            let ratio = medians[place] / medians[0]
            Measure.say(
                "OCSP without nonce, hot set of \(hot), \(name) certificates",
                "\(text(place)), ratio \(ratio.rounded(2))",
                bar: "1.25",
                ratio <= 1.25
            )
        }
        let apart = Array(medians.dropFirst()).spread
        Measure.say("the two apart", "\((apart * 100).rounded(1)) %", bar: "10 %", apart <= 0.1)
    }

    /// Asks each question once.
    private static func warm(_ port: Int, _ paths: [String]) throws {
        let threads = 8
        let failures = Failures()
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            do {
                let client = try HTTPClient(port)
                for place in stride(from: thread, to: paths.count, by: threads) {
                    guard try client.get(paths[place]).status == 200 else { throw HTTPClient.Ended() }
                }
            } catch { failures.add() }
        }
        guard failures.count == 0 else { throw HTTPClient.Ended() }
    }

    /// Answers that `wrk` got in one round.
    private static func ask(_ port: Int, _ paths: String) throws -> Int {
        let script = URL(filePath: #filePath).appending(path: "../../../questions.lua").standardized.path
        let said = try Program([
            "wrk", "-t", "1", "-c", "16", "-d", "\(length)s", "-s", script, "http://127.0.0.1:\(port)", "--", paths,
        ]).whole()
        guard let line = said.split(separator: "\n").first(where: { $0.hasPrefix("answers ") }),
            let words = Optional(line.split(separator: " ")), words.count == 3, let count = Int(words[1]),
            words[2] == "0"
        else { throw Server.Failed(notes: said) }
        return count
    }
}

final class Failures: @unchecked Sendable {
    private let lock = NSLock()
    private var number = 0
    func add() { lock.withLock { number += 1 } }
    var count: Int { lock.withLock { number } }
}
