import Foundation
import Testing

extension AuthorityServed {
    @Suite struct `Whoever watches the server or follows a certificate` {
        private let scene: Scene
        init() throws { scene = try Scene.current }

        @Test func `is told that it lives and answers`() throws {
            let health = try Web.ask(try scene.authority.endpoint("health"))
            #expect(health.status == 200 && health.text == "ok\n")
            let ready = try Web.ask(try scene.authority.endpoint("health").replacing("/health", with: "/ready"))
            #expect(ready.status == 200 && ready.headers["cache-control"] == "no-store")
            #expect(ready.json?["ready"] as? Bool == true && ready.json?["responder"] as? String == "ready")
            #expect((ready.json?["troubles"] as? [String: String])?.isEmpty == true)
        }

        /// The text format of Prometheus, version 0.0.4, line by line.
        @Test func `gets figures in the format of Prometheus`() throws {
            let answer = try Web.ask(try scene.authority.endpoint("metrics"))
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4")
            #expect(answer.text.hasSuffix("\n"))
            var types: [String: String] = [:]
            var samples: [String: Double] = [:]
            for line in answer.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                if let type = line.wholeMatch(of: /# TYPE ([a-z_]+) (counter|gauge)/) {
                    let name = String(type.1)
                    #expect(types[name] == nil, "one line about each: \(line)")
                    #expect(!samples.keys.contains { $0.hasPrefix(name + " ") || $0.hasPrefix(name + "{") })
                    types[name] = String(type.2)
                } else {
                    let sample = line.wholeMatch(
                        of: /([a-z_]+)(\{[a-z_]+="[^"\\\n]*"(,[a-z_]+="[^"\\\n]*")*\})? (-?[0-9.eE+-]+)/
                    )
                    let (_, name, labels, _, value) = try #require(sample, "\(line)").output
                    #expect(types[String(name)] != nil, "its type comes first: \(line)")
                    let series = String(name) + String(labels ?? "")
                    #expect(samples[series] == nil, "each once: \(line)")
                    let number: Double = try #require(Double(value))
                    samples[series] = number
                }
            }
            #expect(types["fuda_ocsp_answers_total"] == "counter" && samples["fuda_ready"] == 1)
            for authority in ["sign", "auth"] {
                func count(_ state: String) -> Double? {
                    samples["fuda_certificates{authority=\"\(authority)\",state=\"\(state)\"}"]
                }
                #expect(count("revoked") == 3 && count("inactive") == 1)
                let issued = try Records(scene.authority).column(
                    "SELECT count(*) FROM certificates WHERE authority = '\(authority)'"
                )
                #expect(count("issued") == issued.first.flatMap(Double.init))
            }
        }

        @Test func `sees what was answered and refused in the figures`() throws {
            func figure(_ name: String) throws -> Int {
                let text = try Web.ask(try scene.authority.endpoint("metrics")).text
                let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
                return try #require(line?.split(separator: " ").last.flatMap { Int($0) }, "\(name)")
            }
            let names = ["fuda_ocsp_answers_total", #"fuda_ocsp_refusals_total{status="malformedRequest"}"#]
            let before = try names.map(figure)
            let url = try scene.authority.endpoint("ocsp.auth")
            let question = try AuthorityServed.`A question by GET`.question(scene, try scene.serial("good"))
            for body in [question, [0x00], question] { _ = try Web.ask(url, "POST", sending: body) }
            #expect(try zip(names.map(figure), before).map { $0 - $1 } == [2, 1])
        }

        private func link(_ path: String) throws -> Web { try Web.ask(try scene.authority.endpoint("link") + path) }

        @Test(arguments: [("sign", "mobile-sign", "auth"), ("auth", "mobile-auth", "sign")])
        func `finds the newest certificate of the same person, and the other one`(
            issuer: String,
            kind: String,
            other: String
        ) throws {
            for name in ["first", "second"] {
                let query = "?issuer=\(issuer)&serial=\(try scene.serial(name, kind))"
                let successor = try link("/successor" + query)
                #expect(successor.status == 200 && successor.headers["cache-control"] == "no-store")
                #expect(successor.json?["serial"] as? Int == (try scene.serial("second", kind)))
                #expect(successor.json?["kind"] as? String == kind)
                #expect(successor.json?["authority"] as? String == issuer)
                #expect(successor.json?["state"] as? String == "valid")
                let pair = try link("/pair" + query)
                #expect(pair.json?["serial"] as? Int == (try scene.serial("second", "mobile-" + other)))
                #expect(pair.json?["authority"] as? String == other)
            }
        }

        @Test func `leaves an entry in the log, with what was found`() throws {
            func entries() throws -> [String] {
                try Records(scene.authority).column(
                    """
                    SELECT actor || ' ' || CAST(body AS TEXT) FROM log
                    WHERE CAST(body AS TEXT) LIKE '{"certificateLookedUp"%' ORDER BY sequence
                    """
                )
            }
            let (first, second) = (try scene.serial("first", "mobile-auth"), try scene.serial("second", "mobile-sign"))
            let before = try entries().count
            #expect(try link("/pair?issuer=auth&serial=\(first)").status == 200)
            #expect(try link("/successor?issuer=auth&serial=4000000001").status == 404)
            #expect(try link("/pair?issuer=auth").status == 400)
            let certificate = #""certificate":{"authority":"auth","serial":"#
            let found = #""found":{"authority":"sign","serial":\#(second)},"relation":"pair"}}}"#
            #expect(
                try entries().dropFirst(before).filter { $0.contains("\(first)}") || $0.contains("4000000001}") }
                    .suffix(2) == [
                        #"anybody {"certificateLookedUp":{"_0":{\#(certificate)\#(first)},\#(found)"#,
                        #"anybody {"certificateLookedUp":{"_0":{\#(certificate)4000000001},"relation":"successor"}}}"#,
                    ]
            )
        }

        @Test func `finds nothing where nothing is good`() throws {
            // The one card of this person is on hold.
            let held = "?issuer=auth&serial=\(try scene.serial("held"))"
            #expect(try link("/successor" + held).status == 404)
            #expect(try link("/pair" + held).status == 404)
            #expect(try link("/successor?issuer=auth&serial=4000000000").status == 404)
            // An authority's own certificate has no holder.
            #expect(try link("/successor?issuer=auth&serial=1").status == 404)
        }

        @Test(arguments: [
            "", "?", "?issuer=auth", "?serial=1", "?issuer=other&serial=1", "?issuer=auth&serial=-1",
            "?issuer=auth&serial=4294967296", "?issuer=auth&serial=x", "?issuer=auth&serial=",
        ])
        func `is told what is missing in a question`(query: String) throws {
            for path in ["/successor", "/pair"] { #expect(try link(path + query).status == 400, "\(path)\(query)") }
        }

        @Test(arguments: ["sign", "auth"]) func `fetches the authority's own certificate`(authority: String) throws {
            let base = try scene.authority.endpoint("health").replacing("/health", with: "/ca/")
            for name in [authority, authority + ".der"] {
                let answer = try Web.ask(base + name)
                #expect(answer.status == 200 && answer.headers["content-type"] == "application/pkix-cert")
                #expect(answer.body == (try scene.anchor(authority)))
            }
            #expect(try Web.ask(base + "other").status == 404)
        }
    }
}
