import CardKeys
import CardProfiles
import CardTesting
import CivilCalendar
import Issuance
import Personalization
import Problems
import ReaderTesting
import SmartCard
import Testing

@testable import CardClient

@Suite struct `Judging a card` {
    private let evidence: CardEvidence
    private let ring: CardKeyRing

    init() throws {
        evidence = try Self.gathered.get()
        ring = CardKeyRing(.simulated, try Self.anchors())
    }

    /// All evidence the adult's card gives, gathered once.
    private static let gathered = Result {
        let made = try PersonaCards.card("adult")
        var client = CardInHand(made).client
        var evidence = CardEvidence()
        try client.gatherFreeEvidence(into: &evidence)
        try client.unlock(.input, "1234")
        try client.gatherTextEvidence(into: &evidence)
        try client.unlock(.numberA, made.holder.individualNumber)
        try client.unlock(.birthDate, made.order.birth.eraCompact)
        try client.gatherFaceEvidence(into: &evidence)
        return evidence
    }

    /// The card keys among what the authority publishes.
    private static func anchors() throws -> [(number: String, key: PublicKeyObject)] {
        try PersonaCards.authority().publicAnchors().filter { $0.name.hasPrefix("cv-") }.map { anchor in
            let lines = String(decoding: anchor.bytes, as: UTF8.self).split(separator: "\n")
            let values = lines.map { Hex(parsing: String($0.split(separator: " ").last ?? ""))?.bytes ?? [] }
            try #require(values.count == 3)
            let number = try #require(KeyIdentifier(values[0])?.number)
            return (number, PublicKeyObject(modulus: values[2], exponent: values[1]))
        }
    }

    private func judge(_ evidence: CardEvidence, _ ring: CardKeyRing) -> [Finding] {
        var judge = CardJudge(ring, cryptography: OpenSSLCryptography())
        return judge.judge(evidence)
    }

    private func checks(_ findings: [Finding], _ state: FindingState) -> Set<CardCheck> {
        Set(findings.filter { $0.state == state }.compactMap { CardCheck(rawValue: $0.check) })
    }

    private static let order = CardCheck.allCases.map(\.rawValue).sorted()

    @Test func `under its own authority confirms everything`() {
        #expect(evidence.files.count == CardEvidence.relevantFiles.count)
        let findings = judge(evidence, ring)
        #expect(findings.map(\.check).sorted() == Self.order)
        #expect(findings.allSatisfy { $0.state == .confirmed && $0.reason == nil })
    }

    @Test func `gives the same findings when it is asked again`() {
        var judge = CardJudge(ring, cryptography: OpenSSLCryptography())
        #expect(judge.judge(evidence) == judge.judge(evidence))
    }

    // MARK: - Tampering

    /// One bit, somewhere in the value of an object of a file, and what then has to fail.
    static let tampered: [(file: ObjectID, tag: [UInt8], offset: Int, fails: Set<CardCheck>)] = [
        (.individualNumber, [0xFF, 0x10], 11, [.numberDigest]), (.individualNumber, [0xFF, 0x10], 13, [.numberDigest]),
        (.fourFacts, [0xDF, 0x22], 0, [.factsDigest]), (.fourFacts, [0xDF, 0x23], 3, [.factsDigest]),
        (.fourFacts, [0xDF, 0x24], 7, [.factsDigest]), (.fourFacts, [0xDF, 0x25], 0, [.factsDigest]),
        (.textDigests, [0xDF, 0x31], 5, [.textSignature, .numberDigest]),
        (.textDigests, [0xDF, 0x32], 5, [.textSignature, .factsDigest]),
        (.textDigests, [0xDF, 0x33], 77, [.textSignature]),
        (.textPublicKey, [0x91, 0x82], 200, [.textKey, .textChip]), (.textPublicKey, [0xDF, 0x52], 9, [.textKey]),
        (.textCVCertificate, [0x5F, 0x37], 200, [.textCertificate]),
        (.textCVCertificate, [0x5F, 0x4E], 20, [.textCertificate]),
        (.textCVCertificate, [0x91, 0x82], 99, [.textCertificate, .textSignature, .textKey]),
        (.faceRecord, [0xDF, 0x22], 7, [.faceSignature]), (.faceRecord, [0xDF, 0x23], 0, [.faceSignature]),
        (.faceRecord, [0xDF, 0x25], 50, [.faceSignature]), (.faceRecord, [0xDF, 0x26], 50, [.faceSignature]),
        (.faceRecord, [0xDF, 0x27], 50, [.faceSignature]), (.faceRecord, [0xDF, 0x28], 50, [.faceSignature]),
        (.faceRecord, [0x91, 0x82], 100, [.faceSignature, .faceChip]),
        (.ageRecord, [0xDF, 0x11], 7, [.ageSignature]), (.ageRecord, [0xDF, 0x13], 7, [.ageSignature]),
        (.ageRecord, [0x91, 0x82], 30, [.ageSignature, .faceChip]),
        (.numberImage, [0xDF, 0x41], 7, [.numberImageSignature]),
        (.numberImage, [0xDF, 0x43], 7, [.numberImageSignature]),
        (.numberImage, [0x91, 0x82], 30, [.numberImageSignature, .faceChip]),
        (.faceCVCertificate, [0x5F, 0x37], 3, [.faceCertificate]),
        (
            .faceCVCertificate, [0x91, 0x82], 99,
            [.faceCertificate, .faceSignature, .ageSignature, .numberImageSignature]
        ),
        // The signature covers neither, as on cards in the field.
        (.faceRecord, [0xDF, 0x2A], 5, []), (.faceRecord, [0xDF, 0x29], 7, []),
    ]

    @Test(arguments: tampered) func `fails what was tampered with, and nothing else`(
        file: ObjectID,
        tag: [UInt8],
        offset: Int,
        fails: Set<CardCheck>
    ) throws {
        var evidence = evidence
        evidence.files[file] = try flipped(try #require(evidence.files[file]), tag, offset)
        let findings = judge(evidence, ring)
        #expect(checks(findings, .failed) == fails)
        #expect(checks(findings, .notChecked) == [])
        #expect(findings.allSatisfy { ($0.reason == nil) == ($0.state == .confirmed) })
    }

    @Test func `fails tampered certificates of the card manager`() throws {
        var one = evidence
        one.rootToIntermediate = try flipped(try #require(evidence.rootToIntermediate), [0x5F, 0x37], 8)
        #expect(checks(judge(one, ring), .failed) == [.manager])
        one.rootToIntermediate = try flipped(try #require(evidence.rootToIntermediate), [0x91, 0x82], 8)
        #expect(checks(judge(one, ring), .failed) == [.manager, .managerLower])
        one = evidence
        one.intermediateToLower = try flipped(try #require(evidence.intermediateToLower), [0x5F, 0x37], 8)
        #expect(checks(judge(one, ring), .failed) == [.managerLower])
        one.intermediateToLower = evidence.files[.faceCVCertificate]
        #expect(checks(judge(one, ring), .notChecked) == [.managerLower])
    }

    @Test func `fails a chip that does not answer with its key`() throws {
        let text = try #require(evidence.textChallenge)
        let face = try #require(evidence.faceChallenge)
        var one = evidence
        (one.textChallenge, one.faceChallenge) = (face, text)
        #expect(checks(judge(one, ring), .failed) == [.textChip, .faceChip])
        one = evidence
        // An answer to somebody else's question.
        one.textChallenge = ChallengeAnswer(digestInfo: face.digestInfo, signature: text.signature)
        #expect(checks(judge(one, ring), .failed) == [.textChip])
        for signature in [
            [], [0], [UInt8](repeating: 0, count: 256), [UInt8](repeating: 0xFF, count: 256), text.digestInfo,
        ] {
            one.textChallenge = ChallengeAnswer(digestInfo: text.digestInfo, signature: signature)
            #expect(checks(judge(one, ring), .failed) == [.textChip])
        }
    }

    @Test func `fails the records of another card`() throws {
        var one = evidence
        let made = try PersonaCards.card("infant")
        var client = CardInHand(made).client
        var other = CardEvidence()
        try client.unlock(.input, "1234")
        try client.gatherTextEvidence(into: &other)
        one.files[.fourFacts] = other.files[.fourFacts]
        one.files[.individualNumber] = other.files[.individualNumber]
        #expect(checks(judge(one, ring), .failed) == [.factsDigest, .numberDigest])
        one.files[.textDigests] = other.files[.textDigests]
        #expect(checks(judge(one, ring), .failed) == [], "the text is whole, and yet it is not this chip's")
        one.files[.textPublicKey] = other.files[.textPublicKey]
        #expect(checks(judge(one, ring), .failed) == [.textChip])
    }

    private func flipped(_ bytes: [UInt8], _ tag: [UInt8], _ offset: Int) throws -> [UInt8] {
        let start = try #require(Self.place(of: tag, in: bytes, 0..<bytes.count))
        let isInnerKey = tag == [0x91, 0x82]
        let header = isInnerKey ? 4 : bytes[start + 2] == 0x82 ? 5 : 3
        var flipped = bytes
        flipped[start + header + offset] ^= 0x01
        return flipped
    }

    /// Where an object begins, found from object to object: the same two bytes may stand inside a random key, too.
    private static func place(of tag: [UInt8], in bytes: [UInt8], _ range: Range<Int>) -> Int? {
        var position = range.lowerBound
        while position + 3 < range.upperBound {
            if bytes[position...].starts(with: tag) { return position }
            let isLong = bytes[position] & 0x1F == 0x1F
            let name = isLong ? UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1]) : UInt16(bytes[position])
            position += isLong ? 2 : 1
            var length = Int(bytes[position])
            position += 1
            if length == 0x82 {
                length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
                position += 2
            }
            // Keys lie in objects of their own; in a certificate two names of 16 bytes come before it.
            let isKey = length == 265 && [0xDF12, 0xDF24, 0xDF42, 0xDF51].contains(name)
            let inside = position + (name == 0x5F4E ? 32 : 0)..<min(position + length, range.upperBound)
            if name >> 8 == 0xFF || [0x7F21, 0x5F4E].contains(name) || isKey,
                let found = place(of: tag, in: bytes, inside)
            {
                return found
            }
            position += length
        }
        return nil
    }

    // MARK: - Missing and malformed

    static let missing: [(ObjectID, Set<CardCheck>)] = [
        (.individualNumber, [.numberDigest]), (.fourFacts, [.factsDigest]),
        (.textDigests, [.textSignature, .numberDigest, .factsDigest]), (.textPublicKey, [.textKey, .textChip]),
        (.textCVCertificate, [.textCertificate, .textSignature, .textKey]), (.faceRecord, [.faceSignature]),
        (.ageRecord, [.ageSignature]), (.numberImage, [.numberImageSignature]),
        (.faceCVCertificate, [.faceCertificate, .faceSignature, .ageSignature, .numberImageSignature]),
    ]

    @Test(arguments: missing) func `does not check what was not read`(file: ObjectID, unchecked: Set<CardCheck>) {
        var one = evidence
        one.files[file] = nil
        let findings = judge(one, ring)
        #expect(checks(findings, .notChecked) == unchecked && checks(findings, .failed) == [])
        #expect(findings.map(\.check).sorted() == Self.order)
    }

    @Test func `does not check what was not asked`() {
        var one = evidence
        one.textChallenge = nil
        one.faceChallenge = nil
        #expect(checks(judge(one, ring), .notChecked) == [.textChip, .faceChip])
        one = evidence
        one.rootToIntermediate = nil
        #expect(checks(judge(one, ring), .notChecked) == [.manager, .managerLower])
        one = evidence
        one.intermediateToLower = nil
        #expect(checks(judge(one, ring), .notChecked) == [.managerLower])
        let nothing = judge(CardEvidence(), ring)
        #expect(checks(nothing, .notChecked) == Set(CardCheck.allCases) && nothing.map(\.check).sorted() == Self.order)
    }

    static let malformed: [(ObjectID, failed: Set<CardCheck>)] = [
        (.fourFacts, [.factsDigest]), (.textDigests, [.textSignature]), (.textPublicKey, [.textKey]),
        (.textCVCertificate, [.textCertificate]), (.faceRecord, [.faceSignature]), (.ageRecord, [.ageSignature]),
        (.numberImage, [.numberImageSignature]), (.faceCVCertificate, [.faceCertificate]),
    ]

    @Test(arguments: malformed) func `fails what cannot be understood`(file: ObjectID, failed: Set<CardCheck>) throws {
        let whole = try #require(evidence.files[file])
        for bytes in [
            [], [0xFF], [0x30, 0x00], Array(whole.dropLast(40)), [UInt8](repeating: 0xFF, count: whole.count),
        ] {
            var one = evidence
            one.files[file] = bytes
            let findings = judge(one, ring)
            #expect(checks(findings, .failed) == failed)
            #expect(findings.map(\.check).sorted() == Self.order)
        }
    }

    @Test func `names every check exactly once, whatever the evidence`() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<400 {
            var one = evidence
            for file in CardEvidence.relevantFiles { one.files[file] = spoilt(one.files[file] ?? [], &generator) }
            one.rootToIntermediate = spoilt(one.rootToIntermediate ?? [], &generator)
            one.intermediateToLower = spoilt(one.intermediateToLower ?? [], &generator)
            if generator.once(in: 3) { one.textChallenge = nil }
            if generator.once(in: 3) { one.faceChallenge = nil }
            #expect(judge(one, ring).map(\.check).sorted() == Self.order)
        }
    }

    private func spoilt(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8]? {
        switch generator.below(5) {
        case 0: return nil
        case 1: return Array(bytes.prefix(generator.below(bytes.count + 1)))
        case 2:
            var bytes = bytes
            for _ in 0..<3 { bytes[generator.below(min(bytes.count, 20))] = generator.byte() }
            return bytes
        case 3: return generator.bytes(generator.below(700))
        default: return bytes
        }
    }

    // MARK: - Rings

    @Test func `confirms nothing about authority under the production keys`() {
        let findings = judge(evidence, .production)
        let chain: Set<CardCheck> = [.manager, .textCertificate, .faceCertificate]
        #expect(checks(findings, .notChecked) == chain)
        for finding in findings where finding.state == .notChecked {
            #expect(finding.reason?.en.contains("simulated") == true && finding.reason?.ja.contains("模擬") == true)
        }
    }

    @Test func `confirms nothing about authority under no keys, other keys and another's keys of the same number`()
        throws
    {
        let chain: Set<CardCheck> = [.manager, .textCertificate, .faceCertificate]
        #expect(checks(judge(evidence, CardKeyRing(.simulated, [])), .notChecked) == chain)
        let anchors = try Self.anchors()
        let swapped = zip(anchors, anchors.reversed()).map { (number: $0.number, key: $1.key) }
        #expect(checks(judge(evidence, CardKeyRing(.simulated, swapped)), .failed) == chain)
    }

    @Test func `never keeps keys of both hierarchies in one ring`() throws {
        let key = try #require(Self.anchors().first).key
        let all = ["5000020", "5000023", "6000023", "8000010", "8000023", "9000001", "", "0000005", "80"].map {
            (number: $0, key: key)
        }
        let simulated = CardKeyRing(.simulated, all)
        let production = CardKeyRing(.production, all)
        for (number, _) in all where number.utf8.count == 7 {
            let identifier = try #require(
                KeyIdentifier(Array(number.utf8) + [0x08, 0x05] + Array("001".utf8) + [0, 0, 0, 0])
            )
            #expect((simulated.key(identifier) != nil) == number.hasPrefix("8"))
            #expect((production.key(identifier) != nil) == number.hasPrefix("5"))
        }
        #expect(CardKeyRing(.production, try Self.anchors()).isEmpty)
        #expect(CardKeyRing(.simulated, [(number: "5000023", key: key)]).isEmpty)
        #expect(!CardKeyRing.production.isEmpty && CardKeyRing.production.hierarchy == .production)
    }

    @Test func `says whose card it is where its authority is unknown`() throws {
        let certificate = try #require(evidence.files[.faceCVCertificate])
        for (digit, ring, word) in [
            (UInt8(0x35), ring, "production hierarchy"), (0x36, ring, "test cards"), (0x36, .production, "test cards"),
            (0x39, ring, "not among"), (0x35, .production, "not among"),
        ] {
            var one = evidence
            one.files[.faceCVCertificate] = certificate.enumerated().map { index, byte in
                index == 10 ? digit : index == 11 ? 0x39 : byte
            }
            let finding = try #require(judge(one, ring).first { $0.check == CardCheck.faceCertificate.rawValue })
            #expect(finding.state == .notChecked && finding.reason?.en.contains(word) == true)
        }
    }
}
