import CardProfiles
public import CivilCalendar

/// 券面情報: what the card-face application holds of the printed face (EF 0002, FF20).
public struct FaceRecord: Hashable, Sendable {
    public let birth: CivilDate
    public let gender: Gender
    /// Answers challenges: its private half never leaves the card.
    public let key: PublicKeyObject
    /// PNG, one bit a pixel.
    public let nameImage: [UInt8]
    public let addressImage: [UInt8]
    /// JPEG 2000 in JP2; empty on a card without a portrait.
    public let photo: [UInt8]
    public let expiry: CivilDate
    /// PNG of the four digits printed on the front.
    public let securityCodeImage: [UInt8]
    /// The three groups of objects whose digests are signed.
    public let signedGroups: [[UInt8]]
    public let signature: [UInt8]

    init(_ record: [UInt8], of file: ObjectID) throws(CardError) {
        let objects = try RecordObjects(record, tag: 0xFF20, of: file)
        birth = try objects.date(0xDF22)
        gender = try objects.gender(0xDF23)
        key = try PublicKeyObject(try objects.value(0xDF24), of: file)
        nameImage = try objects.value(0xDF25)
        addressImage = try objects.value(0xDF26)
        photo = try objects.value(0xDF27)
        expiry = try objects.date(0xDF29)
        securityCodeImage = try objects.value(0xDF2A)
        signedGroups = [
            try objects.raw(0xDF22, 0xDF23, 0xDF24), try objects.raw(0xDF25, 0xDF26), try objects.raw(0xDF27),
        ]
        signature = try objects.value(0xDF28)
    }
}

/// 生年月日レコード (EF 0001, FF10): birth and the card's key, nothing else.
public struct AgeRecord: Hashable, Sendable {
    public let birth: CivilDate
    public let key: PublicKeyObject
    public let signedBytes: [UInt8]
    public let signature: [UInt8]

    init(_ record: [UInt8], of file: ObjectID) throws(CardError) {
        let objects = try RecordObjects(record, tag: 0xFF10, of: file)
        birth = try objects.date(0xDF11)
        key = try PublicKeyObject(try objects.value(0xDF12), of: file)
        signedBytes = try objects.raw(0xDF11, 0xDF12)
        signature = try objects.value(0xDF13)
    }
}

/// 個人番号画像 (EF 0005, FF40): the picture of the number on the back.
public struct NumberImageRecord: Hashable, Sendable {
    /// PNG, one bit a pixel.
    public let image: [UInt8]
    public let key: PublicKeyObject
    public let signedBytes: [UInt8]
    public let signature: [UInt8]

    init(_ record: [UInt8], of file: ObjectID) throws(CardError) {
        let objects = try RecordObjects(record, tag: 0xFF40, of: file)
        image = try objects.value(0xDF41)
        key = try PublicKeyObject(try objects.value(0xDF42), of: file)
        signedBytes = try objects.raw(0xDF41, 0xDF42)
        signature = try objects.value(0xDF43)
    }
}
