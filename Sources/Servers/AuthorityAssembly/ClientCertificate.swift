import FoundationEssentials
import PKIX

/// The certificate by which a verifier shows who it is when it connects (TLS).
public enum ClientCertificate {
    /// One certificate's DER, from PEM (RFC 7468) or DER; `nil` when it is neither, or more than one.
    public static func der(_ bytes: [UInt8]) -> [UInt8]? {
        if bytes.first == 0x30 { return bytes }
        let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
        let text = String(decoding: bytes, as: UTF8.self)
        guard let first = text.firstRange(of: begin), let last = text[first.upperBound...].firstRange(of: end),
            text[last.upperBound...].firstRange(of: begin) == nil,
            let der = Data(base64Encoded: text[first.upperBound..<last.lowerBound].filter { !$0.isWhitespace })
        else { return nil }
        return Array(der)
    }

    /// Whether these bytes are one certificate and nothing else.
    static func isCertificate(_ der: [UInt8]) -> Bool { (try? CertificateOutline(parsing: der)) != nil }
}
