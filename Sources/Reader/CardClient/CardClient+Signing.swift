import CardCryptography
public import CardProfiles
import SmartCard

/// How COMPUTE DIGITAL SIGNATURE is to pad what it is given (docs/card/commands.md, 5.5).
public enum SignatureInput: Hashable, Sendable {
    /// PKCS #1 v1.5 around these bytes, normally a DigestInfo; 1 to 245 of them.
    case digestInfo([UInt8])
    /// RSASSA-PSS with SHA-256 over this digest, 32 bytes of salt (one public source; the simulated card has it).
    case pss(sha256: [UInt8])
}

extension CardClient {
    /// Has a key of the card sign; what has to be verified for that stands in its profile.
    ///
    /// `file` nil means the application's default key, which in the card face and the input support needs nothing
    /// verified.
    public mutating func sign(
        _ input: SignatureInput,
        with key: ObjectID,
        byDefaultKey: Bool = false
    ) throws(CardError) -> [UInt8] {
        let step = CardStep.sign(key)
        if byDefaultKey { try select(key.place) } else { try select(key) }
        let (p1, data): (UInt8, [UInt8]) =
            switch input {
            case .digestInfo(let bytes): (0x00, bytes)
            case .pss(let digest): (0x04, digest)
            }
        let command = CommandAPDU(cla: 0x80, ins: 0x2A, p1: p1, p2: byDefaultKey ? 0x00 : 0x80, data: data, le: 256)
        let response = try exchange(command, step)
        try expectSuccess(response, step)
        guard response.data.count == 256 else { throw .misbehaved(step, .wrongSignatureLength) }
        return response.data
    }

    /// Lets a key that needs no PIN answer a fresh challenge, so that nobody can have recorded the answer.
    public mutating func challenge(_ key: ObjectID) throws(CardError) -> ChallengeAnswer {
        let digestInfo = DigestInfo.sha256(try freshDigest(.sign(key)))
        let signature = try sign(.digestInfo(digestInfo), with: key, byDefaultKey: true)
        return ChallengeAnswer(digestInfo: digestInfo, signature: signature)
    }

    private func freshDigest(_ step: CardStep) throws(CardError) -> [UInt8] {
        let random = try freshKey(step)
        do throws(CryptographyFailure) {
            return try cryptography.sha256(random)
        } catch {
            throw .cryptography(step)
        }
    }
}

/// A challenge and what the card's key made of it.
public struct ChallengeAnswer: Hashable, Sendable {
    public let digestInfo: [UInt8]
    public let signature: [UInt8]
}

/// DER of DigestInfo (RFC 8017, 9.2 note 1): what goes inside PKCS #1 v1.5 padding.
public enum DigestInfo {
    public static func sha1(_ digest: [UInt8]) -> [UInt8] {
        Hex("3021300906052B0E03021A05000414").bytes + digest
    }

    public static func sha256(_ digest: [UInt8]) -> [UInt8] {
        Hex("3031300D060960864801650304020105000420").bytes + digest
    }

    public static func sha384(_ digest: [UInt8]) -> [UInt8] {
        Hex("3041300D060960864801650304020205000430").bytes + digest
    }

    public static func sha512(_ digest: [UInt8]) -> [UInt8] {
        Hex("3051300D060960864801650304020305000440").bytes + digest
    }

    /// The card face's own: a DigestInfo that says SHA-256 and holds three digests, 96 bytes (myna-card).
    static func threeDigests(_ digests: [UInt8]) -> [UInt8] {
        Hex("3071300D060960864801650304020105000460").bytes + digests
    }
}
