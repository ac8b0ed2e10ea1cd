import Foundation
import Glibc
import Testing

/// What is not a My Number Card, or no card at all, or no way to one: told politely, with what to do.
@Suite(.serialized) struct FudaOtherCardTests {
    private let reader: CardInReader

    /// The adult's card lies in the first slot; the second is free for others.
    init() throws { reader = try CardInReader("adult") }

    private static func script(_ name: String) throws -> String {
        try #require(Bundle.module.path(forResource: name, ofType: "py", inDirectory: "Scripts"))
    }

    private func freePort() throws -> String {
        let configuration = String(decoding: try reader.bytes("reader.conf.d/vpcd"), as: UTF8.self)
        let first = try #require(configuration.firstMatch(of: /CHANNELID (\d+)/).flatMap { Int($0.1) })
        return "\(first + 1)"
    }

    /// Waits until the second slot tells of something, or of nothing.
    private func wait(forSecond words: String) throws {
        let limit = ContinuousClock.now + .seconds(40)
        while try !reader.fuda("readers").output.contains("00 01  \(words)") {
            guard ContinuousClock.now < limit else {
                throw ProgramFailure(description: "the second slot: never \(words)")
            }
        }
    }

    @Test(arguments: [
        ("vicc-iso7816", "not-this-card"), ("vicc-ePass", "not-this-card"), ("vicc-nPA", "not-this-card"),
        ("passport", "not-this-card"), ("phone", "phone-on-reader"),
    ])
    func `another card is refused with 4, by read and by doctor`(kind: String, code: String) throws {
        let card = try RunningProgram(
            try Peer.python.path(),
            [try Self.script("foreign_card"), try freePort(), kind],
            environment: reader.environment,
            folder: reader.folder
        )
        try wait(forSecond: "a card")
        for command in [
            ["read", "card"], ["read", "basic", "--pin", "env:PIN"], ["pin", "status"], ["cert", "auth"],
        ] {
            let answer = try reader.start(command + ["--reader", "2", "--json"]).waitForEnd()
            #expect(answer.status == 4 && answer.errorCode == code, "\(kind) \(command): \(answer.text)")
        }
        let doctor = try reader.fuda("doctor", "--json")
        #expect(doctor.status == 4 && doctor.json["problem"] as? String == code, "\(doctor.text)")
        #expect(try reader.fuda("doctor", "--lang", "ja").output.contains("マイナンバーカード"))
        card.kill()
        try wait(forSecond: "no card")
    }

    @Test func `no card, no reader, no service: each with its own code`() throws {
        let empty = try reader.fuda("read", "card", "--reader", "2", "--json")
        #expect(empty.status == 4 && empty.errorCode == "no-card")
        let unknown = try reader.fuda("read", "card", "--reader", "Nonsense", "--json")
        #expect(unknown.status == 3 && unknown.errorCode == "reader-unknown")
        let nowhere = ["PCSCLITE_CSOCK_NAME": reader.file("nothing").path]
        let doctor = try reader.fuda("doctor", "--json", with: nowhere)
        #expect(doctor.status == 3 && doctor.json["problem"] as? String == "pcscd-not-running", "\(doctor.text)")
        let read = try reader.fuda("read", "basic", "--pin", "env:PIN", "--json", with: nowhere)
        #expect(read.status == 3 && read.errorCode == "pcscd-not-running")
        try reader.remove()
        let taken = try reader.fuda("read", "card", "--json")
        #expect(taken.status == 3, "with the card the reader of its own is gone: \(taken.text)")
    }

    @Test func `a service that refuses the user is told from one that is not there`() throws {
        let server = try RunningProgram(
            try Peer.python.path(),
            [try Self.script("refusing_service"), reader.file("refuses").path],
            environment: reader.environment,
            folder: reader.folder
        )
        _ = try server.waitForLine("listening")
        let socket = ["PCSCLITE_CSOCK_NAME": reader.file("refuses").path]
        for command in ["doctor", "readers"] {
            let answer = try reader.fuda(command, "--json", with: socket)
            let code = command == "doctor" ? answer.json["problem"] as? String : answer.errorCode
            #expect(answer.status == 3 && code == "pcsc-not-allowed", "\(answer.text)")
            #expect(command == "doctor" || answer.complaint.contains("polkit"))
        }
    }

    @Test(arguments: ["android", "iphone"])
    func `a phone's certificates are named as such, and have no facts`(persona: String) throws {
        let phone = try CardInReader(persona)
        let doctor = try phone.fuda("doctor", "--json")
        #expect(doctor.status == 4 && doctor.json["problem"] as? String == "phone-token")
        #expect(try phone.fuda("read", "card", "--json").json["token"] as? String == persona)
        let basic = try phone.fuda("read", "basic", "--pin", "env:PIN", "--json")
        #expect(basic.status == 4 && basic.errorCode == "card-lacks-file")
        let certificate = try phone.fuda("cert", "auth", "--pin", "env:PIN", "--format", "pem", "-o", "auth.pem")
        #expect(certificate.status == 0, "\(certificate.text)")
        #expect(try phone.run(.openssl, ["x509", "-in", "auth.pem", "-noout", "-subject"]).status == 0)
    }

    @Test func `a command waits for the card that is put on, and a watcher is told`() throws {
        try reader.fault("torn-out")
        #expect(try reader.fuda("read", "card").status == 4)
        try reader.wait(forCard: false)
        let watcher = try reader.start(["readers", "--watch"])
        _ = try watcher.waitForLine("1  Virtual PCD 00 00  no card")
        let waiting = try reader.start(["read", "card", "--json", "--wait", "40"])
        _ = try waiting.waitForLine("fuda: put the card on the reader.")
        try reader.fault("put-back")
        let answer = try waiting.waitForEnd()
        #expect(answer.status == 0 && answer.json["token"] as? String == "card", "\(answer.text)")
        _ = try watcher.waitForLine("1  Virtual PCD 00 00  a card")
        watcher.signal(SIGTERM)
    }
}
