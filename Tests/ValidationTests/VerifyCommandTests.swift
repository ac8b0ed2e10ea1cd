import ForeignTools
import Foundation
import PKIX
import SwiftASN1
import Testing
import Validation
import X509

/// `fuda verify cert` with evidence from files and from `openssl ocsp` as the responder.
@Suite("The command that verifies a certificate")
struct VerifyCommandTests {
    private let forger: Forger
    private let files: [String: [UInt8]]

    init() throws {
        forger = try Forger.sign
        files = [
            "c.der": try forger.issue(),
            "ca.der": try forger.certificate(),
        ]
    }

    private struct Answer {
        let status: Int32
        let json: [String: Any]
        let text: String

        var findings: [String: String] {
            let list = json["findings"] as? [[String: Any]] ?? []
            return Dictionary(
                uniqueKeysWithValues: list.map { ($0["check"] as? String ?? "", $0["state"] as? String ?? "") }
            )
        }
        var revocation: [String: Any]? { json["revocation"] as? [String: Any] }
        var documents: [[String: Any]] { revocation?["documents"] as? [[String: Any]] ?? [] }
    }

    private func verify(
        _ arguments: [String],
        _ others: [String: [UInt8]] = [:],
        at instant: Int64? = Fixture.now
    ) throws -> Answer {
        let bin = ProcessInfo.processInfo.environment["FUDA_BIN"] ?? ".build/debug"
        let program = URL(filePath: bin).appending(path: "fuda").path
        let all = files.merging(others) { $1 }
        let time = instant.map { ["--at", "\($0)"] } ?? []
        let said = try ForeignProgram.run(
            program,
            ["verify", "cert", "c.der", "--trust", "ca.der", "--lang", "en", "--json"] + time + arguments,
            files: all
        )
        #expect(try isInSchema(said.output) == "valid\n", "\(said.text)")
        let json = try JSONSerialization.jsonObject(with: Data(said.output)) as? [String: Any] ?? [:]
        return Answer(status: said.status, json: json, text: said.text + said.notes)
    }

    /// Holds a document against docs/reader/schema.json.
    private func isInSchema(_ document: [UInt8]) throws -> String {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let judge = repository.appending(path: "Tests/InteroperabilityTests/Scripts/documents.py")
        let schema = repository.appending(path: "docs/reader/schema.json")
        let said = try ForeignProgram.run(
            "sh",
            ["-c", "{ tr -d '\\n' <document; echo; } | python3 \"$1\" \"$2\"", "sh", judge.path, schema.path],
            files: ["document": document]
        )
        return said.text + said.notes
    }

    @Test("Lists from files confirm, refuse a hold with exit code 10, and are told as evidence")
    func lists() throws {
        let good = try verify(["--crl", "l"], ["l": try forger.list()])
        #expect(good.status == 0, "\(good.text)")
        #expect(good.revocation?["status"] as? String == "good")
        #expect(good.documents.first?["kind"] as? String == "crl")
        #expect(good.documents.first?["number"] as? String == "10")
        let pem = try OpenSSLProgram.run(
            ["crl", "-inform", "DER", "-in", "l"],
            files: ["l": try forger.list([(Forger.serial, .certificateHold)])]
        ).output
        let held = try verify(["--crl", "l"], ["l": pem])
        #expect(held.status == 10, "\(held.text)")
        #expect(held.revocation?["reason"] as? String == "certificateHold")
        #expect(held.json["outcome"] as? String == "revokedOrExpired")
        let delta = try forger.list([], number: 12) { $0.deltaBase = 10 }
        let both = try verify(["--crl", "l", "--crl", "d"], ["l": try forger.list(), "d": delta])
        #expect(both.status == 0 && both.documents.count == 2, "\(both.text)")
        let none = try verify([])
        #expect(none.status == 9 && none.json["revocation"] is NSNull, "\(none.text)")
    }

    @Test("A kept OCSP answer counts like a fresh one at its time")
    func keptAnswer() throws {
        let good = try verify(["--ocsp-response", "r"], ["r": try forger.answer()])
        #expect(good.status == 0, "\(good.text)")
        #expect(good.documents.first?["producedAt"] as? Int == Int(Fixture.now - 5))
        let late = try verify(["--ocsp-response", "r"], ["r": try forger.answer()], at: Fixture.now + 10_000)
        #expect(late.status == 9 && late.findings["revocation"] == "not-checked", "\(late.text)")
        let unknown = try verify(["--ocsp-response", "r"], ["r": try forger.answer(.unknown)])
        #expect(unknown.status == 8 && unknown.revocation?["status"] as? String == "unknown", "\(unknown.text)")
    }

    @Test("A file that is no list, and a place where nobody can be, are told as such")
    func wrongFiles() throws {
        let list = try verify(["--crl", "c.der"])
        #expect(list.status == 14)
        #expect((list.json["error"] as? [String: Any])?["code"] as? String == "not-a-revocation-list")
        for place in ["https://127.0.0.1/", "http://example.test/", "endpoints.json"] {
            let said = try verify(
                ["--status", place],
                ["endpoints.json": Array(#"{"crl": "http://example.test/", "health": "http://127.0.0.1/"}"#.utf8)]
            )
            #expect(said.status == 14, "\(said.text)")
            #expect((said.json["error"] as? [String: Any])?["code"] as? String == "no-responder")
        }
    }

    @Test("openssl as the responder is asked with a nonce: good, on hold, unknown, and then gone")
    func responder() throws {
        let pem = OpenSSLProgram.pem(try forger.certificate())
        let key = Array(try forger.key.serializeAsPEM().pemString.utf8)
        let serial = String(Forger.serial, radix: 16, uppercase: true)
        let number = serial.count % 2 == 0 ? serial : "0" + serial
        let lines = [
            ("good", "V\t351231235959Z\t\t\(number)\tunknown\t/CN=a\n", Int32(0)),
            ("revoked", "R\t351231235959Z\t260102000000Z,certificateHold\t\(number)\tunknown\t/CN=a\n", 10),
            ("unknown", "V\t351231235959Z\t\t01\tunknown\t/CN=a\n", 8),
        ]
        var lastPort = UInt16(0)
        for (word, index, status) in lines {
            let server = try OpenSSLResponder(index: index, authority: pem, signer: pem, key: key)
            let url = "http://127.0.0.1:\(server.port)/"
            let endpoints = Array("{\"ocsp.sign\": \"\(url)\", \"ocsp.auth\": \"http://127.0.0.1:1/\"}".utf8)
            for place in [url, "endpoints.json", "."] {
                let said = try verify(["--status", place], ["endpoints.json": endpoints], at: nil)
                #expect(said.status == status, "\(said.text)")
                #expect(said.revocation?["status"] as? String == word)
                #expect(said.documents.first?["nonce"] as? Bool == true)
            }
            lastPort = server.port
        }
        let gone = try verify(["--status", "http://127.0.0.1:\(lastPort)/"], at: nil)
        #expect(gone.status == 13, "\(gone.text)")
        #expect(gone.findings["revocation"] == "not-checked")
        #expect(gone.json["outcome"] as? String == "network")
    }

    // MARK: - Lists of an authority

    /// A list of the whole authority, as `crl/sign/all.crl` is one.
    private func whole(_ entries: [(serial: UInt32, reason: CRLReason)] = [], number: UInt64 = 10, base: UInt64? = nil)
        throws -> [UInt8]
    {
        try forger.list(entries, number: number) {
            $0.scope = nil
            $0.deltaBase = base
        }
    }

    private func endpoints(_ responder: String?, _ lists: String?) -> [String: [UInt8]] {
        let lines = [responder.map { "\"ocsp.sign\": \"\($0)\"" }, lists.map { "\"crl\": \"\($0)\"" }].compactMap(
            \.self
        )
        return ["endpoints.json": Array("{\(lines.joined(separator: ", "))}".utf8)]
    }

    private func asked(_ answer: Answer) -> [String] {
        (answer.json["asked"] as? [[String: Any]] ?? []).map { one in
            ["method", "url", "outcome"].map { one[$0] as? String ?? "?" }.joined(separator: " ")
        }
    }

    @Test("The lists of an authority are fetched where nobody answers by OCSP, or where they are wanted")
    func fetchedLists() throws {
        let server = try FileServer([
            "sign/all.crl": try whole(), "sign/all-delta.crl": try whole(number: 12, base: 10),
            "held/sign/all.crl": try whole(),
            "held/sign/all-delta.crl": try whole([(Forger.serial, .certificateHold)], number: 12, base: 10),
            "bare/sign/all.crl": try whole(),
        ])
        let url = server.url
        // A server of files that is asked by POST answers 501.
        for (responder, arguments, first) in [
            ("http://127.0.0.1:1/", [], ["ocsp http://127.0.0.1:1/ unreachable"]),
            ("\(url)/ocsp", [], ["ocsp \(url)/ocsp useless"]), ("\(url)/ocsp", ["--by", "crl"], []),
        ] {
            let good = try verify(["--status", "endpoints.json"] + arguments, endpoints(responder, url))
            #expect(good.status == 0 && good.revocation?["status"] as? String == "good", "\(good.text)")
            #expect(good.documents.map { $0["kind"] as? String } == ["crl", "delta-crl"])
            #expect(
                asked(good) == first + ["crl \(url)/sign/all.crl answered", "crl \(url)/sign/all-delta.crl answered"]
            )
        }
        let held = try verify(["--status", url + "/held/", "--by", "crl"])
        #expect(held.status == 10 && held.revocation?["reason"] as? String == "certificateHold", "\(held.text)")
        #expect(held.documents.map { $0["kind"] as? String } == ["delta-crl"])
        let bare = try verify(["--status", url + "/bare", "--by", "crl"])
        #expect(bare.status == 0 && bare.documents.count == 1, "\(bare.text)")
        #expect(asked(bare).last == "crl \(url)/bare/sign/all-delta.crl useless")
        let one = try verify(["--status", url + "/sign/all.crl", "--by", "crl"])
        #expect(one.status == 0 && asked(one) == ["crl \(url)/sign/all.crl answered"], "\(one.text)")
    }

    @Test("Where neither responder nor lists can be had, that is told, and whom it was tried with")
    func nothingFetched() throws {
        let server = try FileServer(["sign/all.crl": Array("no list".utf8), "other/x": []])
        let url = server.url
        let garbled = try verify(["--status", "endpoints.json", "--by", "crl"], endpoints(nil, url))
        #expect(garbled.status == 9 && garbled.findings["revocation"] == "not-checked", "\(garbled.text)")
        #expect(asked(garbled) == ["crl \(url)/sign/all.crl useless"])
        let gone = try verify(
            ["--status", "endpoints.json"],
            endpoints("http://127.0.0.1:1/ocsp", "http://127.0.0.1:1/crl")
        )
        #expect(gone.status == 13, "\(gone.text)")
        #expect(
            asked(gone) == [
                "ocsp http://127.0.0.1:1/ocsp unreachable", "crl http://127.0.0.1:1/crl/sign/all.crl unreachable",
            ]
        )
        let only = try verify(["--status", "endpoints.json", "--by", "ocsp"], endpoints("http://127.0.0.1:1/", url))
        #expect(only.status == 13 && asked(only) == ["ocsp http://127.0.0.1:1/ unreachable"], "\(only.text)")
        for (arguments, files) in [
            (["--by", "crl"], endpoints("\(url)/", nil)), (["--by", "ocsp"], endpoints(nil, url)),
        ] {
            let said = try verify(["--status", "endpoints.json"] + arguments, files)
            #expect(said.status == 14, "\(said.text)")
            #expect((said.json["error"] as? [String: Any])?["code"] as? String == "no-responder")
        }
    }

    @Test("The address of a distribution point names the list, and its host is not asked")
    func distributionPoint() throws {
        let point = "http://crl.jpki-sim.test/lists/13101.crl"
        let certificate = try forger.issue { draft in
            draft.put(Certificate.Extension(oid: [2, 5, 29, 31], critical: false, value: Self.point(point)[...]))
        }
        let server = try FileServer([
            "sign/13101.crl": try whole([(Forger.serial, .keyCompromise)]), "sign/all.crl": try whole(),
        ])
        let named = try verify(["--status", server.url, "--by", "crl"], ["c.der": certificate])
        #expect(named.status == 10 && asked(named) == ["crl \(server.url)/sign/13101.crl answered"], "\(named.text)")
        let without = try FileServer(["sign/all.crl": try whole()])
        let other = try verify(["--status", without.url, "--by", "crl"], ["c.der": certificate])
        #expect(other.status == 0, "\(other.text)")
        #expect(
            asked(other).prefix(2) == [
                "crl \(without.url)/sign/13101.crl useless", "crl \(without.url)/sign/all.crl answered",
            ]
        )
    }

    /// CRLDistributionPoints with one address (RFC 5280, 4.2.1.13).
    private static func point(_ address: String) -> [UInt8] {
        func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag, UInt8(content.count)] + content }
        let name = element(0xA0, element(0xA0, element(0x86, Array(address.utf8))))
        return element(0x30, element(0x30, name))
    }
}
