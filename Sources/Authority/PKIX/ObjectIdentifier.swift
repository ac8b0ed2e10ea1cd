/// Object identifiers as the octets of their content.
public enum ObjectIdentifier {
    // Attributes of names (RFC 5280, 4.1.2.4 and appendix A.1).
    public static let commonName: [UInt8] = [0x55, 0x04, 0x03]
    public static let country: [UInt8] = [0x55, 0x04, 0x06]
    public static let locality: [UInt8] = [0x55, 0x04, 0x07]
    public static let organization: [UInt8] = [0x55, 0x04, 0x0A]
    public static let organizationalUnit: [UInt8] = [0x55, 0x04, 0x0B]

    // Extensions that tell of a certificate's subject (RFC 5280, 4.2.1).
    public static let subjectKeyIdentifier: [UInt8] = [0x55, 0x1D, 0x0E]
    public static let subjectAlternativeName: [UInt8] = [0x55, 0x1D, 0x11]
    public static let crlDistributionPoints: [UInt8] = [0x55, 0x1D, 0x1F]

    // Extensions of lists and their entries (RFC 5280, 5.2 and 5.3).
    static let crlNumber: [UInt8] = [0x55, 0x1D, 0x14]
    static let reasonCode: [UInt8] = [0x55, 0x1D, 0x15]
    static let invalidityDate: [UInt8] = [0x55, 0x1D, 0x18]
    static let deltaCRLIndicator: [UInt8] = [0x55, 0x1D, 0x1B]
    static let issuingDistributionPoint: [UInt8] = [0x55, 0x1D, 0x1C]
    static let authorityKeyIdentifier: [UInt8] = [0x55, 0x1D, 0x23]
    static let freshestCRL: [UInt8] = [0x55, 0x1D, 0x2E]

    // OCSP (RFC 6960, 4.2.1 and 4.4), arc id-pkix-ocsp 1.3.6.1.5.5.7.48.1.
    static let ocspBasic: [UInt8] = ocsp + [1]
    static let ocspNonce: [UInt8] = ocsp + [2]
    static let ocspResponseTypes: [UInt8] = ocsp + [4]
    static let ocspArchiveCutoff: [UInt8] = ocsp + [6]
    static let ocspPreferredAlgorithms: [UInt8] = ocsp + [8]
    static let ocspExtendedRevoke: [UInt8] = ocsp + [9]
    private static let ocsp: [UInt8] = [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01]

    // CMS and time stamps (RFC 5652; RFC 3161, 2.4.2; RFC 5816), arc pkcs-7 and pkcs-9 of 1.2.840.113549.1.
    static let signedData: [UInt8] = pkcs + [7, 2]
    static let contentType: [UInt8] = pkcs + [9, 3]
    static let messageDigest: [UInt8] = pkcs + [9, 4]
    static let timeStampInfo: [UInt8] = pkcs + [9, 16, 1, 4]
    static let signingCertificate: [UInt8] = pkcs + [9, 16, 2, 47]
    /// The same attribute in its first form, always with SHA-1 (RFC 2634, 5.4).
    static let signingCertificateSHA1: [UInt8] = pkcs + [9, 16, 2, 12]
    /// What many write for an RSA signature, whose hash stands beside it (RFC 3370, 3.2).
    static let rsaEncryption: [UInt8] = pkcs + [1, 1]
    private static let pkcs: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01]

    /// Dotted, such as `2.5.29.28`.
    public static func dotted(_ content: some Collection<UInt8>) -> String {
        var components: [String] = []
        var value: UInt64 = 0
        for octet in content {
            guard value < 1 << 56 else { return "" }
            value = value << 7 | UInt64(octet & 0x7F)
            guard octet < 0x80 else { continue }
            if components.isEmpty {
                // X.690, 8.19.4: the first two components share a number.
                let root = min(value / 40, 2)
                components = [String(root), String(value - root * 40)]
            } else {
                components.append(String(value))
            }
            value = 0
        }
        return components.joined(separator: ".")
    }
}
