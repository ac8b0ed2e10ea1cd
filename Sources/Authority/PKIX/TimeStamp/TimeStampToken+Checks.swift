/// Why a token is no answer to a request (RFC 3161, 2.2).
public enum TimeStampMismatch: Error, Hashable, Sendable, CaseIterable {
    /// Another hash was stamped, or one of another algorithm.
    case imprint
    /// The nonce is missing or another: the token may be an old one.
    case nonce
    /// It was stamped under another policy than the one that was asked for.
    case policy
    /// No certificate came though one was asked for.
    case noCertificate
}

extension TimeStampToken {
    /// Checks that this is the answer to a request; whether the signature is right is not looked at.
    public func check(answers request: TimeStampRequest) throws(TimeStampMismatch) {
        let isSame =
            request.algorithm == nil
            ? info.imprint == request.imprint
            : info.algorithm == request.algorithm && info.hash == request.hash
        guard isSame else { throw .imprint }
        guard info.nonce == request.nonce else { throw .nonce }
        if let policy = request.policy, info.policy != policy { throw .policy }
        guard !request.wantsCertificate || !certificates.isEmpty else { throw .noCertificate }
    }

    /// Whether the signed digest is that of the TSTInfo; `hash` gives what an algorithm makes of bytes.
    ///
    /// Always `false` for algorithms unknown here.
    public func isIntact(_ hash: (HashAlgorithm, ArraySlice<UInt8>) -> [UInt8]) -> Bool {
        guard let digestAlgorithm else { return false }
        return hash(digestAlgorithm, content).elementsEqual(attributes.digest)
    }

    /// Whether the signature says that this certificate is its signer's: by issuer and number, and by the signed hash,
    /// without which anybody could put another certificate of the same key in its place.
    ///
    /// Tokens that name their signer by key identifier are bound by the hash alone.
    public func isSigned(
        with certificate: [UInt8],
        _ hash: (HashAlgorithm, ArraySlice<UInt8>) -> [UInt8]
    ) -> Bool {
        guard let algorithm = attributes.certificateHashAlgorithm,
            hash(algorithm, certificate[...]).elementsEqual(attributes.certificateHash)
        else { return false }
        guard case .issued(let issuer, let serial) = signer else { return true }
        guard let outline = try? CertificateOutline(parsing: certificate) else { return false }
        return outline.issuer == issuer && outline.serial == serial
    }

    /// The signer's certificate in DER, if the token brings it.
    public func signerCertificate(_ hash: (HashAlgorithm, ArraySlice<UInt8>) -> [UInt8]) -> [UInt8]? {
        certificates.lazy.map(Array.init).first { isSigned(with: $0, hash) }
    }
}
