import ForeignTools
import PlainHTTP
import Testing

@Suite("Asking a server on this machine")
struct PlainHTTPTests {
    private func ask(
        _ answer: String,
        hangsUp: Bool = true,
        seconds: Int = 10,
        limit: Int = 4096
    ) throws -> (Result<PlainHTTPAnswer, PlainHTTPFailure>, String) {
        let server = try LoopbackServer()
        let address = try #require(server.address)
        server.answer(Array(answer.utf8), after: "\r\n\r\nquestion", hangsUp: hangsUp)
        do throws(PlainHTTPFailure) {
            let got = try PlainHTTP.post(
                Array("question".utf8),
                type: "application/ocsp-request",
                to: address,
                seconds: seconds,
                limit: limit
            )
            return (.success(got), server.asked)
        } catch {
            return (.failure(error), server.asked)
        }
    }

    @Test(
        "A body ends by length, by chunks or with the connection",
        arguments: [
            "Content-Length: 6\r\n\r\nanswer", "content-length:  6 \r\nX: y\r\n\r\nanswer and more",
            "Transfer-Encoding: chunked\r\n\r\n3\r\nans\r\n3;x=y\r\nwer\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n6\r\nanswer\r\n0\r\nTrailer: x\r\n\r\n", "X: y\r\n\r\nanswer",
        ]
    )
    func bodies(rest: String) throws {
        let (got, asked) = try ask("HTTP/1.1 200 OK\r\n" + rest)
        #expect(try got.get().body == Array("answer".utf8))
        #expect(asked.hasPrefix("POST /ask HTTP/1.1\r\nHost: 127.0.0.1:"))
        #expect(asked.contains("\r\nContent-Type: application/ocsp-request\r\nContent-Length: 8\r\n"))
    }

    @Test("An answer that says its length is not waited for any longer")
    func keepsOpen() throws {
        let (got, _) = try ask("HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno", hangsUp: false)
        #expect(try got.get() == (try ask("HTTP/1.0 503 x\r\n\r\nno").0.get()))
        #expect(try got.get().status == 503)
    }

    @Test("Answers that are cut off, garbled or too long are refused")
    func refusals() throws {
        let cases: [(String, PlainHTTPFailure)] = [
            ("", .cutOff), ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nanswer", .cutOff),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nanswer", .cutOff),
            ("HTTP/1.1 200 OK\r\n", .garbled), ("SSH-2.0-x\r\n\r\n", .garbled), ("HTTP/2 200\r\n\r\n", .garbled),
            ("HTTP/1.1 +20 OK\r\n\r\n", .garbled), ("HTTP/1.1 999 OK\r\n\r\n", .garbled),
            ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", .garbled),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", .garbled),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .garbled),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .garbled),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", .garbled),
            ("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 5000), .tooLong),
        ]
        for (answer, failure) in cases {
            let (got, _) = try ask(answer)
            #expect(got == .failure(failure), "\(answer.prefix(80))")
        }
    }

    @Test("A server that says nothing is given up, and one that is not there is told apart")
    func silence() throws {
        #expect(try ask("", hangsUp: false, seconds: 1).0 == .failure(.late))
        let address = try #require(try LoopbackServer().address)
        #expect(throws: PlainHTTPFailure.unreachable(errno: 111)) {
            try PlainHTTP.post([], type: "x/y", to: address)
        }
    }

    @Test("What is at an address is asked for without a body")
    func getting() throws {
        let server = try LoopbackServer()
        server.answer(Array("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nanswer".utf8), after: "\r\n\r\n")
        let got = try PlainHTTP.get(try #require(server.address), limit: 64)
        #expect(got.status == 200 && got.body == Array("answer".utf8))
        #expect(
            server.asked == "GET /ask HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nConnection: close\r\n\r\n"
        )
        let files = try FileServer(["a/list.crl": (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }])
        let address = try #require(PlainHTTPAddress(files.url + "/a/list.crl"))
        #expect(try PlainHTTP.get(address).body.count == 100_000)
        #expect(throws: PlainHTTPFailure.tooLong) { try PlainHTTP.get(address, limit: 50_000) }
        let other = try #require(PlainHTTPAddress(files.url + "/a/none.crl"))
        #expect(try PlainHTTP.get(other).status == 404)
    }
}
