/// The signature algorithms of JPKI: today's, and the one planned for the next card.
public enum AlgorithmIdentifier: Hashable, Sendable, CaseIterable {
    /// RSASSA-PKCS1-v1_5 with SHA-256, parameters NULL (RFC 4055, 5).
    case sha256WithRSAEncryption
    /// Parameters absent (RFC 5758, 3.2).
    case ecdsaWithSHA384

    /// The AlgorithmIdentifier in DER.
    public var encoded: [UInt8] {
        switch self {
        case .sha256WithRSAEncryption: [0x30, 0x0D] + Self.sha256WithRSA + [0x05, 0x00]
        case .ecdsaWithSHA384: [0x30, 0x0A] + Self.ecdsaSHA384
        }
    }

    /// The algorithm that an AlgorithmIdentifier in DER names; `nil` for others.
    ///
    /// Parameters absent are taken for NULL with RSA (RFC 4055, 5).
    public init?(encoded: ArraySlice<UInt8>) {
        let body = encoded.dropFirst(2)
        guard let header = encoded.first, header == DERTag.sequence,
            encoded.dropFirst().first.map(Int.init) == body.count
        else { return nil }
        if body.elementsEqual(Self.sha256WithRSA + [0x05, 0x00]) || body.elementsEqual(Self.sha256WithRSA) {
            self = .sha256WithRSAEncryption
        } else if body.elementsEqual(Self.ecdsaSHA384) {
            self = .ecdsaWithSHA384
        } else {
            return nil
        }
    }

    /// 1.2.840.113549.1.1.11 and 1.2.840.10045.4.3.3, with tag and length.
    private static let sha256WithRSA: [UInt8] = [
        0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B,
    ]
    private static let ecdsaSHA384: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03]
}

/// The hashes by which OCSP and time stamps name things.
public enum HashAlgorithm: Hashable, Sendable, CaseIterable {
    case sha1, sha256, sha384, sha512

    /// Octets of its values.
    public var size: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// The AlgorithmIdentifier in DER, with parameters NULL as OCSP clients write it.
    public var encoded: [UInt8] {
        var writer = DERWriter()
        writer.sequence { inner in
            inner.objectIdentifier(identifier)
            inner.append(DERTag.null, [])
        }
        return writer.bytes
    }

    var identifier: [UInt8] {
        switch self {
        case .sha1: [0x2B, 0x0E, 0x03, 0x02, 0x1A]
        case .sha256: Self.nist + [1]
        case .sha384: Self.nist + [2]
        case .sha512: Self.nist + [3]
        }
    }

    private static let nist: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02]

    /// Reads the content of an AlgorithmIdentifier; `nil` for hashes unknown here.
    ///
    /// Parameters are absent or NULL.
    static func read(_ reader: DERReader) throws(PKIXFlaw) -> HashAlgorithm? {
        var reader = reader
        let identifier = try reader.readObjectIdentifier()
        let algorithm = Self.named(identifier)
        if algorithm == nil {
            if !reader.isAtEnd { _ = try reader.readElement() }
        } else if let null = try reader.readOptional(DERTag.null), !null.isEmpty {
            throw .notDER
        }
        try reader.finish()
        return algorithm
    }

    private static func named(_ identifier: ArraySlice<UInt8>) -> HashAlgorithm? {
        if identifier.count == 5 { return identifier.elementsEqual(HashAlgorithm.sha1.identifier) ? .sha1 : nil }
        guard identifier.count == 9, identifier.dropLast().elementsEqual(nist) else { return nil }
        switch identifier.last {
        case 1: return .sha256
        case 2: return .sha384
        case 3: return .sha512
        default: return nil
        }
    }
}
