public import CardProfiles
public import CivilCalendar

/// What was read off a card and speaks for or against it, byte for byte as it was read.
///
/// Each part may be missing; a check that lacks one is *not checked*. It can be kept and judged later, without the card;
/// only the answers to challenges prove that the chip itself was there, and only to whoever asked.
public struct CardEvidence: Sendable {
    /// The files, by where they lie on the card.
    public var files: [ObjectID: [UInt8]] = [:]
    /// CV certificates of the card manager: root to intermediate, and intermediate to the card manager's key.
    public var rootToIntermediate: [UInt8]?
    public var intermediateToLower: [UInt8]?
    /// The keys' answers to challenges of this session.
    public var faceChallenge: ChallengeAnswer?
    public var textChallenge: ChallengeAnswer?

    public init() {}

    /// The birth that the face record names, where it was read and can be understood.
    public var birth: CivilDate? {
        guard let bytes = files[.faceRecord] else { return nil }
        return try? FaceRecord(bytes, of: .faceRecord).birth
    }

    /// Files that can be evidence.
    public static let relevantFiles: [ObjectID] = [
        .ageRecord, .faceRecord, .faceCVCertificate, .numberImage, .individualNumber, .fourFacts, .textDigests,
        .textCVCertificate, .textPublicKey,
    ]

    func file<Record>(
        _ file: ObjectID,
        _ parse: ([UInt8], ObjectID) throws(CardError) -> Record
    ) throws(CardError) -> Record? {
        guard let bytes = files[file] else { return nil }
        return try parse(bytes, file)
    }
}

extension CardClient {
    /// Reads what of the card manager and the two text applications needs nothing verified.
    public mutating func gatherFreeEvidence(into evidence: inout CardEvidence) throws(CardError) {
        evidence.rootToIntermediate = try getData(0x00F8, isLong: true)
        evidence.intermediateToLower = try getData(0x7F21, isLong: true)
        evidence.files[.faceCVCertificate] = try readObject(.faceCVCertificate)
        evidence.files[.textCVCertificate] = try readObject(.textCVCertificate)
    }

    /// Reads what the input support gives after its PIN, number A or number B, and has its key answer a challenge.
    public mutating func gatherTextEvidence(into evidence: inout CardEvidence) throws(CardError) {
        evidence.files[.textDigests] = try readObject(.textDigests)
        evidence.files[.textPublicKey] = try readObject(.textPublicKey)
        evidence.files[.textCVCertificate] = try readObject(.textCVCertificate)
        evidence.files[.individualNumber] = try unlessForbidden { client throws(CardError) in
            try client.readBytes(.individualNumber, count: 17)
        }
        evidence.files[.fourFacts] = try unlessForbidden { client throws(CardError) in
            try client.readObject(.fourFacts)
        }
        evidence.textChallenge = try challenge(.textKey)
    }

    /// Reads what the card face gives after number A, number B or the birth date, and has its key answer a challenge.
    public mutating func gatherFaceEvidence(into evidence: inout CardEvidence) throws(CardError) {
        evidence.files[.faceCVCertificate] = try readObject(.faceCVCertificate)
        for file in [ObjectID.ageRecord, .faceRecord, .numberImage] {
            evidence.files[file] = try unlessForbidden { client throws(CardError) in try client.readObject(file) }
        }
        evidence.faceChallenge = try challenge(.faceKey)
    }

    private mutating func unlessForbidden(
        _ read: (inout Self) throws(CardError) -> [UInt8]
    ) throws(CardError) -> [UInt8]? {
        do throws(CardError) {
            return try read(&self)
        } catch .notPermitted {
            return nil
        }
    }
}
