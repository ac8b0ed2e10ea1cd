import TLV

/// A certificate small and plain enough for a card to check: two names, a key, a signature.
///
/// As read from cards, always 568 bytes: `7F21 82 0233` { `5F4E 82 0129` issuer, subject (sixteen bytes each) and key
/// object (265 bytes); `5F37 82 0100` signature }. The signature is sha256WithRSAEncryption over the 297 bytes inside
/// `5F4E`.
public struct CardVerifiableCertificate: Hashable, Sendable {
    public let issuer: CardKeyIdentifier
    public let subject: CardKeyIdentifier
    public let key: CardPublicKey
    public let signature: [UInt8]

    public static let length = 568

    public var modulus: [UInt8] { key.modulus }
    public var exponent: [UInt8] { key.exponent }

    /// Certifies `key` by `issuerKey`.
    init(
        issuer: CardKeyIdentifier,
        subject: CardKeyIdentifier,
        key: CardPublicKey,
        signedBy issuerKey: SigningKey
    ) throws(IssuanceError) {
        self.issuer = issuer
        self.subject = subject
        self.key = key
        signature = try issuerKey.signed(issuer.bytes + subject.bytes + key.encoded)
    }

    /// Reads a certificate; refuses anything that is not exactly of the layout above.
    public init(parsing bytes: [UInt8]) throws(IssuanceError) {
        do throws(TLVError) {
            var reader = TLVReader(bytes)
            let outer = try reader.next()
            let body = try outer.child(Tag.body)
            signature = try outer.child(Tag.signature)
            let twoNames = 2 * CardKeyIdentifier.length
            guard let issuer = CardKeyIdentifier(Array(body.prefix(CardKeyIdentifier.length))),
                let subject = CardKeyIdentifier(Array(body.prefix(twoNames).dropFirst(CardKeyIdentifier.length)))
            else { throw .truncated(at: 0) }
            let object = DataObject(Tag.body, Array(body.dropFirst(twoNames)))
            let modulus = try object.child(Tag.modulus)
            let exponent = try object.child(Tag.exponent)
            self.issuer = issuer
            self.subject = subject
            guard let key = try? CardPublicKey(modulus: modulus, exponent: exponent) else {
                throw .missing(tag: Tag.modulus)
            }
            self.key = key
        } catch {
            throw .malformedCertificate
        }
        // One layout only: whatever would be written differently is not a certificate of this kind.
        guard encoded == bytes, bytes.count == Self.length else { throw .malformedCertificate }
    }

    /// The 297 bytes under the signature.
    public var body: [UInt8] { issuer.bytes + subject.bytes + key.encoded }

    /// All 568 bytes.
    public var encoded: [UInt8] { TLVWriter.encoded(Tag.certificate, contents) }

    /// The certificate without its outer header, as GET DATA 00F8 gives it.
    public var contents: [UInt8] {
        TLVWriter.encoded(Tag.body, body) + TLVWriter.encoded(Tag.signature, signature)
    }

    /// Whether `issuerKey` made the signature; whose key that is, is the caller's knowledge.
    public func verify(with issuerKey: CardPublicKey) -> Bool { issuerKey.verifies(signature, over: body) }

    private enum Tag {
        static let certificate: UInt32 = 0x7F21
        static let body: UInt32 = 0x5F4E
        static let signature: UInt32 = 0x5F37
        static let exponent: UInt32 = 0x90
        static let modulus: UInt32 = 0x91
    }
}
