import Foundation
import Testing

extension AuthorityServed {
    @Suite struct `curl and caches are told` {
        private let scene: Scene
        init() throws { scene = try Scene.current }

        private func question(_ arguments: [String] = ["-no_nonce"]) throws -> [UInt8] {
            try AuthorityServed.`A question by GET`.question(scene, try scene.serial("good"), arguments)
        }

        private func url(_ question: [UInt8]) throws -> String {
            try scene.authority.endpoint("ocsp.auth") + "/"
                + AuthorityServed.`A question by GET`.escaped(Data(question).base64EncodedString())
        }

        @Test func `how long an answer may be kept, in every header the same`() throws {
            let answer = try Web.ask(try url(try question()))
            let (date, expires) = (try answer.date("date"), try answer.date("expires"))
            let modified = try answer.date("last-modified")
            let age = try #require(answer.maxAge)
            #expect((1...60).contains(age))
            #expect(modified <= date && abs(date.timeIntervalSinceNow) < 30)
            #expect(expires.timeIntervalSince(modified) == 60, "thisUpdate to nextUpdate")
            // Both are written with the same clock, but perhaps on either side of a second.
            #expect((0...1).contains(expires.timeIntervalSince(date) - Double(age)))
            let read = try AuthorityServed.shown(answer.body)
            #expect(try read.time("This Update") == modified)
            #expect(try read.time("Next Update") == expires)
            for word in ["public", "no-transform", "must-revalidate"] {
                #expect(answer.headers["cache-control"]?.contains(word) == true)
            }
        }

        @Test func `that an answer they have is still good`() throws {
            let url = try url(try question())
            let answer = try Web.ask(url)
            let tag = try #require(answer.headers["etag"])
            let again = try Web.ask(url, headers: ["If-None-Match": tag])
            // Between the two it may have been signed anew; then it has another tag.
            if again.headers["etag"] == tag { #expect(again.status == 304 && again.body.isEmpty) }
            #expect([200, 304].contains(again.status) && again.headers["etag"] != nil)
            let other = try Web.ask(url, headers: ["If-None-Match": "\"other\""])
            #expect(other.status == 200 && !other.body.isEmpty)
            let head = try Web.ask(url, "HEAD")
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(head.headers["content-length"] == "\(answer.body.count)")
        }

        @Test func `to keep nothing that answers a nonce, or refuses`() throws {
            let url = try scene.authority.endpoint("ocsp.auth")
            let answers = [
                try Web.ask(url, "POST", sending: try question(["-nonce"])),
                try Web.ask(try self.url(try question(["-nonce"]))),
                try Web.ask(url, "POST", sending: [0x30, 0x03, 0x02, 0x01, 0x00]),
                try Web.ask(try scene.authority.endpoint("ocsp.sign"), "POST", sending: try question()),
            ]
            for answer in answers {
                #expect(answer.status == 200 && !answer.body.isEmpty)
                #expect(answer.headers["cache-control"] == "no-store")
                #expect(answer.headers["etag"] == nil && answer.headers["expires"] == nil)
                #expect(answer.headers["content-type"] == "application/ocsp-response")
            }
        }

        @Test(arguments: ["13101.crl", "all.crl", "manifest.json", "manifest.sig"])
        func `that a list they have is still the newest`(file: String) throws {
            let url = try scene.authority.endpoint("crl") + "/auth/" + file
            let list = try Web.ask(url)
            let tag = try #require(list.headers["etag"])
            #expect(list.status == 200 && list.headers["cache-control"]?.contains("no-cache") == true)
            let again = try Web.ask(url, headers: ["If-None-Match": tag])
            #expect(again.status == 304 && again.body.isEmpty && again.headers["etag"] == tag)
            #expect(try Web.ask(url, headers: ["If-None-Match": "\"other\""]).status == 200)
            let head = try Web.ask(url, "HEAD")
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(head.headers["content-length"] == "\(list.body.count)" && head.headers["etag"] == tag)
            let types = ["crl": "application/pkix-crl", "json": "application/json", "sig": "application/octet-stream"]
            #expect(list.headers["content-type"] == types[String(file.split(separator: ".").last ?? "")])
            guard file.hasSuffix(".crl") else { return }
            let (modified, expires) = (try list.date("last-modified"), try list.date("expires"))
            #expect(expires.timeIntervalSince(modified) == 48 * 3600)
            #expect(abs(try list.date("date").timeIntervalSinceNow) < 30)
        }

        @Test func `404 for what is not there, and nothing outside the folder of lists`() throws {
            let base = try scene.authority.endpoint("crl")
            let paths = [
                "/auth/nothing.crl", "/auth/", "/auth", "", "/other/all.crl", "/auth/all.crl/x", "/auth/ALL.crl",
                "/auth/lock", "/auth/.crl.crl", "/auth/all.crl%00",
                "/sign/..%2f..%2fkeys/passphrase", "/sign/..%2f..%2f..%2fkeys%2fpassphrase",
                "/sign/../../../keys/passphrase", "/..%2f..%2fkeys/passphrase", "/sign/..%5c..%5cauthority.json",
                "/sign/%2e%2e%2f%2e%2e%2f%2e%2e%2fauthority.json", "/../../authority.json",
            ]
            for path in paths {
                let answer = try Web.ask(base + path)
                #expect([400, 404].contains(answer.status), "\(path): \(answer.status)")
                #expect(!answer.text.contains("sqlite") && answer.body.count < 200, "\(path)")
            }
            // The files are there, and one level nearer would be served.
            #expect(try !scene.authority.read("D/keys/passphrase").isEmpty)
        }

        @Test func `405 and 413 by the responder, which goes on`() throws {
            let url = try scene.authority.endpoint("ocsp.auth")
            for method in ["PUT", "DELETE", "OPTIONS"] {
                let answer = try Web.ask(url, method)
                #expect(answer.status == 405 && answer.headers["allow"] == "GET, HEAD, POST", "\(method)")
            }
            #expect(try Web.ask(url, "POST", sending: Array(repeating: 0, count: 64 * 1024 + 1)).status == 413)
            #expect(try Web.ask(url, "POST", sending: Array(repeating: 0, count: 64 * 1024)).status == 200)
            let lists = try scene.authority.endpoint("crl") + "/auth/all.crl"
            for method in ["PUT", "POST", "DELETE"] {
                #expect([404, 405].contains(try Web.ask(lists, method, sending: [0x30]).status), "\(method)")
            }
            #expect(try Web.ask(try self.url(try question())).status == 200)
        }
    }
}
