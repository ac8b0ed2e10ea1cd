import PKIX

/// The certificate by which a verifier shows who it is when it connects (TLS).
public enum ClientCertificate {
    /// One certificate's DER, from PEM (RFC 7468) or DER; `nil` when it is neither, or more than one.
    public static func der(_ bytes: [UInt8]) -> [UInt8]? {
        PEMText.only("CERTIFICATE", in: bytes)
    }

    /// Whether these bytes are one certificate and nothing else.
    static func isCertificate(_ der: [UInt8]) -> Bool { (try? CertificateOutline(parsing: der)) != nil }
}
