/// What a time stamp's signature is over: the digest of the TSTInfo, and whose certificate the signer's is (RFC 3161,
/// 2.4.2; RFC 5652, 11; RFC 5816).
public struct TimeStampAttributes: Hashable, Sendable {
    /// All of them in DER, as the SET that is signed.
    public let encoded: [UInt8]
    /// The hash of the TSTInfo.
    public let digest: ArraySlice<UInt8>
    /// The hash of the signer's certificate, whole; `nil` for the algorithm where it is unknown here.
    public let certificateHash: ArraySlice<UInt8>
    public let certificateHashAlgorithm: HashAlgorithm?
    /// Issuer's names and serial number of that certificate, in DER, where they are said.
    public let issuerSerial: ArraySlice<UInt8>?

    private static let limit = 32

    /// Reads the content of the signed attributes: in the order that DER gives a set, none twice, each with one value.
    init(_ content: ArraySlice<UInt8>) throws(PKIXFlaw) {
        var writer = DERWriter(capacity: content.count + 8)
        writer.append(DERTag.set, content)
        encoded = writer.bytes
        var reader = DERReader(content)
        var values: [[UInt8]: ArraySlice<UInt8>] = [:]
        var last: ArraySlice<UInt8>?
        while !reader.isAtEnd {
            let one = try reader.readElement(DERTag.sequence)
            if let last, !last.lexicographicallyPrecedes(one) { throw .notDER }
            last = one
            guard values.count < Self.limit else { throw .tooMany }
            var attribute = try DERReader.whole(one)
            let identifier = Array(try attribute.readObjectIdentifier())
            var set = try attribute.enter(DERTag.set)
            try attribute.finish()
            guard values.updateValue(try set.readElement(), forKey: identifier) == nil else {
                throw .duplicateExtension
            }
            try set.finish()
        }
        guard let type = values[ObjectIdentifier.contentType], let digest = values[ObjectIdentifier.messageDigest]
        else {
            throw .structure
        }
        var reading = DERReader(type)
        guard try reading.readObjectIdentifier().elementsEqual(ObjectIdentifier.timeStampInfo) else { throw .structure }
        reading = DERReader(digest)
        self.digest = try reading.read(DERTag.octetString)
        if let value = values[ObjectIdentifier.signingCertificate] {
            (certificateHashAlgorithm, certificateHash, issuerSerial) = try Self.certificate(value, isFirstForm: false)
        } else if let value = values[ObjectIdentifier.signingCertificateSHA1] {
            (certificateHashAlgorithm, certificateHash, issuerSerial) = try Self.certificate(value, isFirstForm: true)
        } else {
            throw .structure
        }
    }

    /// The first of the certificates that SigningCertificate or SigningCertificateV2 names: the signer's.
    private static func certificate(
        _ value: ArraySlice<UInt8>,
        isFirstForm: Bool
    ) throws(PKIXFlaw) -> (HashAlgorithm?, ArraySlice<UInt8>, ArraySlice<UInt8>?) {
        var signing = try DERReader.whole(value)
        var list = try signing.enter(DERTag.sequence)
        var one = try list.enter(DERTag.sequence)
        var algorithm: HashAlgorithm? = isFirstForm ? .sha1 : .sha256
        if !isFirstForm, let named = try one.enterOptional(DERTag.sequence) {
            algorithm = try HashAlgorithm.read(named)
        }
        let hash = try one.read(DERTag.octetString)
        guard algorithm.map({ $0.size == hash.count }) ?? true else { throw .structure }
        let issuerSerial = one.nextTag == DERTag.sequence ? try one.readElement() : nil
        try one.finish()
        return (algorithm, hash, issuerSerial)
    }
}
