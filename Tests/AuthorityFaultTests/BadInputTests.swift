import CertificateProfiles
import ControlSocket
import EventLog
import Foundation
import PKIX
import Testing

extension Faults {
    @Suite struct `What is not a question` {
        /// Sends bytes on a connection of their own and ends it; what came back until the server hung up.
        private static func exchange(
            _ bytes: [UInt8],
            _ address: AuthorityAddress,
            endsSending: Bool = true
        ) throws -> [HTTPConnection.Answer] {
            let connection = try HTTPConnection(port: address.statusPort)
            // A server that refuses hangs up before it has read everything.
            try? connection.send(bytes)
            if endsSending { connection.endSending() }
            var answers: [HTTPConnection.Answer] = []
            while let answer = try connection.receive() { answers.append(answer) }
            return answers
        }

        private static let closing = "Connection: close\r\n"

        /// SEQUENCEs in one another, each with the length of what is in it.
        private static func nested(_ depth: Int) -> [UInt8] {
            var bytes: [UInt8] = []
            for _ in 0..<depth {
                let count = bytes.count
                let length: [UInt8] =
                    count < 0x80
                    ? [UInt8(count)]
                    : count < 0x1_0000
                        ? [0x82, UInt8(count >> 8), UInt8(count & 0xFF)]
                        : [0x83, UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
                bytes = [0x30] + length + bytes
            }
            return bytes
        }

        @Test func `in its DER is malformedRequest, however it is broken`() throws {
            let address = try Faults.running()
            let certificate = try address.certificate()
            let question = try address.issuer(.auth).question([certificate.serial], nonce: OCSPClient.nonce())
            var broken: [String: [UInt8]] = [
                "nothing": [], "noise": (0..<200).map { _ in UInt8.random(in: 0...255) | 0x40 },
                "deeply nested": Self.nested(10_000), "text": Array("GET / HTTP/1.1".utf8),
                "a length of 2^31": [0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF] + question,
                "an indefinite length": [0x30, 0x80] + question + [0, 0],
                "something behind it": question + [0],
                "no certificate": [0x30, 0x04, 0x30, 0x02, 0x30, 0x00],
            ]
            for length in stride(from: 1, to: question.count, by: 3) {
                broken["truncated at \(length)"] = Array(question.prefix(length))
            }
            let client = try OCSPClient(.auth, address)
            for (name, bytes) in broken.sorted(by: { $0.key < $1.key }) {
                try client.connection.send(OCSPClient.post("/ocsp/auth", bytes))
                let reply = try client.receive(nonce: nil)
                #expect(reply.word == .refused(.malformedRequest), "\(name)")
            }
            // The connection and the server have survived all of it.
            #expect(try client.ask(certificate.serial).word == .good)
        }

        @Test func `with a byte changed anywhere is never a crash, and good for no other certificate`() throws {
            let address = try Faults.running()
            let certificate = try address.certificate()
            let question = try address.issuer(.auth).question([certificate.serial])
            let client = try OCSPClient(.auth, address)
            for place in question.indices {
                for bit in [0x01, 0x80] as [UInt8] {
                    var changed = question
                    changed[place] ^= bit
                    try client.connection.send(OCSPClient.post("/ocsp/auth", changed))
                    let answer = try #require(try client.connection.receive())
                    guard case .answered(let basic) = try OCSPResponse(parsing: answer.body) else { continue }
                    for one in basic.answers {
                        let serial = one.certificate.serialNumber
                        #expect(one.status != .good || serial.map { $0 < 16 } == true, "\(place)")
                    }
                }
            }
            #expect(try client.ask(certificate.serial).word == .good)
        }

        @Test func `in its HTTP is refused in HTTP, and the connection ended`() throws {
            let address = try Faults.running()
            let certificate = try address.certificate()
            let body = try address.issuer(.auth).question([certificate.serial])
            let huge = [UInt8](repeating: 0x30, count: 70_000)
            let cases: [(name: String, bytes: [UInt8], status: Int)] = [
                ("noise", Array("\u{1}\u{2}\u{3}\r\n\r\n".utf8), 400),
                ("no version", Array("GET /ocsp/auth/\r\n\r\n".utf8), 400),
                ("TLS", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03, 0x0D, 0x0A], 400),
                (
                    "two lengths",
                    Array(
                        "POST /ocsp/auth HTTP/1.1\r\nHost: o\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"
                            .utf8
                    ), 400
                ),
                (
                    "a length that is no number",
                    Array("POST /ocsp/auth HTTP/1.1\r\nHost: o\r\nContent-Length: x\r\n\r\n".utf8), 400
                ),
                (
                    "length and chunks",
                    Array(
                        "POST /ocsp/auth HTTP/1.1\r\nHost: o\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                            .utf8
                    ),
                    400
                ),
                (
                    "a header of 200,000 bytes",
                    Array(
                        "GET /ocsp/auth/AAAA HTTP/1.1\r\nX: \(String(repeating: "a", count: 200_000))\r\n\r\n".utf8
                    ),
                    431
                ),
                (
                    "10,000 headers",
                    Array(
                        ("GET /ocsp/auth/AAAA HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 100_000) + "\r\n")
                            .utf8
                    ), 431
                ),
                (
                    "an address of 100,000 bytes",
                    Array(
                        "GET /ocsp/auth/\(String(repeating: "A", count: 100_000)) HTTP/1.1\r\nHost: o\r\n\r\n".utf8
                    ),
                    431
                ),
                ("a body of 70,000 bytes", OCSPClient.post("/ocsp/auth", huge, Self.closing), 413),
                (
                    "a body of 70,000 bytes in chunks",
                    Array("POST /ocsp/auth HTTP/1.1\r\nHost: o\r\nTransfer-Encoding: chunked\r\n\r\n11170\r\n".utf8)
                        + huge
                        + Array("\r\n0\r\n\r\n".utf8), 413
                ),
                (
                    "a body that is announced and enormous",
                    Array("POST /ocsp/auth HTTP/1.1\r\nHost: o\r\nContent-Length: 99999999999\r\n\r\n".utf8), 413
                ),
                ("another method", Array("DELETE /ocsp/auth HTTP/1.1\r\nHost: o\r\n\(Self.closing)\r\n".utf8), 405),
                ("another path", OCSPClient.post("/ocsp/other", body, Self.closing), 404),
                ("another path yet", OCSPClient.post("/../ocsp/auth", body, Self.closing), 404),
            ]
            for (name, bytes, status) in cases {
                let answers = try Self.exchange(bytes, address, endsSending: false)
                #expect(answers.map(\.status) == [status], "\(name): \(answers.map(\.status))")
            }
            for text in [
                "%%%", "", "MEk", "MEk=M", "ME=k", "====", "M===", "ME%3", "ME%", "ME%3G", "MEk%3D%3D", "M Ek=", "ME-_",
            ] {
                let request = "GET /ocsp/auth/\(text) HTTP/1.1\r\nHost: o\r\n\(Self.closing)\r\n"
                let answers = try Self.exchange(Array(request.utf8), address, endsSending: false)
                #expect(answers.map(\.status) == [400], "no Base64: \(text)")
            }
            // A body that never comes: the end of the connection is the end of the question.
            #expect(
                try Self.exchange(
                    Array("POST /ocsp/auth HTTP/1.1\r\nHost: o\r\nContent-Length: 50\r\n\r\nabc".utf8),
                    address
                ).allSatisfy { $0.status == 400 }
            )
            #expect(try address.word(certificate) == .good)
        }

        @Test func `waiting behind others on the same connection is answered in its turn`() throws {
            let address = try Faults.running()
            let certificates = try (0..<3).map { _ in try address.certificate() }
            let issuer = try address.issuer(.auth)
            let client = try OCSPClient(.auth, address)
            // In memory from here on, so that its answers could overtake those that are signed.
            #expect(try client.ask(certificates[0].serial, nonce: nil).word == .good)
            var bytes: [UInt8] = []
            var wanted: [(serial: UInt32, nonce: [UInt8]?)] = []
            for number in 0..<60 {
                let serial = certificates[number % 3].serial
                let nonce = number % 3 == 0 ? nil : OCSPClient.nonce()
                bytes += OCSPClient.post("/ocsp/auth", try issuer.question([serial], nonce: nonce))
                wanted.append((serial, nonce))
            }
            try client.connection.send(bytes)
            for (number, one) in wanted.enumerated() {
                let answer = try #require(try client.connection.receive())
                guard case .answered(let basic) = try OCSPResponse(parsing: answer.body) else {
                    Issue.record("refused: \(number)")
                    continue
                }
                #expect(basic.nonce.map { Array($0) } == one.nonce, "\(number)")
                #expect(basic.answers.first?.certificate.serialNumber == UInt64(one.serial), "\(number)")
            }
        }

        @Test func `an order is refused, and orders go on being taken`() throws {
            let address = try Faults.running()
            for line in [
                "{", "[]", "null", String(repeating: "[", count: 100_000), "{\"actor\":\"x\",\"order\":{}}",
                "\u{0}\u{1}",
            ] {
                #expect(try ControlClient.ask(address.folder + "/control.sock", line) == "{}", "\(line.prefix(10))")
            }
            let certificate = try address.certificate()
            try address.hold(certificate)
            #expect(try address.word(certificate) == .revoked)
        }
    }
}
