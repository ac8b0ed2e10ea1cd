import CardProfiles
import SmartCard
import TLV

/// A public RSA key as the card writes it: `90 03 010001 91 820100 <256>` (myna-card, jsapdu, pymyna).
public struct PublicKeyObject: Hashable, Sendable {
    /// Big-endian, 256 bytes on every card seen.
    public let modulus: [UInt8]
    public let exponent: [UInt8]

    public init(modulus: [UInt8], exponent: [UInt8] = [0x01, 0x00, 0x01]) {
        self.modulus = modulus
        self.exponent = exponent
    }

    /// Reads the two objects of a key.
    init(_ bytes: [UInt8], of file: ObjectID) throws(CardError) {
        var reader = TLVReader(bytes)
        do throws(TLVError) {
            let exponent = try reader.next()
            let modulus = try reader.next()
            guard exponent.tag == 0x90, modulus.tag == 0x91, reader.isAtEnd else {
                throw TLVError.missing(tag: 0x91)
            }
            self.init(modulus: modulus.value, exponent: exponent.value)
        } catch {
            throw .malformed(file, .badStructure)
        }
        guard (128...512).contains(modulus.count), (1...4).contains(exponent.count) else {
            throw .malformed(file, .wrongLength(0x91))
        }
    }

    /// Reads a key out of a record that holds nothing else.
    init(in record: [UInt8], tag: UInt32, of file: ObjectID) throws(CardError) {
        let objects = try RecordObjects(record, tag: tag, of: file)
        try self.init(try objects.raw(0x90, 0x91), of: file)
    }
}

/// The name of a key of the card hierarchy: `5000033/001`, written in 16 bytes (myna-card).
public struct KeyIdentifier: Hashable, Sendable, CustomStringConvertible {
    public let bytes: [UInt8]

    /// Takes any 16 bytes: what they mean is the issuer's business.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// The seven digits of the number; `nil` where they are none.
    public var number: String? {
        let digits = bytes.prefix(7)
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return String(decoding: digits, as: UTF8.self)
    }

    public var description: String {
        let group = bytes[9..<12]
        guard let number, group.allSatisfy({ (0x30...0x39).contains($0) }) else { return Hex(bytes).description }
        return number + "/" + String(decoding: group, as: UTF8.self)
    }

    /// Whose numbers these are: the first digit tells.
    public var family: KeyFamily {
        switch bytes[0] {
        case 0x35: .production
        case 0x36: .test
        case 0x38: .simulated
        default: .other
        }
    }
}

/// Whose key numbers begin with what.
public enum KeyFamily: Hashable, Sendable {
    /// 5: cards of residents.
    case production
    /// 6: test cards of J-LIS.
    case test
    /// 8: this project's simulation, and nothing real.
    case simulated
    case other
}

/// A card-verifiable certificate (docs/card/card-manager.md, 3.6): 568 bytes.
public struct CVCertificate: Hashable, Sendable {
    public let issuer: KeyIdentifier
    public let subject: KeyIdentifier
    public let key: PublicKeyObject
    /// What the signature covers: the value of 5F4E.
    public let signedBytes: [UInt8]
    public let signature: [UInt8]

    /// Reads `7F21 { 5F4E, 5F37 }`, or the inside of it alone, as GET DATA 00F8 gives it.
    init(_ bytes: [UInt8], of file: ObjectID) throws(CardError) {
        let isWhole = bytes.starts(with: [0x7F, 0x21])
        let whole = isWhole ? bytes : TLVWriter.encoded(0x7F21, bytes)
        let objects = try RecordObjects(whole, tag: 0x7F21, of: file)
        signedBytes = try objects.value(0x5F4E)
        signature = try objects.value(0x5F37)
        guard signedBytes.count > 32, let issuer = KeyIdentifier(Array(signedBytes[0..<16])),
            let subject = KeyIdentifier(Array(signedBytes[16..<32]))
        else { throw .malformed(file, .wrongLength(0x5F4E)) }
        self.issuer = issuer
        self.subject = subject
        key = try PublicKeyObject(Array(signedBytes[32...]), of: file)
    }
}
