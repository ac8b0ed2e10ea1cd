/// What a responder is to say, before it is signed (ResponseData of RFC 6960, 4.2.1).
public struct OCSPResponseDraft: Hashable, Sendable {
    /// SHA-1 over the responder's public key, without tag, length and unused bits: responderID byKey.
    public var responderKeyHash: [UInt8]
    /// Seconds since 1970 UTC.
    public var producedAt: Int64
    public var answers: [OCSPAnswer]
    /// The nonce of the request, given back.
    public var nonce: ArraySlice<UInt8>?
    /// Says that certificates never issued may be answered as revoked (RFC 6960, 4.4.8).
    public var extendedRevoke: Bool

    public init(
        responderKeyHash: [UInt8],
        producedAt: Int64,
        answers: [OCSPAnswer],
        nonce: ArraySlice<UInt8>? = nil,
        extendedRevoke: Bool = false
    ) {
        self.responderKeyHash = responderKeyHash
        self.producedAt = producedAt
        self.answers = answers
        self.nonce = nonce
        self.extendedRevoke = extendedRevoke
    }

    /// ResponseData in DER: what the responder signs.
    ///
    /// Throws ``PKIXFlaw/time`` for times outside the years 1 to 9999.
    public func toBeSigned() throws(PKIXFlaw) -> [UInt8] {
        var writer = DERWriter(capacity: 256 + 160 * answers.count)
        try writer.sequence { (data: inout DERWriter) throws(PKIXFlaw) in
            data.element(DERTag.contextConstructed(2)) { $0.octetString(responderKeyHash) }
            try data.generalizedTime(producedAt)
            try data.sequence { (list: inout DERWriter) throws(PKIXFlaw) in
                for answer in answers { try answer.write(to: &list) }
            }
            guard nonce != nil || extendedRevoke else { return }
            data.element(DERTag.contextConstructed(1)) { tagged in
                tagged.sequence { list in
                    if let nonce { list.ocspNonce(nonce) }
                    if extendedRevoke {
                        list.pkixExtension(ObjectIdentifier.ocspExtendedRevoke) { $0.append(DERTag.null, []) }
                    }
                }
            }
        }
        return writer.bytes
    }

    /// The whole OCSPResponse in DER: `toBeSigned` with its signature, and the certificates that explain the signer.
    public static func assemble(
        toBeSigned: [UInt8],
        algorithm: AlgorithmIdentifier,
        signature: [UInt8],
        certificates: [[UInt8]]
    ) -> [UInt8] {
        let size = toBeSigned.count + signature.count + certificates.reduce(0) { $0 + $1.count }
        var writer = DERWriter(capacity: size + 128)
        writer.sequence { response in
            response.enumerated(0)
            response.element(DERTag.contextConstructed(0)) { tagged in
                tagged.sequence { body in
                    body.objectIdentifier(ObjectIdentifier.ocspBasic)
                    body.element(DERTag.octetString) { octets in
                        octets.sequence { basic in
                            basic.append(toBeSigned)
                            basic.append(algorithm.encoded)
                            basic.bitString(signature)
                            guard !certificates.isEmpty else { return }
                            basic.element(DERTag.contextConstructed(0)) { tagged in
                                tagged.sequence { list in
                                    for one in certificates { list.append(one) }
                                }
                            }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }
}
