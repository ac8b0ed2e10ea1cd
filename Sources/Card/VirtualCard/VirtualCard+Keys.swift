import CardCryptography
import CardProfiles
import Secrets
import SmartCard

extension VirtualCard {
    /// COMPUTE DIGITAL SIGNATURE.
    ///
    /// Signing does not use the verified state up: one VERIFY serves many signatures. A blank card signs without one, as
    /// it has no holder yet: that is how its maker proves that the card has the key.
    func computeSignature(_ key: KeyReference, _ form: SignatureForm, _ input: [UInt8]) throws(Refusal) -> [UInt8] {
        let (rule, privateKey) = try keyFile(try reference(key))
        if state.isClosed { try require(rule.sign) }
        guard let privateKey else { throw Refusal(.referencedDataNotFound) }
        let signature = try attempt { (library) throws(CryptographyFailure) in
            switch form {
            case .padded:
                try privateKey.privateOperation(PKCS1.padded(input))
            case .bareDigest:
                try privateKey.privateOperation(PKCS1.padded(try library.sha256(input)))
            case .digest:
                try privateKey.privateOperation(PKCS1.padded(PKCS1.sha256DigestInfo + input))
            case .message:
                try privateKey.privateOperation(PKCS1.padded(PKCS1.sha256DigestInfo + (try library.sha256(input))))
            case .pssDigest:
                try privateKey.signPSS(digest: input)
            case .pssMessage:
                try privateKey.signPSS(digest: try library.sha256(input))
            }
        }
        return ResponseAPDU(.success, data: signature).bytes
    }

    /// INTERNAL AUTHENTICATE: sha256WithRSA over the terminal's challenge.
    func internalAuthenticate(_ reference: FileReference, _ challenge: [UInt8]) throws(Refusal) -> [UInt8] {
        let (rule, key) = try keyFile(reference)
        switch rule.internalAuthenticate {
        case .refused(let status): throw Refusal(status)
        case .allowed: break
        }
        guard let key else { throw Refusal(.referencedDataNotFound) }
        let signature = try attempt { (library) throws(CryptographyFailure) in
            try key.privateOperation(PKCS1.padded(PKCS1.sha256DigestInfo + (try library.sha256(challenge))))
        }
        return ResponseAPDU(.success, data: signature).bytes
    }

    /// GET CHALLENGE.
    ///
    /// Sixteen bytes can be used for one EXTERNAL AUTHENTICATE; any other length is plain randomness.
    mutating func getChallenge(_ count: Int) throws(Refusal) -> [UInt8] {
        let bytes = try attempt { (library) throws(CryptographyFailure) in try library.randomBytes(count) }
        session.challenge = count == 16 ? bytes : nil
        return ResponseAPDU(.success, data: bytes).bytes
    }

    /// EXTERNAL AUTHENTICATE: HMAC-SHA-256 over the last challenge under this card's terminal key (docs/card/choices.md).
    mutating func externalAuthenticate(_ cryptogram: [UInt8]) throws(Refusal) -> [UInt8] {
        guard let challenge = session.challenge, !state.terminalKey.isEmpty else {
            throw Refusal(.conditionsNotSatisfied)
        }
        session.challenge = nil
        session.status.remove(.terminal)
        let expected = try attempt { (library) throws(CryptographyFailure) in
            try library.hmacSHA256(key: state.terminalKey, challenge)
        }
        guard equalInConstantTime(expected, cryptogram) else { throw Refusal(.mismatch) }
        session.status.insert(.terminal)
        return StatusWord.success.bytes
    }

    private func reference(_ key: KeyReference) throws(Refusal) -> FileReference {
        switch key {
        case .file(let reference): return reference
        case .applicationDefault:
            guard let file = application.defaultKey else { throw Refusal(.referencedDataNotFound) }
            return .short(UInt8(file.rawValue & 0x1F))
        }
    }

    private func keyFile(_ reference: FileReference) throws(Refusal) -> (KeyRule, Cryptography.Key?) {
        let file = try file(reference)
        switch (file.profile.kind, file.content) {
        case (.privateKey(let rule), .key(let key)): return (rule, key)
        case (.placeholder, _), (.reference, _), (.publicKey, _): throw Refusal(.conditionsNotSatisfied)
        default: throw Refusal(.incompatibleWithFileStructure)
        }
    }
}

/// EMSA-PKCS1-v1_5 around what the terminal gives (RFC 8017, 9.2): the card pads any DigestInfo.
enum PKCS1 {
    /// DER of DigestInfo up to the 32 bytes of a SHA-256 digest.
    static let sha256DigestInfo: [UInt8] = [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
        0x20,
    ]

    /// One block of 256 bytes; `content` is at most 245 long.
    static func padded(_ content: [UInt8]) -> [UInt8] {
        var block = [UInt8](repeating: 0xFF, count: 256)
        let separator = 256 - content.count - 1
        block[0] = 0x00
        block[1] = 0x01
        block[separator] = 0x00
        block.replaceSubrange((separator + 1)..., with: content)
        return block
    }
}

// MARK: - Terminal certificates

extension VirtualCard {
    /// First step of `80 A2`: the certificate's body, kept until its signature comes.
    mutating func presentTerminalCertificate(_ bytes: [UInt8]) throws(Refusal) -> [UInt8] {
        _ = try terminalCA()
        guard bytes.starts(with: [0x7F, 0x21, 0x82, 0x02, 0x33, 0x5F, 0x4E, 0x82, 0x01, 0x29]) else {
            throw Refusal(.wrongData)
        }
        session.terminalCertificate = Array(bytes.dropFirst(10))
        return StatusWord.success.bytes
    }

    /// Second step: the signature; if it is the terminal CA's, the authentication key needs no PIN in this session.
    mutating func presentTerminalSignature(_ bytes: [UInt8]) throws(Refusal) -> [UInt8] {
        let modulus = try terminalCA()
        guard let body = session.terminalCertificate else { throw Refusal(.conditionsNotSatisfied) }
        session.terminalCertificate = nil
        guard bytes.starts(with: [0x5F, 0x37, 0x82, 0x01, 0x00]) else { throw Refusal(.wrongData) }
        guard cryptography.isValidSignature(Array(bytes.dropFirst(5)), of: body, modulus: modulus) else {
            throw Refusal(.securityStatusNotSatisfied)
        }
        session.status.insert(.terminalCertificate)
        return StatusWord.success.bytes
    }

    private func terminalCA() throws(Refusal) -> [UInt8] {
        guard case .publicKey(let modulus) = try file(.current).content else { throw Refusal(.conditionsNotSatisfied) }
        guard !modulus.isEmpty else { throw Refusal(.referencedDataNotFound) }
        return modulus
    }
}
