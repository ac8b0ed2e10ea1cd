/// A question about the status of certificates, read strictly (RFC 6960, 4.1.1; RFC 9654).
///
/// Who asks and whether they signed is read over: requests are answered alike for all.
public struct OCSPRequest: Hashable, Sendable {
    /// From 1 to ``certificateLimit``, in the order of the request.
    public let certificates: [CertID]
    /// 1 to 128 octets.
    public let nonce: ArraySlice<UInt8>?
    /// Whether it, or the question about one certificate, has a critical extension that is not understood here.
    public let hasUnknownCritical: Bool
    /// The extensions of the request besides the nonce.
    public let extensions: [PKIXExtension]

    /// The longest request that is read, in bytes.
    public static let sizeLimit = 64 * 1024
    /// As many certificates may be asked about at once.
    public static let certificateLimit = 32

    public init(parsing der: [UInt8]) throws(PKIXFlaw) {
        guard der.count <= Self.sizeLimit else { throw .tooLarge }
        var outer = try DERReader.whole(der[...])
        var request = try outer.enter(DERTag.sequence)
        // A signature is optional, and nobody's signature changes an answer.
        if let signed = try outer.enterOptional(DERTag.contextConstructed(0)) {
            _ = try DERReader.whole(signed.rest)
        }
        try outer.finish()
        // Version 1 is the default and DER does not write it; there is no other.
        if let name = try request.enterOptional(DERTag.contextConstructed(1)) {
            var name = name
            _ = try name.readElement()
            try name.finish()
        }
        var isCritical = false
        certificates = try Self.list(try request.enter(DERTag.sequence), isCritical: &isCritical)
        var others: [PKIXExtension] = []
        var nonce: ArraySlice<UInt8>?
        if var tagged = try request.enterOptional(DERTag.contextConstructed(2)) {
            for one in try PKIXExtension.list(try tagged.enter(DERTag.sequence)) {
                if one.isNamed(ObjectIdentifier.ocspNonce) {
                    nonce = try Self.nonce(one.value)
                } else {
                    others.append(one)
                    let isUnderstood =
                        one.isNamed(ObjectIdentifier.ocspResponseTypes)
                        || one.isNamed(ObjectIdentifier.ocspPreferredAlgorithms)
                    if one.isCritical, !isUnderstood { isCritical = true }
                }
            }
            try tagged.finish()
        }
        try request.finish()
        self.nonce = nonce
        extensions = others
        hasUnknownCritical = isCritical
    }

    private static func list(_ list: DERReader, isCritical: inout Bool) throws(PKIXFlaw) -> [CertID] {
        var list = list
        var certificates: [CertID] = []
        while !list.isAtEnd {
            guard certificates.count < certificateLimit else { throw .tooMany }
            var one = try list.enter(DERTag.sequence)
            certificates.append(try CertID(&one))
            if var tagged = try one.enterOptional(DERTag.contextConstructed(0)) {
                let extensions = try PKIXExtension.list(try tagged.enter(DERTag.sequence))
                if extensions.contains(where: \.isCritical) { isCritical = true }
                try tagged.finish()
            }
            try one.finish()
        }
        guard !certificates.isEmpty else { throw .structure }
        return certificates
    }

    /// Reads Nonce: an OCTET STRING of 1 to 128 octets (RFC 9654, 2.1).
    static func nonce(_ value: ArraySlice<UInt8>) throws(PKIXFlaw) -> ArraySlice<UInt8> {
        var reader = DERReader(value)
        guard let nonce = try? reader.read(DERTag.octetString), reader.isAtEnd, (1...128).contains(nonce.count) else {
            throw .nonce
        }
        return nonce
    }

    /// A request in DER, as a client sends it.
    ///
    /// Throws ``PKIXFlaw/nonce`` for one of another length than 1 to 128, ``PKIXFlaw/tooMany`` or
    /// ``PKIXFlaw/structure`` for too many certificates or none.
    public static func encode(_ certificates: [CertID], nonce: [UInt8]?) throws(PKIXFlaw) -> [UInt8] {
        guard !certificates.isEmpty else { throw .structure }
        guard certificates.count <= certificateLimit else { throw .tooMany }
        if let nonce, !(1...128).contains(nonce.count) { throw .nonce }
        var writer = DERWriter(capacity: 256)
        writer.sequence { outer in
            outer.sequence { request in
                request.sequence { list in
                    for one in certificates { list.sequence { $0.append(one.encoded) } }
                }
                if let nonce {
                    request.element(DERTag.contextConstructed(2)) { tagged in
                        tagged.sequence { $0.ocspNonce(nonce) }
                    }
                }
            }
        }
        return writer.bytes
    }
}

extension DERWriter {
    mutating func ocspNonce(_ nonce: some Collection<UInt8>) {
        pkixExtension(ObjectIdentifier.ocspNonce) { $0.octetString(nonce) }
    }
}
