import CardProfiles
public import CivilCalendar
import SmartCard
import TLV

/// Sends commands to the card that is being made.
///
/// One channel for everything: what secures it is the channel's business, and no other way leads into a card.
public protocol PersonalizationChannel {
    mutating func transmit(_ command: [UInt8]) throws -> [UInt8]
}

/// What the authority gives to a card: certificates for keys the card made, signatures over records, its own certificates.
public protocol PersonalizationAuthority {
    /// Issues a certificate for a key that the card made: `request` is a CertificationRequest (RFC 2986) signed by that
    /// key, whose subject is `identifier`.
    mutating func certificate(_ use: CardKeyUse, request: [UInt8], identifier: String, _ order: CardOrder) throws
        -> [UInt8]
    var signatureCACertificate: [UInt8] { get throws }
    var authenticationCACertificate: [UInt8] { get throws }
    /// CV certificates of the municipality's record-signing keys, 568 bytes each.
    var faceCertificate: [UInt8] { get throws }
    var textCertificate: [UInt8] { get throws }
    /// CV certificates of the card-manager level.
    var rootToIntermediate: [UInt8] { get throws }
    var intermediateToLower: [UInt8] { get throws }
    var intermediateKeyID: [UInt8] { get }
    var terminalCAModulus: [UInt8] { get throws }
    func signFaceRecord(_ bytes: [UInt8]) throws -> [UInt8]
    func signFaceDigests(_ threeDigests: [UInt8]) throws -> [UInt8]
    func signTextRecord(_ bytes: [UInt8]) throws -> [UInt8]
    /// 256 bytes only the issuer can read.
    func encryptForIssuer(_ bytes: [UInt8]) throws -> [UInt8]
    func terminalKey(serial: String) throws -> [UInt8]
    func sha256(_ bytes: [UInt8]) throws -> [UInt8]
}

/// The two keys of a card that certificates are about.
public enum CardKeyUse: String, Hashable, Sendable, CaseIterable {
    /// 署名用.
    case sign
    /// 利用者証明用.
    case auth
}

/// The pictures printed on a card, in the formats the chip holds them in.
public struct FaceImages: Sendable {
    public var name: [UInt8]
    public var address: [UInt8]
    public var number: [UInt8]
    public var securityCode: [UInt8]
    /// JPEG 2000; empty where the card has no photo.
    public var photo: [UInt8]

    public init(name: [UInt8], address: [UInt8], number: [UInt8], securityCode: [UInt8], photo: [UInt8]) {
        self.name = name
        self.address = address
        self.number = number
        self.securityCode = securityCode
        self.photo = photo
    }
}

/// One card to be made.
public struct CardOrder: Sendable {
    public let persona: Persona
    /// 15 digits.
    public let serial: String
    public let issued: CivilDate
    /// The instant of issue, seconds since 1970 UTC.
    public let issuedAt: Int64
    public let birth: CivilDate
    public let cardExpiry: CivilDate
    public let certificateEnd: CivilDate

    public init(
        persona: Persona,
        serial: String,
        issued: CivilDate,
        issuedAt: Int64,
        birth: CivilDate,
        cardExpiry: CivilDate,
        certificateEnd: CivilDate
    ) {
        self.persona = persona
        self.serial = serial
        self.issued = issued
        self.issuedAt = issuedAt
        self.birth = birth
        self.cardExpiry = cardExpiry
        self.certificateEnd = certificateEnd
    }

    /// 照合番号B: birth with its era year, year of expiry, security code.
    public var verificationNumberB: String {
        birth.eraCompact + cardExpiry.compact.prefix(4) + persona.card.securityCode
    }
}

/// The card refused a step of its making.
public struct PersonalizationError: Error, Hashable, Sendable {
    public let step: String
    public let status: String
}

/// Makes a card out of a blank one: keys inside it, everything else through STORE DATA, then CLOSE.
public struct Personalizer<Channel: PersonalizationChannel, Authority: PersonalizationAuthority> {
    private var channel: Channel
    public private(set) var authority: Authority
    private let order: CardOrder

    public init(_ order: CardOrder, channel: Channel, authority: Authority) {
        self.order = order
        self.channel = channel
        self.authority = authority
    }

    /// Makes the whole card; `report` is told the name of each part as it begins.
    ///
    /// Gives the channel back.
    public mutating func run(images: FaceImages?, report: (Part) -> Void) throws -> Channel {
        if order.persona.kind == .plastic {
            report(.cardManager)
            try makeCardManager()
        }
        report(.jpki)
        try makeJPKI()
        if order.persona.kind == .plastic, let images {
            report(.common)
            try makeCommon()
            report(.cardFace)
            try makeCardFace(images)
            report(.inputSupport)
            try makeInputSupport()
            report(.residentRegister)
            try makeResidentRegister()
        }
        report(.closing)
        try send("CLOSE", CommandAPDU(cla: 0x80, ins: 0xF0, p1: 0x80, p2: 0x0F))
        try spendTries()
        return channel
    }

    /// The parts of making a card, for a progress line.
    public enum Part: String, Sendable {
        case cardManager, jpki, common, cardFace, inputSupport, residentRegister, closing
    }
}

// MARK: - Applications

extension Personalizer {
    private var holder: Persona.Holder { order.persona.holder }
    private var secrets: Persona.Secrets { order.persona.secrets }

    private mutating func makeCardManager() throws {
        try storeObject(0x0042, CardRecords.keyID("8000020", level: 0xA8))
        try storeObject(0x0045, Array("JPKI-SIM\(order.serial)".utf8))
        try storeObject(0x0066, CardRecords.cardRecognition)
        try storeObject(0x00F0, Array(holder.municipalityCode.utf8))
        try storeObject(0x00F2, Array(order.cardExpiry.compact.utf8))
        try storeObject(0x00F7, authority.intermediateKeyID)
        // The object holds the certificate without its outer tag and length, five bytes.
        try storeObject(0x00F8, Array(try authority.rootToIntermediate.dropFirst(5)))
        try storeObject(0x7F21, try authority.intermediateToLower)
        try storeObject(0x5F51, Array(AnswerToReset.contact.bytes.dropFirst()))
        try send(
            "terminal key",
            CommandAPDU(
                cla: 0x80,
                ins: 0xE2,
                p1: 0x02,
                data: try authority.terminalKey(serial: order.serial)
            )
        )
    }

    private mutating func makeJPKI() throws {
        let certificates = order.persona.certificates
        try enter(.jpki)
        try store(0x0006, CardRecords.tokenInformation(label: tokenLabel, serial: "0" + order.serial))
        try store(0x0008, [certificates.sign ? 0x8F : 0x00, certificates.auth ? 0x8F : 0x00, 0x00])
        try store(0x0002, try authority.signatureCACertificate)
        try store(0x000B, try authority.authenticationCACertificate)
        if certificates.auth {
            let certificate = try certifiedKey(.auth, 0x0017)
            try store(0x000A, certificate)
        }
        if certificates.sign {
            let certificate = try certifiedKey(.sign, 0x001A)
            try store(0x0001, certificate)
        }
        try storeSecret(0x0018, secrets.auth)
        try storeSecret(0x001B, secrets.sign)
        if order.persona.kind == .plastic { try store(0x0016, try authority.terminalCAModulus) }
    }

    private mutating func makeCommon() throws {
        try enter(.common)
        let numbers = order.serial + holder.municipalityCode + order.cardExpiry.compact
        try store(0x0001, CardRecords.record(0x01, Array(numbers.utf8)))
        try store(0x0002, CardRecords.record(0x01, CardRecords.keyID("8000022")))
        _ = try generateKey(0x0019)
    }

    private mutating func makeCardFace(_ images: FaceImages) throws {
        try enter(.cardFace)
        let modulus = try generateKey(0x001A)
        let birth = order.birth.compact
        let face = CardRecords.Face(
            birth: birth,
            gender: holder.gender,
            modulus: modulus,
            name: images.name,
            address: images.address,
            photo: images.photo,
            expiry: order.cardExpiry.compact,
            securityCode: images.securityCode
        )
        let references = order.birth.eraCompact + order.verificationNumberB + holder.individualNumber
        try store(0x0001, try CardRecords.age(birth: birth, modulus: modulus, sign: authority.signFaceRecord))
        try store(0x0002, try CardRecords.face(face, digest: authority.sha256, sign: authority.signFaceDigests))
        try store(
            0x0003,
            CardRecords.faceBasics(
                municipalityCode: holder.municipalityCode,
                issuerCipher: try authority.encryptForIssuer(Array(references.utf8))
            )
        )
        try store(0x0004, try authority.faceCertificate)
        try store(
            0x0005,
            try CardRecords.numberImage(images.number, modulus: modulus, sign: authority.signFaceRecord)
        )
        try store(0x0006, [UInt8](repeating: 0xFF, count: 16))
        try storeSecret(0x0011, order.birth.eraCompact)
        try storeSecret(0x0012, order.verificationNumberB)
        try storeSecret(0x0013, holder.individualNumber)
    }

    private mutating func makeInputSupport() throws {
        try enter(.inputSupport)
        let number = CardRecords.individualNumber(holder.individualNumber)
        let facts = CardRecords.facts(
            name: holder.name,
            address: holder.address,
            birth: order.birth.compact,
            gender: holder.gender
        )
        let modulus = try generateKey(0x0013)
        let sessionModulus = try generateKey(0x0106)
        let certificate = try authority.textCertificate
        try store(0x0001, number)
        try store(0x0002, CardRecords.attributes(facts))
        try store(
            0x0003,
            try CardRecords.textSignature(
                numberDigest: try authority.sha256(number),
                factsDigest: try authority.sha256(facts.flatMap { $0 }),
                sign: authority.signTextRecord
            )
        )
        try store(0x0004, certificate)
        try store(0x0005, CardRecords.textBasics(digest: try authority.sha256(certificate)))
        try store(0x0006, CardRecords.sessionPublicKey(sessionModulus))
        try store(0x0007, try CardRecords.signedPublicKey(modulus, sign: authority.signTextRecord))
        try store(0x0008, [UInt8](repeating: 0xFF, count: 16))
        try storeSecret(0x0011, secrets.input)
        try storeSecret(0x0014, holder.individualNumber)
        try storeSecret(0x0015, order.verificationNumberB)
    }

    private mutating func makeResidentRegister() throws {
        try enter(.residentRegister)
        try store(0x0001, CardRecords.record(0x01, Array(holder.residentRegisterCode.utf8)))
        try store(0x0002, CardRecords.record(0x01, CardRecords.keyID("8000022")))
        try storeSecret(0x001C, secrets.register)
    }

    private var tokenLabel: String {
        switch order.persona.kind {
        case .plastic: "JPKIAPICCTOKEN2"
        case .android: "JPKIAPGPSETOKEN"
        case .iphone: "JPKIAPIOSTOKEN"
        }
    }

    /// Makes wrong tries on the finished card, as its holder would: that is how a persona comes to be locked.
    private mutating func spendTries() throws {
        let places: [(secret: String, place: Place, file: FileID, wrong: String)] = [
            ("sign", .jpki, 0x001B, "WRONGPASSWORD"), ("auth", .jpki, 0x0018, "wrong"),
            ("input", .inputSupport, 0x0011, "wrong"), ("register", .residentRegister, 0x001C, "wrong"),
        ]
        for (secret, place, file, wrong) in places {
            guard let count = order.persona.spend?[secret], count > 0 else { continue }
            try enter(place)
            try select(file)
            for _ in 0..<count {
                _ = try channel.transmit(CommandAPDU(ins: 0x20, p2: 0x80, data: Array(wrong.utf8)).bytes)
            }
        }
    }
}

// MARK: - Commands

extension Personalizer {
    private mutating func enter(_ place: Place) throws {
        guard let application = CardProfile.of(order.persona.kind).application(place) else { return }
        try send("SELECT", CommandAPDU(ins: 0xA4, p1: 0x04, p2: 0x0C, data: application.aid.bytes))
    }

    private mutating func select(_ file: FileID) throws {
        try send("SELECT \(file)", CommandAPDU(ins: 0xA4, p1: 0x02, p2: 0x0C, data: file.bytes))
    }

    private mutating func store(_ file: FileID, _ content: [UInt8]) throws {
        try select(file)
        try send("STORE DATA \(file)", CommandAPDU(cla: 0x80, ins: 0xE2, p2: 0x80, data: content))
    }

    private mutating func storeSecret(_ file: FileID, _ value: String?) throws {
        guard let value else { return }
        try store(file, Array(value.utf8))
    }

    private mutating func storeObject(_ tag: UInt16, _ value: [UInt8]) throws {
        let data = [UInt8(tag >> 8), UInt8(tag & 0xFF)] + value
        try send("STORE DATA object", CommandAPDU(cla: 0x80, ins: 0xE2, p1: 0x01, data: data))
    }

    private mutating func generateKey(_ file: FileID) throws -> [UInt8] {
        try select(file)
        let answer = try send(
            "GENERATE KEY PAIR \(file)",
            CommandAPDU(ins: 0x47, p2: 0x80, le: 65_536, extended: true)
        )
        var reader = TLVReader(answer)
        return try reader.next().child(0x81)
    }

    /// Lets the card make a key, and sign the request for a certificate about it.
    private mutating func certifiedKey(_ use: CardKeyUse, _ file: FileID) throws -> [UInt8] {
        let identifier = "\(order.serial)-\(use.rawValue)"
        let request = CertificationRequest(identifier: identifier, modulus: try generateKey(file))
        let signature = try send(
            "COMPUTE DIGITAL SIGNATURE \(file)",
            CommandAPDU(
                cla: 0x80,
                ins: 0x2A,
                p1: 0x03,
                p2: 0x80,
                data: request.information,
                le: 65_536,
                extended: true
            )
        )
        return try authority.certificate(use, request: request.signed(signature), identifier: identifier, order)
    }

    @discardableResult
    private mutating func send(_ step: String, _ command: CommandAPDU) throws -> [UInt8] {
        guard let response = ResponseAPDU(parsing: try channel.transmit(command.bytes)) else {
            throw PersonalizationError(step: step, status: "none")
        }
        guard response.status == .success else {
            throw PersonalizationError(step: step, status: response.status.description)
        }
        return response.data
    }
}
