/// The certificate that is asked about (RFC 6960, 4.1.1).
///
/// All slices are of the bytes it was read from.
public struct CertID: Hashable, Sendable {
    /// The whole element, which an answer gives back as it came.
    public let encoded: ArraySlice<UInt8>
    /// `nil` when neither SHA-1 nor SHA-256, nor another hash known here.
    public let algorithm: HashAlgorithm?
    /// Hash of the issuer's Name in DER.
    public let issuerNameHash: ArraySlice<UInt8>
    /// Hash of the issuer's public key, without tag, length and unused bits.
    public let issuerKeyHash: ArraySlice<UInt8>
    /// The content of the INTEGER: two's complement in the fewest octets.
    public let serial: ArraySlice<UInt8>

    /// The serial number; `nil` when it is negative or does not fit 64 bits.
    public var serialNumber: UInt64? { DERReader.number(serial) }

    /// Reads the next element; throws ``PKIXFlaw/structure`` when a hash is not as long as those of its algorithm are.
    init(_ outer: inout DERReader) throws(PKIXFlaw) {
        encoded = try outer.readElement(DERTag.sequence)
        var reader = try DERReader.whole(encoded)
        algorithm = try HashAlgorithm.read(try reader.enter(DERTag.sequence))
        issuerNameHash = try reader.read(DERTag.octetString)
        issuerKeyHash = try reader.read(DERTag.octetString)
        serial = try reader.readInteger()
        try reader.finish()
        guard serial.count <= 21 else { throw .structure }
        if let algorithm, issuerNameHash.count != algorithm.size || issuerKeyHash.count != algorithm.size {
            throw .structure
        }
    }

    /// Makes the identifier of a certificate; the serial number is given big-endian.
    ///
    /// Throws ``PKIXFlaw/structure`` when a hash is not as long as those of the algorithm are.
    public init(
        _ algorithm: HashAlgorithm,
        issuerNameHash: [UInt8],
        issuerKeyHash: [UInt8],
        serial: [UInt8]
    ) throws(PKIXFlaw) {
        var writer = DERWriter()
        writer.sequence { inner in
            inner.append(algorithm.encoded)
            inner.octetString(issuerNameHash)
            inner.octetString(issuerKeyHash)
            inner.integer(unsigned: serial)
        }
        var reader = DERReader(writer.bytes)
        try self.init(&reader)
    }
}
