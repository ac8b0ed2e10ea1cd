import AuthorityCryptography
import CAKeys
import Foundation
import Problems
import Secrets
import Testing

@Suite struct `The locator of a key` {
    @Test(arguments: [
        ("", KeyLocatorError.scheme), ("sign-ca-1", .scheme), ("FILE:a", .scheme), ("https://jpki-sim.test/", .scheme),
        ("file:", .fileName), ("file:../a", .fileName), ("file:/etc/passwd", .fileName), ("file:.hidden", .fileName),
        ("file:a b", .fileName), ("file:" + String(repeating: "a", count: 101), .fileName), ("file:鍵", .fileName),
        ("pkcs11:", .noToken), ("pkcs11:object=a", .noToken), ("pkcs11:token=t", .noObject),
        ("pkcs11:token=t;object=a?pin-value=1234", .pinValue),
        ("pkcs11:token=t;object=a;pin-value=1234", .pinValue),
        ("pkcs11:token=t;object=a?pin-source=file:/p&pin-value=1234", .pinValue),
        ("pkcs11:token=t;object=a?pin-source=/p", .pinSource),
        ("pkcs11:token=t;object=a?pin-source=file:p", .pinSource),
        ("pkcs11:token=t;object=a?pin-source=file://host/p", .pinSource),
        ("pkcs11:token=t;object=a?pin-source=%7Ccat%20/p", .pinSource),
        ("pkcs11:token=t;object=a?pin-source=file:/", .pinSource),
        ("pkcs11:token=t;object=a?module-path=libsofthsm2.so", .relativeModule),
        ("pkcs11:token=t;object=a?module-name=softhsm2", .unknownAttribute),
        ("pkcs11:token=t;object=a;slot-id=1", .unknownAttribute), ("pkcs11:token=t;object=a;type=cert", .type),
        ("pkcs11:token=t;object=a;type=public", .type), ("pkcs11:token=%;object=a", .syntax),
        ("pkcs11:token=%0;object=a", .syntax), ("pkcs11:token=%GG;object=a", .syntax),
        ("pkcs11:token;object=a", .syntax),
        ("pkcs11:token=t\u{0};object=a", .syntax),
        ("pkcs11:token=" + String(repeating: "t", count: 33) + ";object=a", .unknownAttribute),
        ("pkcs11:token=t;object=a;colour=red", .unknownAttribute),
    ]) func `is refused where it is malformed, saying why`(text: String, error: KeyLocatorError) {
        #expect(throws: error) { try KeyLocator(text) }
    }

    @Test func `repeats nothing of what was refused`() throws {
        let secret = "3141592653"
        do {
            _ = try KeyLocator("pkcs11:token=t;object=a?pin-value=\(secret)")
            Issue.record("a PIN was taken")
        } catch {
            let problem = error.problem
            #expect(!"\(error) \(problem.whatHappened) \(problem.whatToDo)".contains(secret))
        }
    }

    @Test(arguments: [
        ("file:sign-ca-1.pem", "file:sign-ca-1.pem"),
        ("pkcs11:token=t;object=a", "pkcs11:token=t;object=a"),
        (
            "pkcs11:token=JPKI%20SIM;object=sign-ca-1;type=private?module-path=/m.so&pin-source=file:/run/pin",
            "pkcs11:token=JPKI%20SIM;object=sign-ca-1;type=private"
        ),
        ("pkcs11:serial=0123;id=%01%02", "pkcs11:serial=0123;id=%01%02"),
    ]) func `is kept without module and PIN file, and means the same`(text: String, kept: String) throws {
        let locator = try KeyLocator(text)
        #expect(locator.description == kept)
        #expect(try KeyLocator(locator.description).description == kept)
    }

    @Test func `names module and PIN file where it says so`() throws {
        let uri = try TokenKeyURI("pkcs11:token=t;object=a?module-path=/m%20n.so&pin-source=file:///run/p%26q")
        #expect(uri.modulePath == "/m n.so" && uri.pinFile == "/run/p&q")
        #expect(try TokenKeyURI("pkcs11:token=t;object=a").modulePath == nil)
    }

    @Test func `needs a module and a PIN file from somewhere`() throws {
        let keys = AuthorityKeys(folder: "/nowhere") { () throws(AuthorityKeyFailure) in SecretBytes(copying: "p") }
        let withoutAll = try KeyLocator("pkcs11:token=t;object=a")
        #expect(throws: AuthorityKeyFailure.refused("no-module-path")) { try keys.open(withoutAll) }
        let withoutPIN = try KeyLocator("pkcs11:token=t;object=a?module-path=/nowhere.so")
        #expect(throws: AuthorityKeyFailure.refused("no-pin-source")) { try keys.open(withoutPIN) }
        let both = try KeyLocator("pkcs11:token=t;object=a?module-path=/nowhere.so&pin-source=file:/nowhere")
        #expect(throws: AuthorityKeyFailure.unavailable("module-not-loaded")) { try keys.open(both) }
        #expect(throws: AuthorityKeyFailure.unavailable("file-missing")) { try keys.open(try KeyLocator("file:a")) }
    }
}
