/// A request to a time-stamping authority, read strictly (RFC 3161, 2.4.1).
///
/// All slices are of the bytes it was read from.
public struct TimeStampRequest: Hashable, Sendable {
    /// 1 is the only one that there is; of others nobody knows whether the rest was read rightly.
    public let version: UInt64
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
        version = try reader.readNumber()
        imprint = try reader.readElement(DERTag.sequence)
        (algorithm, hash) = try Self.parts(ofImprint: imprint)
        policy = reader.nextTag == DERTag.objectIdentifier ? try reader.readObjectIdentifier() : nil
        nonce = reader.nextTag == DERTag.integer ? try reader.readInteger() : nil
        if let nonce, nonce.count > 64 { throw .nonce }
        wantsCertificate = try reader.readFlag()
        extensions = try reader.enterOptional(DERTag.contextConstructed(0)).map(PKIXExtension.list) ?? []
        try reader.finish()
    }

    /// The hash of a MessageImprint and its algorithm, whose length it has to have.
    static func parts(
        ofImprint imprint: ArraySlice<UInt8>
    ) throws(PKIXFlaw) -> (algorithm: HashAlgorithm?, hash: ArraySlice<UInt8>) {
        var inner = try DERReader.whole(imprint)
        let algorithm = try HashAlgorithm.read(try inner.enter(DERTag.sequence))
        let hash = try inner.read(DERTag.octetString)
        try inner.finish()
        let size = algorithm?.size ?? hash.count
        guard (1...64).contains(hash.count), size == hash.count else { throw .structure }
        return (algorithm, hash)
    }
}
