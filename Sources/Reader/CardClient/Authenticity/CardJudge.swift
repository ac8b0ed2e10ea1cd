public import CardCryptography
import CardProfiles
public import Problems
import Secrets
import SmartCard

/// Says of a card's evidence what is confirmed, what failed and what could not be looked at.
///
/// The order of one record: its digests over what was read, the signature over the digests by the municipality's key,
/// that key's certificate by an authority of the ring, and the card's own key by its answer to a challenge
/// (docs/card/card-face.md and docs/card/input-support.md, "Checking a card").
public struct CardJudge<Cryptography: ReaderCryptography> {
    private let ring: CardKeyRing
    private let cryptography: Cryptography
    private var findings: [Finding] = []

    public init(_ ring: CardKeyRing, cryptography: Cryptography) {
        self.ring = ring
        self.cryptography = cryptography
    }

    /// Judges all there is, in a fixed order: every check is in the list, also those that could not be made.
    public mutating func judge(_ evidence: CardEvidence) -> [Finding] {
        findings = []
        judgeManager(evidence)
        judgeText(evidence)
        judgeFace(evidence)
        return findings
    }

    // MARK: - The three parts

    private mutating func judgeManager(_ evidence: CardEvidence) {
        let place = ObjectID(.cardManager, 0)
        let upper = certificate(evidence.rootToIntermediate, place, .manager)
        if let upper { judgeChain(upper, .manager) }
        guard let lower = certificate(evidence.intermediateToLower, place, .managerLower) else { return }
        guard let upper, lower.issuer == upper.subject else {
            return add(.managerLower, .notChecked, .noIssuer)
        }
        add(.managerLower, signs(upper.key, lower.signedBytes, lower.signature) ? .confirmed : .failed, .signature)
    }

    private mutating func judgeText(_ evidence: CardEvidence) {
        let municipality = certificate(evidence.files[.textCVCertificate], .textCVCertificate, .textCertificate)
        if let municipality { judgeChain(municipality, .textCertificate) }
        let digests = record(.textSignature) { () throws(CardError) in
            try evidence.file(.textDigests) { bytes, file throws(CardError) in try TextDigests(bytes, of: file) }
        }
        if let digests { judgeSignature(.textSignature, digests.signedBytes, digests.signature, by: municipality) }
        // All 17 bytes the number's file has; of the facts everything from DF22 on.
        judgeDigest(.numberDigest, evidence.files[.individualNumber], digests?.numberDigest)
        let facts = record(.factsDigest) { () throws(CardError) in
            try evidence.file(.fourFacts) { bytes, file throws(CardError) in
                try RecordObjects(bytes, tag: 0xFF20, of: file).raw(from: 0xDF22)
            }
        }
        if facts != nil || evidence.files[.fourFacts] == nil {
            judgeDigest(.factsDigest, facts, digests?.factsDigest)
        }
        let key = record(.textKey) { () throws(CardError) in
            try evidence.file(.textPublicKey) { bytes, file throws(CardError) in try SignedPublicKey(bytes, of: file) }
        }
        if let key { judgeSignature(.textKey, key.signedBytes, key.signature, by: municipality) }
        judgeChallenge(.textChip, evidence.textChallenge, key?.key)
    }

    private mutating func judgeFace(_ evidence: CardEvidence) {
        let municipality = certificate(evidence.files[.faceCVCertificate], .faceCVCertificate, .faceCertificate)
        if let municipality { judgeChain(municipality, .faceCertificate) }
        let face = record(.faceSignature) { () throws(CardError) in
            try evidence.file(.faceRecord) { bytes, file throws(CardError) in try FaceRecord(bytes, of: file) }
        }
        if let face { judgeFaceSignature(face, by: municipality) }
        let age = record(.ageSignature) { () throws(CardError) in
            try evidence.file(.ageRecord) { bytes, file throws(CardError) in try AgeRecord(bytes, of: file) }
        }
        if let age { judgeSignature(.ageSignature, age.signedBytes, age.signature, by: municipality) }
        let number = record(.numberImageSignature) { () throws(CardError) in
            try evidence.file(.numberImage) { bytes, file throws(CardError) in try NumberImageRecord(bytes, of: file) }
        }
        if let number { judgeSignature(.numberImageSignature, number.signedBytes, number.signature, by: municipality) }
        let keys = [face?.key, age?.key, number?.key].compactMap { $0 }
        guard let key = keys.first, keys.allSatisfy({ $0 == key }) else {
            return add(.faceChip, keys.isEmpty ? .notChecked : .failed, keys.isEmpty ? .nothingRead : .keysDiffer)
        }
        judgeChallenge(.faceChip, evidence.faceChallenge, key)
    }

    // MARK: - Single checks

    /// The certificate of the authority in the ring, named in the certificate.
    private mutating func judgeChain(_ certificate: CVCertificate, _ check: CardCheck) {
        guard let authority = ring.key(certificate.issuer) else {
            return add(check, .notChecked, .unknownAuthority(certificate.issuer.family, ring.hierarchy))
        }
        let isRight = signs(authority, certificate.signedBytes, certificate.signature)
        add(check, isRight ? .confirmed : .failed, .signature)
    }

    /// A municipality's key counts only as far as its own certificate goes; here the record is held against the key.
    private mutating func judgeSignature(
        _ check: CardCheck,
        _ bytes: [UInt8],
        _ signature: [UInt8],
        by municipality: CVCertificate?
    ) {
        guard let municipality else { return add(check, .notChecked, .noIssuer) }
        add(check, signs(municipality.key, bytes, signature) ? .confirmed : .failed, .signature)
    }

    private mutating func judgeFaceSignature(_ face: FaceRecord, by municipality: CVCertificate?) {
        guard let municipality else { return add(.faceSignature, .notChecked, .noIssuer) }
        var digests: [UInt8] = []
        for group in face.signedGroups { digests += digest(group) ?? [] }
        let held = cryptography.recover(
            face.signature,
            modulus: municipality.key.modulus,
            exponent: municipality.key.exponent
        )
        let isRight = digests.count == 96 && held == DigestInfo.threeDigests(digests)
        add(.faceSignature, isRight ? .confirmed : .failed, .signature)
    }

    private mutating func judgeDigest(_ check: CardCheck, _ bytes: [UInt8]?, _ expected: [UInt8]?) {
        guard let bytes, let expected else { return add(check, .notChecked, .nothingRead) }
        let isRight = digest(bytes).map { equalInConstantTime($0, expected) } ?? false
        add(check, isRight ? .confirmed : .failed, .digest)
    }

    private mutating func judgeChallenge(_ check: CardCheck, _ answer: ChallengeAnswer?, _ key: PublicKeyObject?) {
        guard let key else { return add(check, .notChecked, .nothingRead) }
        guard let answer else { return add(check, .notChecked, .noChallenge) }
        let held = cryptography.recover(answer.signature, modulus: key.modulus, exponent: key.exponent)
        add(check, held == answer.digestInfo ? .confirmed : .failed, .challenge)
    }

    /// Whether this is sha256WithRSAEncryption over the bytes by the key (RFC 8017, 8.2.2).
    private func signs(_ key: PublicKeyObject, _ bytes: [UInt8], _ signature: [UInt8]) -> Bool {
        guard let digest = digest(bytes) else { return false }
        let held = cryptography.recover(signature, modulus: key.modulus, exponent: key.exponent)
        return held == DigestInfo.sha256(digest)
    }

    private func digest(_ bytes: [UInt8]) -> [UInt8]? { try? cryptography.sha256(bytes) }

    // MARK: - Writing down

    private mutating func certificate(_ bytes: [UInt8]?, _ file: ObjectID, _ check: CardCheck) -> CVCertificate? {
        record(check) { () throws(CardError) in
            guard let bytes else { return nil }
            return try CVCertificate(bytes, of: file)
        }
    }

    /// A record that was read and cannot be understood has failed its check; one that was not read is not checked.
    private mutating func record<Record>(
        _ check: CardCheck,
        _ read: () throws(CardError) -> Record?
    ) -> Record? {
        do throws(CardError) {
            if let record = try read() { return record }
            if check != .factsDigest { add(check, .notChecked, .nothingRead) }
        } catch {
            add(check, .failed, .malformed)
        }
        return nil
    }

    private mutating func add(_ check: CardCheck, _ state: FindingState, _ reason: CardCheck.Reason) {
        findings.append(
            Finding(check.rawValue, check.subject, state, reason: state == .confirmed ? nil : reason.text)
        )
    }
}
