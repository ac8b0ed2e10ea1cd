/// A time stamp with its signature: SignedData over a TSTInfo by one signer (RFC 3161, 2.4.2; RFC 5652, 5), read strictly.
///
/// All slices are of the bytes it was read from.
public struct TimeStampToken: Hashable, Sendable {
    /// How the token names the certificate of who signed.
    public enum Signer: Hashable, Sendable {
        /// The issuer's Name in DER, and the content of the serial number's INTEGER.
        case issued(by: ArraySlice<UInt8>, serial: ArraySlice<UInt8>)
        case keyIdentifier(ArraySlice<UInt8>)
    }

    /// ContentInfo whole: what is kept of a time stamp.
    public let encoded: ArraySlice<UInt8>
    /// TSTInfo in DER: what ``TimeStampAttributes/digest`` is over.
    public let content: ArraySlice<UInt8>
    public let info: TimeStampInfo
    /// The certificates it brings, in DER; attribute certificates are passed over.
    public let certificates: [ArraySlice<UInt8>]
    public let signer: Signer
    /// The hash of the signature and of the digest among the attributes; `nil` for hashes unknown here.
    public let digestAlgorithm: HashAlgorithm?
    public let attributes: TimeStampAttributes
    /// `nil` for algorithms that JPKI does not use, and where it does not go with ``digestAlgorithm``.
    public let algorithm: AlgorithmIdentifier?
    public let signature: ArraySlice<UInt8>

    /// As many certificates are read.
    static let certificateLimit = 16

    /// The signature is over the signed attributes, as a SET (RFC 5652, 5.4).
    public var toBeSigned: [UInt8] { attributes.encoded }

    /// Reads one token and nothing after it.
    public init(_ der: ArraySlice<UInt8>) throws(PKIXFlaw) {
        guard der.count <= TimeStampResponse.sizeLimit else { throw .tooLarge }
        encoded = der
        var outer = try DERReader.whole(der)
        guard try outer.readObjectIdentifier().elementsEqual(ObjectIdentifier.signedData) else { throw .structure }
        var tagged = try outer.enter(DERTag.contextConstructed(0))
        try outer.finish()
        var data = try tagged.enter(DERTag.sequence)
        try tagged.finish()
        // Version 3, since what is signed is not plain data; 4 and 5 with certificates and lists of other kinds.
        guard (3...5).contains(try data.readNumber()) else { throw .structure }
        _ = try data.read(DERTag.set)
        content = try Self.content(try data.enter(DERTag.sequence))
        info = try TimeStampInfo(content)
        certificates = try data.enterOptional(DERTag.contextConstructed(0)).map(Self.certificates) ?? []
        _ = try data.readOptional(DERTag.contextConstructed(1))
        var signers = try data.enter(DERTag.set)
        try data.finish()

        // The authority's signature and no other (RFC 3161, 2.4.2).
        var one = try signers.enter(DERTag.sequence)
        try signers.finish()
        let version = try one.readNumber()
        signer = try Self.signer(&one, version)
        digestAlgorithm = try HashAlgorithm.read(try one.enter(DERTag.sequence))
        attributes = try TimeStampAttributes(try one.read(DERTag.contextConstructed(0)))
        algorithm = Self.algorithm(try one.readElement(DERTag.sequence), digestAlgorithm)
        signature = try one.read(DERTag.octetString)
        // Whatever others added afterwards is not signed, and not looked at.
        _ = try one.readOptional(DERTag.contextConstructed(1))
        try one.finish()
    }

    private static func content(_ reader: DERReader) throws(PKIXFlaw) -> ArraySlice<UInt8> {
        var reader = reader
        guard try reader.readObjectIdentifier().elementsEqual(ObjectIdentifier.timeStampInfo) else { throw .structure }
        var tagged = try reader.enter(DERTag.contextConstructed(0))
        try reader.finish()
        let content = try tagged.read(DERTag.octetString)
        try tagged.finish()
        return content
    }

    private static func certificates(_ reader: DERReader) throws(PKIXFlaw) -> [ArraySlice<UInt8>] {
        var reader = reader
        var (certificates, count) = ([ArraySlice<UInt8>](), 0)
        while let tag = reader.nextTag {
            let one = try reader.readElement()
            count += 1
            guard count <= certificateLimit else { throw .tooMany }
            if tag == DERTag.sequence { certificates.append(one) }
        }
        return certificates
    }

    private static func signer(_ one: inout DERReader, _ version: UInt64) throws(PKIXFlaw) -> Signer {
        if let identifier = try one.readOptional(DERTag.context(0)) {
            guard version == 3 else { throw .structure }
            return .keyIdentifier(identifier)
        }
        guard version == 1 else { throw .structure }
        var issued = try one.enter(DERTag.sequence)
        let issuer = try issued.readElement(DERTag.sequence)
        let serial = try issued.readInteger()
        try issued.finish()
        return .issued(by: issuer, serial: serial)
    }

    private static func algorithm(_ encoded: ArraySlice<UInt8>, _ digest: HashAlgorithm?) -> AlgorithmIdentifier? {
        var reader = DERReader(encoded)
        var inner = try? reader.enter(DERTag.sequence)
        let isPlainRSA = (try? inner?.readObjectIdentifier())?.elementsEqual(ObjectIdentifier.rsaEncryption) ?? false
        let algorithm = isPlainRSA ? .sha256WithRSAEncryption : AlgorithmIdentifier(encoded: encoded)
        switch (algorithm, digest) {
        case (.sha256WithRSAEncryption, .sha256), (.ecdsaWithSHA384, .sha384): return algorithm
        default: return nil
        }
    }
}
