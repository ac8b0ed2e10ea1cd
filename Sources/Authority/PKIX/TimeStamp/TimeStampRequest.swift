/// A request to a time-stamping authority, read strictly (RFC 3161, 2.4.1).
///
/// All slices are of the bytes it was read from.
public struct TimeStampRequest: Hashable, Sendable {
    /// MessageImprint whole: a time stamp gives it back as it came.
    public let imprint: ArraySlice<UInt8>
    /// `nil` for hashes unknown here; SHA-1 is known and hardly to be accepted.
    public let algorithm: HashAlgorithm?
    /// The hash that is to be stamped, as long as those of its algorithm are.
    public let hash: ArraySlice<UInt8>
    /// The content octets of the policy's object identifier; `nil` when any will do.
    public let policy: ArraySlice<UInt8>?
    /// The content of the INTEGER, at most 64 octets.
    public let nonce: ArraySlice<UInt8>?
    /// Whether the stamp shall bring the certificate of who makes it.
    public let wantsCertificate: Bool
    public let extensions: [PKIXExtension]

    /// The longest request that is read, in bytes.
    public static let sizeLimit = 16 * 1024

    public init(parsing der: [UInt8]) throws(PKIXFlaw) {
        guard der.count <= Self.sizeLimit else { throw .tooLarge }
        var reader = try DERReader.whole(der[...])
        guard try reader.readNumber() == 1 else { throw .structure }
        imprint = try reader.readElement(DERTag.sequence)
        var inner = try DERReader.whole(imprint)
        algorithm = try HashAlgorithm.read(try inner.enter(DERTag.sequence))
        hash = try inner.read(DERTag.octetString)
        try inner.finish()
        let size = algorithm?.size ?? hash.count
        guard (1...64).contains(hash.count), size == hash.count else { throw .structure }
        policy = reader.nextTag == DERTag.objectIdentifier ? try reader.readObjectIdentifier() : nil
        nonce = reader.nextTag == DERTag.integer ? try reader.readInteger() : nil
        if let nonce, nonce.count > 64 { throw .nonce }
        wantsCertificate = try reader.readFlag()
        extensions = try reader.enterOptional(DERTag.contextConstructed(0)).map(PKIXExtension.list) ?? []
        try reader.finish()
    }
}

/// Why a time-stamping authority refuses (RFC 3161, 2.4.2: PKIFailureInfo); the raw value is the number of the bit.
public enum TimeStampRefusal: Int, Error, Hashable, Sendable, CaseIterable {
    case badAlg = 0
    case badRequest = 2
    case badDataFormat = 5
    case timeNotAvailable = 14
    case unacceptedPolicy = 15
    case unacceptedExtension = 16
    case addInfoNotAvailable = 17
    case systemFailure = 25

    /// The whole TimeStampResp in DER: rejection, this failure, and no token.
    public var encoded: [UInt8] {
        var bits = [UInt8](repeating: 0, count: rawValue / 8 + 1)
        bits[rawValue / 8] = 0x80 >> (rawValue % 8)
        var writer = DERWriter()
        writer.sequence { response in
            response.sequence { status in
                status.integer(2)
                // A BIT STRING of named bits ends with its last one (X.690, 11.2.2).
                status.append(DERTag.bitString, [UInt8(7 - rawValue % 8)] + bits)
            }
        }
        return writer.bytes
    }
}
