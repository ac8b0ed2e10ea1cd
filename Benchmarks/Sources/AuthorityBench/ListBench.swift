import AuthorityTesting
import CertificateProfiles
import EventLog
import Foundation
import Revocation

/// A list of a million entries, beside `openssl ca -gencrl` on the same list.
enum ListBench {
    static func run(in folder: String) throws {
        let count = 1_000_000
        var table = StatusTable()
        for serial in 1...UInt32(count) {
            table.revoke(
                serial,
                Revocation(reason: .superseded, at: 1_790_000_000, partition: "13101", notAfter: 1_890_000_000)
            )
        }
        let key = try BenchKeys.rsa()
        let authority = try SmallAuthority(.sign, key: key)
        let issuer = try RevocationListIssuer(
            .sign,
            generation: 1,
            certificate: authority.issuer.certificate,
            key: key
        )
        var size = 0
        let before = Measure.resident
        var entries = ListEntries()
        let ours = try Measure.seconds {
            try entries.prepare(["13101"], from: table, endingFrom: 1_790_000_000)
            size = try list(issuer, entries, 1)
        }
        let memory = Measure.resident - before
        let again = try Measure.seconds { size = try list(issuer, entries, 2) }
        let (theirs, theirMemory) = try openssl(folder, count)
        Measure.say(
            "list of \(count) entries, \(size / 1_000_000) MB",
            "\(ours.rounded(2)) s, openssl ca \(theirs.rounded(2)) s",
            bar: "faster",
            ours < theirs
        )
        Measure.say(
            "memory for it",
            "\(memory / 1_000_000) MB more, openssl ca \(theirMemory / 1000) MB in all",
            bar: "less",
            memory < theirMemory * 1000
        )
        Measure.say("the same list again, nothing revoked meanwhile", "\(again.rounded(3)) s")
    }

    private static func list(_ issuer: RevocationListIssuer, _ entries: ListEntries, _ number: UInt64) throws -> Int {
        try issuer.fullList(
            "13101",
            named: .municipality(prefecture: "Tokyo-to", municipality: "Chiyoda-ku"),
            entries,
            number: number,
            thisUpdate: 1_790_000_000,
            nextUpdate: 1_790_172_800
        ).der.count
    }

    /// Seconds, and the greatest resident memory in kB.
    private static func openssl(_ folder: String, _ count: Int) throws -> (Double, Int) {
        var index = ""
        index.reserveCapacity(count * 64)
        for serial in 1...count {
            index += "R\t300101000000Z\t260901000000Z,superseded\t\(String(format: "%08X", serial))\tunknown\t/CN=x\n"
        }
        try index.write(toFile: folder + "/index.txt", atomically: true, encoding: .utf8)
        let configuration = """
            [ca]
            default_ca = a
            [a]
            database = \(folder)/index.txt
            crlnumber = \(folder)/number
            default_md = sha256
            default_crl_days = 2
            crl_extensions = e
            [e]
            authorityKeyIdentifier = keyid
            """
        try configuration.write(toFile: folder + "/ca.cnf", atomically: true, encoding: .utf8)
        try "01\n".write(toFile: folder + "/number", atomically: true, encoding: .utf8)
        _ = try run(
            "openssl req -x509 -newkey rsa:2048 -nodes -keyout \(folder)/k.pem -out \(folder)/c.pem -subj /CN=x -days 9"
        )
        let began = ContinuousClock.now
        let said = try run(
            "/usr/bin/time -f %M openssl ca -gencrl -config \(folder)/ca.cnf -keyfile \(folder)/k.pem "
                + "-cert \(folder)/c.pem -out \(folder)/l.pem"
        )
        let took = (ContinuousClock.now - began).seconds
        return (took, said.split(separator: "\n").last.flatMap { Int($0) } ?? 0)
    }

    private static func run(_ command: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let said = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: said, as: UTF8.self)
    }
}
