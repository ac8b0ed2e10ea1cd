public import CardProfiles
import SmartCard

/// Names of the files a reader asks for; what they are stands in CardProfiles.
extension ObjectID {
    public static let signatureCertificate = ObjectID(.jpki, 0x0001)
    public static let signatureCACertificate = ObjectID(.jpki, 0x0002)
    public static let tokenInformation = ObjectID(.jpki, 0x0006)
    public static let certificateAvailability = ObjectID(.jpki, 0x0008)
    public static let authenticationCertificate = ObjectID(.jpki, 0x000A)
    public static let authenticationCACertificate = ObjectID(.jpki, 0x000B)
    public static let authenticationKey = ObjectID(.jpki, 0x0017)
    public static let signatureKey = ObjectID(.jpki, 0x001A)
    public static let ageRecord = ObjectID(.cardFace, 0x0001)
    public static let faceRecord = ObjectID(.cardFace, 0x0002)
    public static let faceBasics = ObjectID(.cardFace, 0x0003)
    public static let faceCVCertificate = ObjectID(.cardFace, 0x0004)
    public static let numberImage = ObjectID(.cardFace, 0x0005)
    public static let faceKey = ObjectID(.cardFace, 0x001A)
    public static let individualNumber = ObjectID(.inputSupport, 0x0001)
    public static let fourFacts = ObjectID(.inputSupport, 0x0002)
    public static let textDigests = ObjectID(.inputSupport, 0x0003)
    public static let textCVCertificate = ObjectID(.inputSupport, 0x0004)
    public static let textBasics = ObjectID(.inputSupport, 0x0005)
    public static let textPublicKey = ObjectID(.inputSupport, 0x0007)
    public static let textKey = ObjectID(.inputSupport, 0x0013)
    public static let cardNumbers = ObjectID(.common, 0x0001)
    public static let commonKeyIdentifier = ObjectID(.common, 0x0002)
    public static let residentRegisterCode = ObjectID(.residentRegister, 0x0001)
    public static let residentRegisterKeyIdentifier = ObjectID(.residentRegister, 0x0002)
}

// MARK: - What needs nothing verified

extension CardClient {
    /// Finds out what lies in the reader; anything without a JPKI application is ``CardError/notThisCard``.
    ///
    /// Not by the answer to reset, which differs from reader to reader.
    public mutating func recognize() throws(CardError) -> TokenInformation {
        do throws(CardError) {
            try select(.jpki)
        } catch .missing, .refused, .notPermitted {
            throw .notThisCard
        }
        let file = ObjectID.tokenInformation
        let information = try TokenInformation(try readBytes(file, count: 160), of: file)
        guard information.kind != .residentCard else { throw .notThisCard }
        return information
    }

    public mutating func readAvailability() throws(CardError) -> CertificateAvailability {
        let file = ObjectID.certificateAvailability
        return try CertificateAvailability(try readBytes(file, count: 3), of: file)
    }

    /// Serial, municipality and expiry.
    public mutating func readCardNumbers() throws(CardError) -> CardNumbers {
        try CardNumbers(try readRecord(.cardNumbers), of: .cardNumbers)
    }

    /// The key id that the common and the resident-register application hold alike.
    public mutating func readKeyIdentifier(_ file: ObjectID) throws(CardError) -> KeyIdentifier {
        guard let identifier = KeyIdentifier(try readRecord(file)) else { throw .malformed(file, .badStructure) }
        return identifier
    }

    public mutating func readFaceBasics() throws(CardError) -> ApplicationBasics {
        try ApplicationBasics(face: try readObject(.faceBasics), of: .faceBasics)
    }

    public mutating func readTextBasics() throws(CardError) -> ApplicationBasics {
        try ApplicationBasics(text: try readObject(.textBasics), of: .textBasics)
    }

    /// The DER of a certificate, without filler.
    ///
    /// The signature certificate needs the signature password, the others nothing (in an Android phone the
    /// authentication certificate its PIN).
    public mutating func readCertificate(_ file: ObjectID) throws(CardError) -> [UInt8] {
        let bytes = try readObject(file)
        guard bytes.first == 0x30 else { throw .malformed(file, .notADataObject) }
        return bytes
    }
}

// MARK: - What needs a secret

extension CardClient {
    /// 4情報: after the PIN or number B of the input support.
    public mutating func readFourFacts() throws(CardError) -> FourFacts {
        try FourFacts(try readObject(.fourFacts), of: .fourFacts)
    }

    /// 個人番号: after the PIN or number A of the input support.
    public mutating func readIndividualNumber() throws(CardError) -> IndividualNumber {
        try IndividualNumber(try readBytes(.individualNumber, count: 17), of: .individualNumber)
    }

    /// 券面情報 with all pictures: after number A or B of the card face.
    public mutating func readFace() throws(CardError) -> FaceRecord {
        try FaceRecord(try readObject(.faceRecord), of: .faceRecord)
    }

    /// The picture of My Number: after number A of the card face.
    public mutating func readNumberImage() throws(CardError) -> NumberImageRecord {
        try NumberImageRecord(try readObject(.numberImage), of: .numberImage)
    }

    /// Birth alone: after the birth date.
    public mutating func readAge() throws(CardError) -> AgeRecord {
        try AgeRecord(try readObject(.ageRecord), of: .ageRecord)
    }

    /// 住民票コード: after the PIN and a terminal's authentication (where it lies is docs/card/choices.md, U1).
    public mutating func readResidentRegisterCode() throws(CardError) -> String {
        let file = ObjectID.residentRegisterCode
        let digits = String(decoding: try readRecord(file), as: UTF8.self)
        guard CheckDigit.isResidentRegisterCode(digits) else { throw .malformed(file, .notANumber(0x01)) }
        return digits
    }
}
