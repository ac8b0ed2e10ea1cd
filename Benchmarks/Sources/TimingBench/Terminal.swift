import CardKeys
import CardProfiles
import CardTesting
import SmartCard
import VirtualCard

/// A terminal that talks to a card with real keys and times single commands.
final class Terminal {
    private var card: VirtualCard<OpenSSLCryptography>
    private var store = VolatileStore()
    private let sample: SampleCard<OpenSSLCryptography>

    init() throws {
        sample = try SampleCards.real()
        card = sample.dialogue().card
    }

    @discardableResult
    private func send(_ command: [UInt8]) -> [UInt8] { card.respond(to: command, committingTo: &store) }

    /// Sends a command that must be answered so.
    private func demand(_ command: [UInt8], _ status: [UInt8] = [0x90, 0x00]) {
        let answer = send(command)
        guard answer.suffix(2) == ArraySlice(status) else {
            fatalError("\(Hex(command)) was answered \(Hex(answer))")
        }
    }

    private func select(_ aid: [UInt8]) { demand(commandBytes("00 A4 04 0C", aid)) }

    // MARK: - PINs

    func examinePINs(_ verdicts: inout Verdicts) {
        select(SampleContents.jpkiAID)
        let right = commandBytes("00 20 00 98", SampleContents.pin)
        let wrong = { (pin: String) in (0..<32).map { _ in commandBytes("00 20 00 98", Array(pin.utf8)) } }
        demand(right)
        demand(wrong("9234")[0], [0x63, 0xC2])
        verdicts.add(
            Experiment(
                name: "VERIFY of a wrong PIN, first or last digit wrong",
                measurements: 200_000,
                inputs: (wrong("9234"), wrong("1239")),
                prepare: { command in
                    self.send(right)
                    return command
                },
                body: { self.send($0) }
            )
        )
        verdicts.add(
            Experiment(
                name: "VERIFY of a wrong PIN, every digit or one digit wrong",
                measurements: 200_000,
                inputs: (wrong("9876"), wrong("1235")),
                prepare: { command in
                    self.send(right)
                    return command
                },
                body: { self.send($0) }
            )
        )
        let long = Array("ABCDEFGHIJ123456".utf8)
        let candidate = commandBytes("00 20 00 9B", Array("ZZZZZZZZ".utf8))
        let unblock = { (value: [UInt8]) in (0..<32).map { _ in commandBytes("00 2C 02 9B", value) } }
        let lengths = { (length: UInt8) in [[UInt8]](repeating: [length], count: 32) }
        authenticate()
        demand(unblock(long)[0])
        demand(candidate, [0x63, 0xC4])
        verdicts.add(
            Experiment(
                name: "VERIFY of a wrong password, the right one 6 or 16 letters long",
                measurements: 100_000,
                inputs: (lengths(6), lengths(16)),
                prepare: { lengths in
                    // Both become the kept one, and are tried, in either order, so that nothing but the kept value is left
                    // of them.
                    let values = lengths[0] == 6 ? [long, SampleContents.password] : [SampleContents.password, long]
                    for value in values {
                        self.send(unblock(value)[0])
                        for _ in 0..<2 { self.send(candidate) }
                    }
                    return lengths
                },
                body: { _ in self.send(candidate) }
            )
        )
    }

    // MARK: - Terminal authentication

    private func authenticate() {
        let challenge = Array(send([0x00, 0x84, 0x00, 0x00, 0x10]).dropLast(2))
        demand(commandBytes("00 82 00 00", hmac(SampleContents.terminalKey, challenge)))
    }

    func examineTerminalAuthentication(_ verdicts: inout Verdicts) {
        select(SampleContents.jpkiAID)
        let places = { (index: UInt8) in [[UInt8]](repeating: [index] + [UInt8](repeating: 0, count: 36), count: 32) }
        verdicts.add(
            Experiment(
                name: "EXTERNAL AUTHENTICATE with a wrong code, first or last byte wrong",
                measurements: 100_000,
                inputs: (places(0), places(31)),
                prepare: { place in
                    let challenge = Array(self.send([0x00, 0x84, 0x00, 0x00, 0x10]).dropLast(2))
                    var code = hmac(SampleContents.terminalKey, challenge)
                    code[Int(place[0])] ^= 0x55
                    return commandBytes("00 82 00 00", code)
                },
                body: { self.send($0) }
            )
        )
    }

    // MARK: - Session keys

    struct NoKey: Error {}

    /// RSAES-OAEP in SET SESSION KEY, and the padding of what comes under the session's key.
    func examineSessionKeys(_ verdicts: inout Verdicts) throws {
        select(SampleContents.inputSupportAID)
        demand(commandBytes("00 20 00 91", SampleContents.pin))
        let object = ObjectID(.inputSupport, FileID(SampleContents.sessionKeyFile))
        let secret = try sample.card.state.changes().compactMap { change -> [UInt8]? in
            if case .key(object, let bytes) = change { bytes } else { nil }
        }
        guard let bytes = secret.first else { throw NoKey() }
        let key = try OpenSSLCryptography().key(decoding: bytes)
        let (zero, other) = try blocks(key)
        let commands = { (cryptograms: [[UInt8]]) in cryptograms.map { commandBytes("80 AE 00 00", $0) } }
        demand(commands(zero)[0], [0x6A, 0x80])
        demand(commands(other)[0], [0x6A, 0x80])
        verdicts.add(
            Experiment(
                name: "SET SESSION KEY without OAEP padding, first byte of the block zero or not (Manger)",
                measurements: 20_000,
                inputs: (commands(zero), commands(other)),
                body: { self.send($0) }
            )
        )
        let padded = try (0..<zero.count).map { _ in
            try OpenSSLCryptography().encryptOAEP(random(36), modulus: key.modulus, exponent: [1, 0, 1])
        }
        demand(commands(padded)[0], [0x6A, 0x80])
        verdicts.add(
            Experiment(
                name: "SET SESSION KEY that is refused, OAEP padding right or wrong",
                measurements: 20_000,
                inputs: (commands(padded), commands(other)),
                body: { self.send($0) }
            )
        )
        try examineSecureMessages(&verdicts, key.modulus)
    }

    /// Ciphertexts that are no OAEP: those whose block begins with a zero, and as many of the others.
    private func blocks(_ key: OpenSSLKey) throws -> (zero: [[UInt8]], other: [[UInt8]]) {
        var zero: [[UInt8]] = []
        var other: [[UInt8]] = []
        while zero.count < 32 {
            var cryptogram = random(256)
            cryptogram[0] &= 0x7F
            if try key.privateOperation(cryptogram)[0] == 0 {
                zero.append(cryptogram)
            } else if other.count < 32 {
                other.append(cryptogram)
            }
        }
        return (zero, other)
    }

    private func examineSecureMessages(_ verdicts: inout Verdicts, _ modulus: [UInt8]) throws {
        let library = OpenSSLCryptography()
        let key = random(16)
        let opening = commandBytes(
            "80 AE 00 00",
            try library.encryptOAEP(
                [0xA0, 0x22, 0x80, 0x20] + key + random(16),
                modulus: modulus,
                exponent: [1, 0, 1]
            )
        )
        demand(opening)
        let number = [UInt8](repeating: 0, count: 15) + [1]
        let iv = try library.aesCBC(.encrypt, key: key, iv: [UInt8](repeating: 0, count: 16), number)
        let secured = { (plain: [UInt8]) in
            let cipher = try library.aesCBC(.encrypt, key: key, iv: iv, plain)
            return (0..<32).map { _ in commandBytes("08 20 00 91", [0x86, UInt8(cipher.count + 1), 0x01] + cipher) }
        }
        let zeros = try secured([UInt8](repeating: 0, count: 64))
        let text = try secured([UInt8](repeating: 0x31, count: 64))
        demand(zeros[0], [0x69, 0x88])
        verdicts.add(
            Experiment(
                name: "secured VERIFY without padding, 64 zeros or none",
                measurements: 20_000,
                inputs: (zeros, text),
                prepare: { command in
                    self.send(opening)
                    return command
                },
                body: { self.send($0) }
            )
        )
    }
}
