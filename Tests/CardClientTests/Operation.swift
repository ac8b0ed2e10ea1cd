import CardClient
import CardProfiles
import CardTesting
import CivilCalendar
import Personalization
import ReaderTesting
import Testing

/// One thing a client does with a card, for tests that do all of them.
struct Operation: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The result is the contents of what was read, so that an unaltered answer has to give the same.
    ///
    /// Not so where a status is the result, or where what is missing is left out.
    var isExact = true
    /// What has to be done before, undisturbed.
    var setUp: @Sendable (inout HeldClient, PersonaCard) throws(CardError) -> Void = { _, _ in }
    let run: @Sendable (inout HeldClient, PersonaCard) throws(CardError) -> AnyHashable

    static let all: [Operation] = free + behindSecrets + withSecrets + evidence
}

extension Operation {
    fileprivate init(
        _ name: String,
        isExact: Bool = true,
        setUp: @escaping @Sendable (inout HeldClient, PersonaCard) throws(CardError) -> Void = { _, _ in },
        run: @escaping @Sendable (inout HeldClient, PersonaCard) throws(CardError) -> AnyHashable
    ) {
        testDescription = name
        self.isExact = isExact
        self.setUp = setUp
        self.run = run
    }

    private static let free: [Operation] = [
        Operation("recognize") { client, _ throws(CardError) in try client.recognize() },
        Operation("availability") { client, _ throws(CardError) in try client.readAvailability() },
        Operation("numbers") { client, _ throws(CardError) in try client.readCardNumbers() },
        Operation("key identifier") { client, _ throws(CardError) in
            try client.readKeyIdentifier(.commonKeyIdentifier)
        },
        Operation("face basics") { client, _ throws(CardError) in try client.readFaceBasics() },
        Operation("text basics") { client, _ throws(CardError) in try client.readTextBasics() },
        Operation("CA certificate") { client, _ throws(CardError) in
            try client.readCertificate(.signatureCACertificate)
        },
        Operation("CA certificate in one piece") { client, _ throws(CardError) in
            client.readLength = 65_536
            return try client.readCertificate(.signatureCACertificate)
        },
        Operation("data object", isExact: false) { client, _ throws(CardError) in
            try client.getData(0x7F21, isLong: true)
        },
        Operation("tries", isExact: false) { client, _ throws(CardError) in
            try client.triesLeft(SecretKind.sign.home)
        },
        Operation("leave") { client, _ throws(CardError) in
            try client.leave()
            return client.place
        },
    ]

    private static let behindSecrets: [Operation] = [
        Operation(
            "four facts",
            setUp: { client, _ throws(CardError) in try client.unlock(.input, "1234") },
            run: { client, _ throws(CardError) in try client.readFourFacts() }
        ),
        Operation(
            "My Number",
            setUp: { client, _ throws(CardError) in try client.unlock(.input, "1234") },
            run: { client, _ throws(CardError) in try client.readIndividualNumber() }
        ),
        Operation(
            "face",
            setUp: { client, made throws(CardError) in try client.unlock(.numberB, made.numberB) },
            run: { client, _ throws(CardError) in try client.readFace() }
        ),
        Operation(
            "number image",
            setUp: { client, made throws(CardError) in try client.unlock(.numberA, made.holder.individualNumber) },
            run: { client, _ throws(CardError) in try client.readNumberImage() }
        ),
        Operation(
            "age",
            setUp: { client, made throws(CardError) in try client.unlock(.birthDate, made.order.birth.eraCompact) },
            run: { client, _ throws(CardError) in try client.readAge() }
        ),
        Operation(
            "signature certificate",
            setUp: { client, _ throws(CardError) in try client.unlock(.sign, "ABC123") },
            run: { client, _ throws(CardError) in try client.readCertificate(.signatureCertificate) }
        ),
        Operation(
            "resident register code",
            setUp: { client, made throws(CardError) in
                try client.unlock(.register, "1234")
                let challenge = try client.terminalChallenge(in: .residentRegister)
                try client.authenticateTerminal(hmac(terminalKey(made), challenge))
            },
            run: { client, _ throws(CardError) in try client.readResidentRegisterCode() }
        ),
        Operation(
            "sign",
            setUp: { client, _ throws(CardError) in try client.unlock(.auth, "1234") },
            run: { client, _ throws(CardError) in
                try client.sign(
                    .digestInfo(DigestInfo.sha256([UInt8](repeating: 1, count: 32))),
                    with: .authenticationKey
                )
            }
        ),
        Operation(
            "secure messaging",
            setUp: { client, _ throws(CardError) in try client.unlock(.input, "1234") },
            run: { client, _ throws(CardError) in
                try client.openSecureMessaging()
                return client.isSecured
            }
        ),
        Operation(
            "four facts and number under secure messaging",
            setUp: { client, _ throws(CardError) in
                try client.unlock(.input, "1234")
                try client.openSecureMessaging()
            },
            run: { client, _ throws(CardError) in
                [try client.readFourFacts() as AnyHashable, try client.readIndividualNumber()]
            }
        ),
    ]

    private static let withSecrets: [Operation] = [
        Operation("verify") { client, _ throws(CardError) in
            try client.unlock(.auth, "1234")
            return client.isUnlocked
        },
        Operation("verify number B and read the face") { client, made throws(CardError) in
            try client.unlock(.numberB, made.numberB)
            return try client.readFace()
        },
        Operation(
            "change",
            setUp: { client, _ throws(CardError) in try client.unlock(.register, "1234") },
            run: { client, _ throws(CardError) in
                guard let new = try? judged("5678", as: .register) else { return false }
                try client.change(.register, to: new)
                return true
            }
        ),
        Operation("unblock") { client, made throws(CardError) in
            guard let new = try? judged("5678", as: .auth) else { return false }
            let challenge = try client.terminalChallenge(in: .jpki)
            try client.authenticateTerminal(hmac(terminalKey(made), challenge))
            try client.unblock(.auth, settingTo: new)
            return true
        },
    ]

    private static let evidence: [Operation] = [
        Operation("challenge") { client, _ throws(CardError) in
            let answer = try client.challenge(.faceKey)
            return [answer.digestInfo.count, answer.signature.count]
        },
        Operation("free evidence", isExact: false) { client, _ throws(CardError) in
            var evidence = CardEvidence()
            try client.gatherFreeEvidence(into: &evidence)
            return evidence.files
        },
        Operation(
            "text evidence",
            isExact: false,
            setUp: { client, _ throws(CardError) in try client.unlock(.input, "1234") },
            run: { client, _ throws(CardError) in
                var evidence = CardEvidence()
                try client.gatherTextEvidence(into: &evidence)
                return evidence.files
            }
        ),
        Operation(
            "face evidence",
            isExact: false,
            setUp: { client, made throws(CardError) in try client.unlock(.numberA, made.holder.individualNumber) },
            run: { client, _ throws(CardError) in
                var evidence = CardEvidence()
                try client.gatherFaceEvidence(into: &evidence)
                return evidence.files
            }
        ),
    ]
}

private func terminalKey(_ made: PersonaCard) -> [UInt8] { (try? made.terminalKey()) ?? [] }
