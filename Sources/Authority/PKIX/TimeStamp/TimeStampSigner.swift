/// Who makes time stamps: a certificate for nothing else, and what its key and the hash of its algorithm do.
public struct TimeStampSigner: Sendable {
    public let certificate: CertificateOutline
    public let algorithm: AlgorithmIdentifier
    /// SHA-256 or SHA-384, whichever the algorithm signs.
    private let hash: @Sendable ([UInt8]) -> [UInt8]

    /// `hash` is SHA-256 for RSA and SHA-384 for P-384.
    public init(
        certificate: CertificateOutline,
        algorithm: AlgorithmIdentifier,
        hash: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) {
        self.certificate = certificate
        self.algorithm = algorithm
        self.hash = hash
    }

    private var digest: HashAlgorithm {
        switch algorithm {
        case .sha256WithRSAEncryption: .sha256
        case .ecdsaWithSHA384: .sha384
        }
    }

    /// The whole TimeStampResp in DER: granted, with the token.
    ///
    /// `sign` makes the signature over the bytes it is given, the signed attributes. Throws what it throws, or
    /// ``PKIXFlaw/time``.
    public func granted(
        _ draft: TimeStampDraft,
        withCertificate: Bool,
        sign: ([UInt8]) throws -> [UInt8]
    ) throws -> [UInt8] {
        let info = try draft.info()
        let attributes = attributes(of: info)
        var signed = DERWriter()
        signed.append(DERTag.set, attributes)
        let signature = try sign(signed.bytes)
        var writer = DERWriter(capacity: 1024 + certificate.encoded.count)
        writer.sequence { response in
            response.sequence { $0.integer(0) }
            response.sequence { token in
                token.objectIdentifier(ObjectIdentifier.signedData)
                token.element(DERTag.contextConstructed(0)) { tagged in
                    tagged.sequence { data in
                        // Version 3, since what is signed is not plain data (RFC 5652, 5.1).
                        data.integer(3)
                        data.element(DERTag.set) { $0.append(digest.encoded) }
                        data.sequence { content in
                            content.objectIdentifier(ObjectIdentifier.timeStampInfo)
                            content.element(DERTag.contextConstructed(0)) { $0.octetString(info) }
                        }
                        if withCertificate { data.append(DERTag.contextConstructed(0), certificate.encoded) }
                        data.element(DERTag.set) { signerInfo(attributes, signature, &$0) }
                    }
                }
            }
        }
        return writer.bytes
    }

    private func signerInfo(_ attributes: [UInt8], _ signature: [UInt8], _ set: inout DERWriter) {
        set.sequence { signer in
            signer.integer(1)
            signer.sequence { identifier in
                identifier.append(certificate.issuer)
                identifier.append(DERTag.integer, certificate.serial)
            }
            signer.append(digest.encoded)
            signer.append(DERTag.contextConstructed(0), attributes)
            signer.append(algorithm.encoded)
            signer.octetString(signature)
        }
    }

    /// The signed attributes, in the order that DER gives a set: content type, digest, and whose certificate it is
    /// (RFC 5652, 5.3; RFC 5816).
    private func attributes(of info: [UInt8]) -> [UInt8] {
        let contentType = Self.attribute(ObjectIdentifier.contentType) {
            $0.objectIdentifier(ObjectIdentifier.timeStampInfo)
        }
        let messageDigest = Self.attribute(ObjectIdentifier.messageDigest) { $0.octetString(hash(info)) }
        let signingCertificate = Self.attribute(ObjectIdentifier.signingCertificate) { value in
            value.sequence { signing in
                signing.sequence { list in
                    list.sequence { identifier in
                        // SHA-256 is the default, and not written.
                        if digest != .sha256 { identifier.append(digest.encoded) }
                        identifier.octetString(hash(certificate.encoded))
                    }
                }
            }
        }
        return [contentType, messageDigest, signingCertificate]
            .sorted { $0.lexicographicallyPrecedes($1) }
            .flatMap(\.self)
    }

    private static func attribute(_ identifier: [UInt8], _ value: (inout DERWriter) -> Void) -> [UInt8] {
        var writer = DERWriter()
        writer.sequence { attribute in
            attribute.objectIdentifier(identifier)
            attribute.element(DERTag.set, value)
        }
        return writer.bytes
    }
}
