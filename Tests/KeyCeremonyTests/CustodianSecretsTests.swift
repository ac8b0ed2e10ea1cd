import ForeignTools
import KeyCeremony
import Secrets
import Testing

@Suite struct `The secrets of two custodians` {
    private static let first = "correct horse battery"
    private static let second = "staple and one more"

    private func secrets(_ one: String = first, _ other: String = second) throws -> CustodianSecrets {
        try CustodianSecrets(SecretBytes(copying: one), SecretBytes(copying: other))
    }

    private func text(_ secret: consuming SecretBytes) -> String { String(decoding: secret.copy(), as: UTF8.self) }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 0x10 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test(arguments: CustodianSecrets.Purpose.allCases)
    func `give the PIN that openssl and base32 make of them`(purpose: CustodianSecrets.Purpose) throws {
        let label = "jpki-sim"
        var parts: [UInt8] = []
        for secret in [Self.first, Self.second] { parts += [0, 0, 0, UInt8(secret.utf8.count)] + Array(secret.utf8) }
        let options = [
            "hexkey:" + hexadecimal(parts), "hexsalt:" + hexadecimal(Array(label.utf8)),
            "hexinfo:" + hexadecimal(Array(purpose.rawValue.utf8)), "digest:SHA256",
        ]
        let words = options.map { "-kdfopt \($0)" }.joined(separator: " ")
        let foreign = try ForeignProgram.run(
            "sh",
            ["-c", "openssl kdf -keylen 16 \(words) -binary HKDF | base32 | tr -d '=\\n'"]
        )
        #expect(foreign.status == 0, "\(foreign.notes)")
        let pin = text(try secrets().pin(purpose, token: label))
        #expect(pin == foreign.text && pin.utf8.count == 26)
    }

    @Test func `give the same PIN in either order, and another for each token, purpose and secret`() throws {
        let right = text(try secrets().pin(.user, token: "a"))
        #expect(text(try secrets(Self.second, Self.first).pin(.user, token: "a")) == right)
        var others = [text(try secrets().pin(.officer, token: "a")), text(try secrets().pin(.user, token: "b"))]
        others.append(text(try secrets(Self.first + "x").pin(.user, token: "a")))
        others.append(text(try secrets(Self.first, Self.second + " ").pin(.user, token: "a")))
        // The same bytes one after the other, divided elsewhere.
        let whole = Self.first + Self.second
        others.append(text(try secrets(String(whole.prefix(15)), String(whole.dropFirst(15))).pin(.user, token: "a")))
        #expect(Set(others + [right]).count == others.count + 1)
    }

    @Test(arguments: [
        ("short", second, CeremonyRefusal.secretTooShort), (first, "", .secretTooShort),
        ("elevenchars", second, .secretTooShort), (first, first, .sameSecrets),
        ("ひみつのことばはながいほどよい", second, .secretCharacters), (first, "tab\tin the middle", .secretCharacters),
        (first, "bell \u{7} at the end", .secretCharacters),
    ]) func `are refused where they are short, equal, or written in more ways than one`(
        one: String,
        other: String,
        refusal: CeremonyRefusal
    ) {
        #expect(throws: refusal) { _ = try secrets(one, other) }
        #expect(throws: refusal) { _ = try secrets(other, one) }
    }

    @Test func `of twelve characters are enough`() throws {
        #expect(text(try secrets("twelve chars", "12 other one").pin(.user, token: "a")).utf8.count == 26)
    }
}
