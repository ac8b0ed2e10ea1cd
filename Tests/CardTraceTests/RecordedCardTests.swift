import CardClient
import CardKeys
import CardProfiles
import CardTesting
import CardTrace
import CivilCalendar
import Personalization
import ReaderTesting
import SmartCard
import Testing

@Suite struct `A recorded card` {
    private let made: PersonaCard

    init() throws { made = try PersonaCards.card("adult") }

    /// Everything there is to read, and every key that answers.
    private func readEverything<Channel>(
        _ client: inout CardClient<Channel, OpenSSLCryptography>
    ) throws(CardError) -> Told {
        var told = Told()
        _ = try client.recognize()
        _ = try client.readAvailability()
        _ = try client.readCardNumbers()
        _ = try client.readKeyIdentifier(.commonKeyIdentifier)
        try client.gatherFreeEvidence(into: &told.evidence)
        for tag in [0x0042, 0x0045, 0x0066, 0x00F0, 0x00F2, 0x00F7, 0x5F51] as [UInt16] {
            _ = try client.getData(tag)
        }
        _ = try client.readFaceBasics()
        _ = try client.readTextBasics()
        for (kind, typed) in [(SecretKind.sign, "ABC123"), (.auth, "1234")] { try client.unlock(kind, typed) }
        for file in [ObjectID.signatureCertificate, .authenticationCertificate, .signatureCACertificate] {
            told.certificates.append(try client.readCertificate(file))
        }
        for key in [ObjectID.signatureKey, .authenticationKey] {
            told.signatures.append(try client.sign(.digestInfo([0x77, 0x66, 0x55]), with: key))
        }
        try client.unlock(.input, "1234")
        try client.gatherTextEvidence(into: &told.evidence)
        told.facts = try client.readFourFacts()
        told.number = try client.readIndividualNumber()
        told.sessionKey = try client.readObject(ObjectID(.inputSupport, 0x0006))
        try client.unlock(.numberA, made.holder.individualNumber)
        try client.unlock(.numberB, made.numberB)
        try client.unlock(.birthDate, made.order.birth.eraCompact)
        try client.gatherFaceEvidence(into: &told.evidence)
        told.face = try client.readFace()
        try client.unlock(.register, "1234")
        let challenge = try client.terminalChallenge(in: .residentRegister)
        try client.authenticateTerminal(hmac((try? made.terminalKey()) ?? [], challenge))
        told.registerCode = try client.readResidentRegisterCode()
        try client.leave()
        return told
    }

    private struct Told {
        var evidence = CardEvidence()
        var facts: FourFacts?
        var number: IndividualNumber?
        var face: FaceRecord?
        var registerCode = ""
        var sessionKey: [UInt8] = []
        var certificates: [[UInt8]] = []
        var signatures: [[UInt8]] = []
    }

    private func record(
        _ hand: CardInHand,
        readLength: Int = 256
    ) -> (result: Result<Told, CardError>, trace: CardTrace) {
        let recorder = CardRecorder()
        var client = CardClient(RecordingChannel(hand.channel, recorder: recorder), cryptography: OpenSSLCryptography())
        client.readLength = readLength
        let result = Result { () throws(CardError) in try readEverything(&client) }
        return (result, recorder.trace)
    }

    private func replay(
        _ trace: CardTrace,
        readLength: Int = 256
    ) throws -> (result: Result<Told, CardError>, trace: CardTrace) {
        let recorder = CardRecorder()
        let parsed = try CardTrace(parsing: trace.lines.joined(separator: "\n"))
        #expect(parsed == trace)
        var client = CardClient(
            RecordingChannel(ReplayChannel(parsed), recorder: recorder),
            cryptography: OpenSSLCryptography()
        )
        client.readLength = readLength
        let result = Result { () throws(CardError) in try readEverything(&client) }
        return (result, recorder.trace)
    }

    /// What nobody may find in a trace.
    private func secrets(_ told: Told) throws -> [(name: String, bytes: [UInt8])] {
        let face = try #require(told.face)
        let holder = made.holder
        var secrets: [(String, [UInt8])] = [
            ("name", Array(holder.name.utf8)), ("address", Array(holder.address.utf8)),
            ("My Number", Array(holder.individualNumber.utf8)), ("number B", Array(made.numberB.utf8)),
            ("PIN", Array("1234".utf8)), ("password", Array("ABC123".utf8)),
            ("birth", Array(made.order.birth.compact.utf8)),
            ("birth of the era", Array(made.order.birth.eraCompact.utf8)),
            ("serial", Array(made.order.serial.utf8)), ("municipality", Array(holder.municipalityCode.utf8)),
            ("register code", Array(holder.residentRegisterCode.utf8)),
            ("expiry", Array(made.order.cardExpiry.compact.utf8)),
            ("photo", made.images.photo), ("name image", made.images.name), ("address image", made.images.address),
            ("number image", made.images.number), ("security code", made.images.securityCode),
            ("face key", face.key.modulus), ("face signature", face.signature),
            ("session key", Array(told.sessionKey.suffix(256))),
        ]
        secrets += told.signatures.map { ("signature", $0) }
        secrets += [told.evidence.faceChallenge, told.evidence.textChallenge].compactMap { $0 }.map {
            ("answer to a challenge", $0.signature)
        }
        for file in [ObjectID.ageRecord, .numberImage, .textDigests, .textPublicKey] {
            secrets.append(("signature in \(file)", Array(try #require(told.evidence.files[file]).suffix(256))))
        }
        for file in [ObjectID.textCVCertificate, .faceCVCertificate] {
            secrets.append(("signature in \(file)", Array(try #require(told.evidence.files[file]).suffix(256))))
        }
        let digests = try #require(told.evidence.files[.textDigests])
        secrets.append(("digest of the number", Array(digests[8..<40])))
        for certificate in told.certificates.prefix(2) {
            let head: [UInt8] = [0x02, 0x82, 0x01, 0x01, 0x00]
            let start = try #require(certificate.indices.first { certificate[$0...].starts(with: head) })
            secrets.append(("modulus in a certificate", Array(certificate[(start + 5)..<(start + 261)])))
        }
        return secrets
    }

    private func expectNothing(of secrets: [(name: String, bytes: [UInt8])], in trace: CardTrace) {
        let text = trace.lines.joined(separator: "\n")
        var pieces: Set<[UInt8]> = []
        for exchange in trace.exchanges {
            let command = exchange.command.map { $0 ?? 0 }
            var passed = [command]
            if case .response(let bytes) = exchange.outcome { passed.append(bytes) }
            for bytes in passed where bytes.count >= 8 {
                for start in 0...(bytes.count - 8) { pieces.insert(Array(bytes[start..<(start + 8)])) }
            }
        }
        for (name, bytes) in secrets {
            #expect(!text.contains(Hex(Array(bytes.prefix(12))).description), "\(name)")
            #expect(!text.contains(String(decoding: bytes, as: UTF8.self)), "\(name)")
            guard bytes.count >= 8 else { continue }
            for start in 0...(bytes.count - 8) {
                #expect(!pieces.contains(Array(bytes[start..<(start + 8)])), "\(name) from byte \(start)")
            }
        }
    }

    private func expectForm(of hand: CardInHand, in trace: CardTrace) {
        #expect(trace.exchanges.count == hand.exchanges.count)
        for (traced, real) in zip(trace.exchanges, hand.exchanges) {
            #expect(traced.command.count == real.command.count)
            #expect(zip(traced.command, real.command).allSatisfy { $0 == nil || $0 == $1 })
            guard case .response(let bytes) = traced.outcome else { continue }
            #expect(bytes.count == real.response.count && bytes.suffix(2) == real.response.suffix(2))
        }
    }

    @Test(arguments: [256, 100, 65_536]) func `leaves nothing of its holder in the trace`(readLength: Int) throws {
        let hand = CardInHand(made)
        let (result, trace) = record(hand, readLength: readLength)
        let secrets = try secrets(try result.get())
        expectNothing(of: secrets, in: trace)
        expectForm(of: hand, in: trace)
        // The same search finds them where nothing is blanked.
        let bare = CardTrace(hand.exchanges.map { .init(command: $0.command, outcome: .response($0.response)) })
        let text = bare.lines.joined(separator: "\n")
        for secret in secrets where !["birth of the era"].contains(secret.name) {
            #expect(text.contains(Hex(Array(secret.bytes.prefix(4))).description), "\(secret.name)")
        }
    }

    @Test(arguments: [256, 65_536]) func `lets the same conversation be held again`(readLength: Int) throws {
        let hand = CardInHand(made)
        let (_, trace) = record(hand, readLength: readLength)
        let (result, again) = try replay(trace, readLength: readLength)
        let told = try result.get()
        #expect(again.exchanges.count == trace.exchanges.count)
        #expect(told.number?.digits == "000000000000" && told.registerCode == "00000000000")
        #expect(told.facts?.birth == CivilDate(year: 1900, month: 1, day: 1) && told.face?.photo.count == 333)
        #expect(told.face?.photo.allSatisfy { $0 == 0 } == true)
        #expect(told.evidence.files.count == CardEvidence.relevantFiles.count)
    }

    @Test func `is blanked as a whole where it comes in pieces`() throws {
        let hand = CardInHand(made)
        var rest: [UInt8] = []
        hand.meddle = { _, command, response in
            if [0xB0, 0xB2, 0xCA].contains(command[1]), response.count > 2 {
                rest = Array(response.dropLast(2))
                return [0x61, UInt8(truncatingIfNeeded: min(250, rest.count))]
            }
            guard command[1] == 0xC0 else { return response }
            let piece = rest.prefix(command[4] == 0 ? 256 : Int(command[4]))
            rest.removeFirst(piece.count)
            return piece + (rest.isEmpty ? [0x90, 0x00] : [0x61, UInt8(truncatingIfNeeded: min(250, rest.count))])
        }
        let (result, trace) = record(hand)
        expectNothing(of: try secrets(try result.get()), in: trace)
        let again = try replay(trace)
        #expect(again.trace.exchanges.count == trace.exchanges.count)
        #expect(throws: Never.self) { try again.result.get() }
    }

    @Test func `fails again as it failed`() throws {
        let hand = CardInHand(made)
        _ = record(hand)
        let failures: [ChannelFailure?] = [nil, nil, nil, nil, .cardReset, .other(0x8010_0016)]
        let statuses: [[UInt8]] = [[0x6A, 0x82], [0x69, 0x82], [0x6F, 0x00], [], [], []]
        for index in stride(from: 0, to: hand.exchanges.count, by: 3) {
            for (failure, status) in zip(failures, statuses) {
                let failing = CardInHand(made)
                failing.meddle = { place, _, response throws(ChannelFailure) in
                    guard place == index else { return response }
                    if let failure { throw failure }
                    return status
                }
                let (result, trace) = record(failing)
                let (again, retrace) = try replay(trace)
                #expect(result.error == again.error, "\(index)")
                #expect(retrace.exchanges.count == trace.exchanges.count)
            }
        }
    }

    @Test func `answers nothing that was not recorded`() throws {
        let (_, trace) = record(CardInHand(made))
        let first = trace.exchanges[0].command.compactMap { $0 }
        var channel = ReplayChannel(trace)
        for wrong in [[], [0x00], Array(first.dropLast()), first + [0x00], [0x80] + first.dropFirst()] as [[UInt8]] {
            #expect(throws: ChannelFailure.notRecorded) { try channel.transmit(wrong) }
        }
        #expect(try channel.transmit(first) == [0x90, 0x00])
        #expect(throws: ChannelFailure.notRecorded) { try channel.transmit(first) }
        var empty = ReplayChannel(CardTrace([]))
        #expect(throws: ChannelFailure.notRecorded) { try empty.transmit(first) }
    }

    @Test func `shows nothing of a conversation under secure messaging`() throws {
        let hand = CardInHand(made)
        let recorder = CardRecorder()
        var client = CardClient(RecordingChannel(hand.channel, recorder: recorder), cryptography: OpenSSLCryptography())
        try client.unlock(.input, "1234")
        try client.openSecureMessaging()
        let first = hand.exchanges.count
        _ = try client.readFourFacts()
        expectForm(of: hand, in: recorder.trace)
        for exchange in recorder.trace.exchanges[first...] where exchange.command[1] == 0xB0 {
            guard case .response(let bytes) = exchange.outcome else { continue }
            #expect(bytes.count > 2 && bytes.dropLast(2).allSatisfy { $0 == 0 })
        }
    }
}

extension Result {
    fileprivate var error: Failure? {
        if case .failure(let error) = self { return error }
        return nil
    }
}
