import Crypto
import FoundationEssentials

/// Everything on the card's own side of trust: the authorities of card-verifiable certificates, the municipality's keys
/// that sign a card's records, a terminal, and what an issuer keeps to open a card again.
///
/// Printing a value of this type shows nothing of its keys.
public struct CVAuthority: Sendable, CustomStringConvertible, CustomReflectable {
    let keys: PerRole<SigningKey>
    /// Certificate of the municipality's key that signs the records of the card-face application.
    public let faceCertificate: CardVerifiableCertificate
    /// Certificate of the municipality's key that signs the records of the input-support application.
    public let textCertificate: CardVerifiableCertificate
    public let rootToIntermediate: CardVerifiableCertificate
    /// Certificate of the card manager's key.
    public let intermediateToLower: CardVerifiableCertificate
    /// What a terminal shows to use the authentication key without a PIN.
    public let terminalCertificate: CardVerifiableCertificate
    /// 32 bytes from which the keys between terminals and cards come: a secret.
    public let terminalMaster: [UInt8]

    /// Makes all key pairs; takes a few seconds.
    public init() throws(IssuanceError) {
        var random = SystemRandomNumberGenerator()
        try self.init(
            keys: PerRole { _ throws(IssuanceError) in try SigningKey.generate() },
            terminalMaster: (0..<Self.masterLength).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        )
    }

    /// Certificates are made anew each time: the signature scheme gives the same bytes for the same keys.
    init(keys: PerRole<SigningKey>, terminalMaster: [UInt8]) throws(IssuanceError) {
        guard terminalMaster.count == Self.masterLength else { throw .malformedAuthority }
        self.keys = keys
        self.terminalMaster = terminalMaster
        faceCertificate = try Self.certificate(of: .faceMunicipality, by: .faceAuthority, keys)
        textCertificate = try Self.certificate(of: .textMunicipality, by: .textAuthority, keys)
        rootToIntermediate = try Self.certificate(of: .intermediate, by: .root, keys)
        intermediateToLower = try Self.certificate(of: .cardManager, by: .intermediate, keys)
        terminalCertificate = try Self.certificate(of: .terminal, by: .terminalAuthority, keys)
    }

    static let masterLength = 32

    private static func certificate(
        of subject: CVRole,
        by issuer: CVRole,
        _ keys: PerRole<SigningKey>
    ) throws(IssuanceError) -> CardVerifiableCertificate {
        try CardVerifiableCertificate(
            issuer: issuer.keyIdentifier,
            subject: subject.keyIdentifier,
            key: keys[subject].publicKey,
            signedBy: keys[issuer]
        )
    }

    public var description: String { "CVAuthority(keys withheld)" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}

// MARK: - Public halves

extension CVAuthority {
    public var rootKey: CardPublicKey { keys[.root].publicKey }
    public var faceAuthorityKey: CardPublicKey { keys[.faceAuthority].publicKey }
    public var textAuthorityKey: CardPublicKey { keys[.textAuthority].publicKey }
    public var terminalAuthorityKey: CardPublicKey { keys[.terminalAuthority].publicKey }

    /// What a card keeps to check terminals by.
    public var terminalCAModulus: [UInt8] { terminalAuthorityKey.modulus }
}

// MARK: - Signing a card's records

extension CVAuthority {
    /// Signs data objects of the card-face application, sha256WithRSAEncryption.
    public func signFace(_ message: [UInt8]) throws(IssuanceError) -> [UInt8] {
        try keys[.faceMunicipality].signed(message)
    }

    /// Signs data objects of the input-support application, sha256WithRSAEncryption.
    public func signText(_ message: [UInt8]) throws(IssuanceError) -> [UInt8] {
        try keys[.textMunicipality].signed(message)
    }

    /// Signs the face record: three SHA-256 digests, one after the other, in a DigestInfo that says SHA-256.
    ///
    /// The DigestInfo is not a proper one, its digest being 96 bytes long; cards in the field have it so.
    public func signFaceDigests(_ ninetySixBytes: [UInt8]) throws(IssuanceError) -> [UInt8] {
        guard ninetySixBytes.count == 96 else { throw .notThreeDigests }
        return try keys[.faceMunicipality].signature(aroundDigestInfo: Self.threeDigestsHeader + ninetySixBytes)
    }

    private static let threeDigestsHeader: [UInt8] = [
        0x30, 0x71, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
        0x60,
    ]
}

// MARK: - What only issuers can read

extension CVAuthority {
    /// Encrypts at most 190 bytes for issuers, RSAES-OAEP with SHA-256; gives 256 bytes, different each time.
    ///
    /// How real cards encrypt their reference numbers is not public; the scheme is a choice of this project.
    public func encryptForIssuer(_ message: [UInt8]) throws(IssuanceError) -> [UInt8] {
        try keys[.referenceCipher].publicKey.encrypt(message)
    }

    /// Opens what ``encryptForIssuer(_:)`` closed.
    public func decryptForIssuer(_ ciphertext: [UInt8]) throws(IssuanceError) -> [UInt8] {
        try keys[.referenceCipher].decrypt(ciphertext)
    }

    /// The secret a terminal shares with one card: HMAC-SHA-256 under ``terminalMaster``, a choice of this project.
    public func terminalKey(cardSerial: String) -> [UInt8] {
        let message = Array("fuda terminal key".utf8) + Array(cardSerial.utf8)
        return Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: terminalMaster)))
    }
}
