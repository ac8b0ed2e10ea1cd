import TLV

/// The request by which a card asks for a certificate and proves to have the key: a CertificationRequest of PKCS #10
/// (RFC 2986, 4.2) for an RSA key with exponent 65537, signed in the card by sha256WithRSAEncryption.
///
/// Its subject is one `CN`, the identifier of the request for issue; it has no attributes.
struct CertificationRequest {
    /// CertificationRequestInfo in DER: what the card signs.
    let information: [UInt8]

    init(identifier: String, modulus: [UInt8]) {
        let name = Self.sequence([
            TLVWriter.encoded(
                0x31,
                Self.sequence([[0x06, 0x03, 0x55, 0x04, 0x03], TLVWriter.encoded(0x0C, Array(identifier.utf8))])
            )
        ])
        let key = Self.sequence([
            TLVWriter.encoded(0x02, [0x00] + modulus), TLVWriter.encoded(0x02, [0x01, 0x00, 0x01]),
        ])
        let keyInformation = Self.sequence([Self.algorithm(1), TLVWriter.encoded(0x03, [0x00] + key)])
        information = Self.sequence([[0x02, 0x01, 0x00], name, keyInformation, [0xA0, 0x00]])
    }

    /// The whole in DER.
    func signed(_ signature: [UInt8]) -> [UInt8] {
        Self.sequence([information, Self.algorithm(11), TLVWriter.encoded(0x03, [0x00] + signature)])
    }

    /// AlgorithmIdentifier under pkcs-1 with NULL: 1 is rsaEncryption, 11 sha256WithRSAEncryption (RFC 8017, A.2).
    private static func algorithm(_ last: UInt8) -> [UInt8] {
        sequence([[0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, last], [0x05, 0x00]])
    }

    private static func sequence(_ parts: [[UInt8]]) -> [UInt8] { TLVWriter.encoded(0x30, parts.flatMap { $0 }) }
}
