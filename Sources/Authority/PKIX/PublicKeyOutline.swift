/// The public key of a certificate or a request, of the two kinds that JPKI uses, in the one form that DER has for each
/// (RFC 5280, 4.1.2.7).
public enum PublicKeyOutline: Hashable, Sendable {
    /// rsaEncryption with parameters NULL (RFC 3279, 2.3.1): both numbers without leading zeros.
    case rsa(modulus: ArraySlice<UInt8>, exponent: ArraySlice<UInt8>)
    /// id-ecPublicKey on secp384r1 (RFC 5480, 2): an uncompressed point, 97 octets that begin with 04.
    case p384(ArraySlice<UInt8>)

    /// Reads SubjectPublicKeyInfo; whether the numbers make a key is not looked at.
    ///
    /// Throws ``PKIXFlaw/structure`` for keys of other kinds or written otherwise, ``PKIXFlaw/notDER``.
    public init(subjectPublicKeyInfo info: ArraySlice<UInt8>) throws(PKIXFlaw) {
        var reader = try DERReader.whole(info)
        let algorithm = try reader.readElement(DERTag.sequence)
        let key = try reader.readOctetsOfBits()
        try reader.finish()
        if algorithm.elementsEqual(Self.rsaEncryption) {
            var numbers = try DERReader.whole(key)
            self = .rsa(modulus: try Self.positive(&numbers), exponent: try Self.positive(&numbers))
            try numbers.finish()
        } else if algorithm.elementsEqual(Self.secp384r1) {
            guard key.count == 97, key.first == 0x04 else { throw .structure }
            self = .p384(key)
        } else {
            throw .structure
        }
    }

    private static func positive(_ reader: inout DERReader) throws(PKIXFlaw) -> ArraySlice<UInt8> {
        let octets = try reader.readInteger()
        guard let first = octets.first, first < 0x80 else { throw .structure }
        return octets.drop { $0 == 0 }
    }

    /// AlgorithmIdentifier of 1.2.840.113549.1.1.1 with NULL.
    private static let rsaEncryption: [UInt8] = [
        0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
    ]
    /// AlgorithmIdentifier of 1.2.840.10045.2.1 with 1.3.132.0.34.
    private static let secp384r1: [UInt8] = [
        0x30, 0x10, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22,
    ]
}
