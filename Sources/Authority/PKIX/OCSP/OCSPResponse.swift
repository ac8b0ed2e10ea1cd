/// An answer about the status of certificates, read strictly (RFC 6960, 4.2.1).
///
/// Nothing of it is judged, its signature neither.
public enum OCSPResponse: Hashable, Sendable {
    /// There is no answer.
    case refused(OCSPRefusal)
    case answered(BasicOCSPResponse)

    /// The longest response that is read, in bytes.
    public static let sizeLimit = 256 * 1024

    /// Reads one response and nothing after it.
    public init(parsing der: [UInt8]) throws(PKIXFlaw) {
        guard der.count <= Self.sizeLimit else { throw .tooLarge }
        var reader = try DERReader.whole(der[...])
        let status = try reader.readEnumerated()
        guard status == 0 else {
            guard let refusal = OCSPRefusal(rawValue: status), reader.isAtEnd else { throw .structure }
            self = .refused(refusal)
            return
        }
        var tagged = try reader.enter(DERTag.contextConstructed(0))
        try reader.finish()
        var body = try tagged.enter(DERTag.sequence)
        try tagged.finish()
        guard try body.readObjectIdentifier().elementsEqual(ObjectIdentifier.ocspBasic) else { throw .structure }
        let basic = try body.read(DERTag.octetString)
        try body.finish()
        self = .answered(try BasicOCSPResponse(basic))
    }
}

/// The signed answer: BasicOCSPResponse.
///
/// All slices are of the bytes it was read from.
public struct BasicOCSPResponse: Hashable, Sendable {
    /// Who signed, as the response says.
    public enum Responder: Hashable, Sendable {
        /// The Name in DER.
        case name(ArraySlice<UInt8>)
        /// SHA-1 over the public key, without tag, length and unused bits.
        case keyHash(ArraySlice<UInt8>)
    }

    /// ResponseData, which the signature is over.
    public let toBeSigned: ArraySlice<UInt8>
    /// `nil` for algorithms that JPKI does not use.
    public let algorithm: AlgorithmIdentifier?
    public let signature: ArraySlice<UInt8>
    /// The certificates it brings, in DER; at most four are read.
    public let certificates: [ArraySlice<UInt8>]
    public let responder: Responder
    /// Seconds since 1970 UTC.
    public let producedAt: Int64
    /// At least one.
    public let answers: [OCSPAnswer]
    /// 1 to 128 octets.
    public let nonce: ArraySlice<UInt8>?
    public let extendedRevoke: Bool
    /// Whether it, or the answer about one certificate, has a critical extension that is not understood here.
    public let hasUnknownCritical: Bool

    private static let certificateLimit = 4

    init(_ der: ArraySlice<UInt8>) throws(PKIXFlaw) {
        var outer = try DERReader.whole(der)
        toBeSigned = try outer.readElement(DERTag.sequence)
        algorithm = AlgorithmIdentifier(encoded: try outer.readElement(DERTag.sequence))
        signature = try outer.readOctetsOfBits()
        var certificates: [ArraySlice<UInt8>] = []
        if var tagged = try outer.enterOptional(DERTag.contextConstructed(0)) {
            var list = try tagged.enter(DERTag.sequence)
            try tagged.finish()
            while !list.isAtEnd {
                guard certificates.count < Self.certificateLimit else { throw .tooMany }
                certificates.append(try list.readElement(DERTag.sequence))
            }
        }
        try outer.finish()
        self.certificates = certificates

        var data = try DERReader.whole(toBeSigned)
        responder = try Self.responder(&data)
        producedAt = try data.readGeneralizedTime()
        var isCritical = false
        var list = try data.enter(DERTag.sequence)
        var answers: [OCSPAnswer] = []
        while !list.isAtEnd {
            guard answers.count < OCSPRequest.certificateLimit else { throw .tooMany }
            answers.append(try OCSPAnswer(&list, isCritical: &isCritical))
        }
        guard !answers.isEmpty else { throw .structure }
        self.answers = answers
        var (nonce, extendedRevoke): (ArraySlice<UInt8>?, Bool) = (nil, false)
        if var tagged = try data.enterOptional(DERTag.contextConstructed(1)) {
            for one in try PKIXExtension.list(try tagged.enter(DERTag.sequence)) {
                if one.isNamed(ObjectIdentifier.ocspNonce) {
                    nonce = try OCSPRequest.nonce(one.value)
                } else if one.isNamed(ObjectIdentifier.ocspExtendedRevoke) {
                    guard one.value.elementsEqual([DERTag.null, 0]) else { throw .malformedExtension }
                    extendedRevoke = true
                } else if one.isCritical {
                    isCritical = true
                }
            }
            try tagged.finish()
        }
        try data.finish()
        self.nonce = nonce
        self.extendedRevoke = extendedRevoke
        hasUnknownCritical = isCritical
    }

    private static func responder(_ data: inout DERReader) throws(PKIXFlaw) -> Responder {
        if var tagged = try data.enterOptional(DERTag.contextConstructed(1)) {
            let name = try tagged.readElement(DERTag.sequence)
            try tagged.finish()
            return .name(name)
        }
        var tagged = try data.enter(DERTag.contextConstructed(2))
        let hash = try tagged.read(DERTag.octetString)
        try tagged.finish()
        guard hash.count == HashAlgorithm.sha1.size else { throw .structure }
        return .keyHash(hash)
    }
}
