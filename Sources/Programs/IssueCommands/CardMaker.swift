import CardArtwork
import CardKeys
import CardProfiles
import CardStorage
import CertificateProfiles
import CivilCalendar
import FacePicture
import Issuance
import Personalization
import SmartCard
import VirtualCard

/// Makes one card for one persona: dates, pictures, keys in the card, certificates, and the file in one piece at the end.
struct CardMaker {
    let persona: Persona
    /// Seconds since 1970 UTC.
    let now: Int64

    struct Result {
        let header: CardHeader
        let changes: [Change]
    }

    /// Makes the card in memory.
    ///
    /// What comes out has never been anywhere else, and is complete. `number` is the card's own, never used before.
    func make<Certificates: CertificateSource>(
        _ certificates: inout Certificates,
        cards: CVAuthority,
        number: UInt64,
        atr: [UInt8],
        protection: CardHeader.Protection,
        salt: [UInt8],
        report: (Personalizer<CardInMemory, CardAuthority<Certificates>>.Part) -> Void
    ) throws -> Result {
        let order = try order(serial: Self.serial(number))
        let images = persona.kind == .plastic ? try images(order) : nil
        let blank = VirtualCard(
            CardState<OpenSSLCryptography>(blank: persona.kind),
            cryptography: OpenSSLCryptography()
        )
        var personalizer = Personalizer(
            order,
            channel: CardInMemory(blank),
            authority: CardAuthority(certificates: certificates, cards: cards)
        )
        let finished = try personalizer.run(images: images, report: report)
        certificates = personalizer.authority.certificates
        return Result(
            header: header(finished.card.state, order, atr, protection, salt),
            changes: try finished.card.state.changes()
        )
    }

    /// Makes the card with the test authority of this machine, whose next card it is.
    func make(
        _ authority: inout OfflineAuthority,
        atr: [UInt8],
        protection: CardHeader.Protection,
        salt: [UInt8],
        report: (Personalizer<CardInMemory, CardAuthority<TestAuthority>>.Part) -> Void
    ) throws -> Result {
        let number = authority.nextCardSerial
        authority.nextCardSerial += 1
        return try make(
            &authority.certificates,
            cards: authority.cards,
            number: number,
            atr: atr,
            protection: protection,
            salt: salt,
            report: report
        )
    }

    /// What the key of a new card file is made with.
    static func randomSalt() throws -> [UInt8] {
        guard let salt = try? OpenSSLCryptography().randomBytes(16) else { throw CardFileError.library("RAND_bytes") }
        return salt
    }

    /// Fifteen digits that begin with 8, as nothing real does here.
    static func serial(_ number: UInt64) -> String {
        let text = String(number)
        return "8" + String(repeating: "0", count: max(0, 14 - text.utf8.count)) + text
    }

    private func order(serial: String) throws -> CardOrder {
        let today = CivilDate(japaneseDayAt: now)
        let issued = try persona.issued(today: today)
        let birth = try persona.birth(issued: issued)
        guard birth <= issued else { throw PersonaError.unreadable(persona: persona.name, field: "holder.birth") }
        let expiry = CardValidity.end(
            issued: issued,
            birth: birth,
            endOfStay: try persona.endOfStay(issued: issued)
        )
        guard expiry >= issued else { throw PersonaError.unreadable(persona: persona.name, field: "card.endOfStay") }
        // A persona with a day of issue was issued at nine in the morning in Japan, midnight UTC.
        let issuedAt = issued == today ? now : Int64(issued.daysSince1970) * 86_400
        return CardOrder(
            persona: persona,
            serial: serial,
            issued: issued,
            issuedAt: issuedAt,
            birth: birth,
            cardExpiry: expiry,
            certificateEnd: CertificateValidity.end(
                issued: issued,
                birth: birth,
                cardExpiry: expiry,
                renewing: nil
            )
        )
    }

    private func images(_ order: CardOrder) throws -> FaceImages {
        FaceImages(
            name: try CardArtwork.text(persona.holder.name),
            address: try CardArtwork.text(persona.holder.address),
            number: try CardArtwork.digits(persona.holder.individualNumber, width: 72, height: 12),
            securityCode: try CardArtwork.digits(persona.card.securityCode, width: 24, height: 12),
            photo: try photo()
        )
    }

    /// Most bytes of the photo: what leaves room in the face record's file.
    private static let largestPhoto = 12_000

    private func photo() throws -> [UInt8] {
        guard let portrait = persona.portrait else { return [] }
        let standard = PortraitFeatures()
        let features = PortraitFeatures(
            faceWidth: portrait.faceWidth ?? standard.faceWidth,
            hair: try named(portrait.hair, "portrait.hair") ?? standard.hair,
            hairShade: portrait.hairShade ?? standard.hairShade,
            skinShade: portrait.skinShade ?? standard.skinShade,
            glasses: portrait.glasses ?? standard.glasses,
            beard: portrait.beard ?? standard.beard,
            age: try named(portrait.age, "portrait.age") ?? standard.age,
            seed: portrait.seed ?? standard.seed
        )
        let picture = try CardArtwork.portrait(features)
        return try FacePicture.encodeJP2(
            width: picture.width,
            height: picture.height,
            grey: picture.pixels,
            maximumBytes: Self.largestPhoto
        )
    }

    /// A word of the persona file as one of the words there are; `nil` when it is left out.
    private func named<Word: RawRepresentable>(_ text: String?, _ field: String) throws -> Word?
    where Word.RawValue == String {
        guard let text else { return nil }
        guard let word = Word(rawValue: text) else {
            throw PersonaError.unreadable(persona: persona.name, field: field)
        }
        return word
    }

    private func header(
        _ state: CardState<OpenSSLCryptography>,
        _ order: CardOrder,
        _ atr: [UInt8],
        _ protection: CardHeader.Protection,
        _ salt: [UInt8]
    ) -> CardHeader {
        let free: [(String, FileID)] = [("auth", 0x000A), ("sign-ca", 0x0002), ("auth-ca", 0x000B)]
        return CardHeader(
            kind: persona.kind,
            persona: persona.name,
            serial: order.serial,
            expiry: order.cardExpiry.compact,
            atr: atr,
            madeAt: now,
            certificates: free.compactMap { name, file in
                guard let der = state.freeContent(ObjectID(.jpki, file)), !der.isEmpty else { return nil }
                return CardHeader.NamedCertificate(name: name, der: der)
            },
            protection: protection,
            salt: salt
        )
    }
}
