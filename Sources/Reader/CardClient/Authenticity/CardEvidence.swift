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

    /// What the files say, where they were read.
    public func fourFacts() throws(CardError) -> FourFacts? { try file(.fourFacts, FourFacts.init) }
    public func individualNumber() throws(CardError) -> IndividualNumber? {
        try file(.individualNumber, IndividualNumber.init)
    }
    public func face() throws(CardError) -> FaceRecord? { try file(.faceRecord, FaceRecord.init) }
    public func numberImage() throws(CardError) -> NumberImageRecord? {
        try file(.numberImage, NumberImageRecord.init)
    }

    func file<Record>(
        _ file: ObjectID,
        _ parse: ([UInt8], ObjectID) throws(CardError) -> Record
    ) throws(CardError) -> Record? {
        guard let bytes = files[file] else { return nil }
        return try parse(bytes, file)
    }
}

// Each of these leaves out what is among the evidence already: on a card, every block costs a person time.
extension CardClient {
    /// Reads what the card manager has.
    public mutating func gatherManagerEvidence(into evidence: inout CardEvidence) throws(CardError) {
        evidence.rootToIntermediate = try getData(0x00F8, isLong: true)
        evidence.intermediateToLower = try getData(0x7F21, isLong: true)
    }

    /// Reads what of the card manager and the two text applications needs nothing verified.
    public mutating func gatherFreeEvidence(into evidence: inout CardEvidence) throws(CardError) {
        try gatherManagerEvidence(into: &evidence)
        try gather(.faceCVCertificate, into: &evidence)
        try gather(.textCVCertificate, into: &evidence)
    }

    /// Reads what the input support gives after its PIN, number A or number B, and has its key answer a challenge.
    public mutating func gatherTextEvidence(into evidence: inout CardEvidence) throws(CardError) {
        for file in [ObjectID.textDigests, .textPublicKey, .textCVCertificate] { try gather(file, into: &evidence) }
        if evidence.files[.individualNumber] == nil {
            evidence.files[.individualNumber] = try unlessForbidden { client throws(CardError) in
                try client.readBytes(.individualNumber, count: 17)
            }
        }
        try gatherUnlessForbidden(.fourFacts, into: &evidence)
        evidence.textChallenge = try challenge(.textKey)
    }

    /// Reads what the card face gives after number A, number B or the birth date, and has its key answer a challenge.
    public mutating func gatherFaceEvidence(into evidence: inout CardEvidence) throws(CardError) {
        try gather(.faceCVCertificate, into: &evidence)
        for file in [ObjectID.ageRecord, .faceRecord, .numberImage] {
            try gatherUnlessForbidden(file, into: &evidence)
        }
        evidence.faceChallenge = try challenge(.faceKey)
    }

    private mutating func gather(_ file: ObjectID, into evidence: inout CardEvidence) throws(CardError) {
        if evidence.files[file] == nil { evidence.files[file] = try readObject(file) }
    }

    private mutating func gatherUnlessForbidden(
        _ file: ObjectID,
        into evidence: inout CardEvidence
    ) throws(CardError) {
        guard evidence.files[file] == nil else { return }
        evidence.files[file] = try unlessForbidden { client throws(CardError) in try client.readObject(file) }
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
