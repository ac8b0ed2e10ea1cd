public import SwiftASN1

/// Object identifiers of the public certification service, arc 1.2.392.200149.8.5.
///
/// The policies are those of a test environment, so that nothing issued here passes for the real thing. The one for
/// signature certificates is the identifier seen on public test cards; the others are not public and are choices of
/// this project in the same arc.
public enum JPKIObjectIdentifier {
    public static let signaturePolicy: ASN1ObjectIdentifier = [1, 2, 392, 200_149, 8, 5, 1, 0, 20]
    public static let authenticationPolicy: ASN1ObjectIdentifier = [1, 2, 392, 200_149, 8, 5, 1, 0, 30]
    public static let mobileSignaturePolicy: ASN1ObjectIdentifier = [1, 2, 392, 200_149, 8, 5, 1, 0, 120]
    public static let mobileAuthenticationPolicy: ASN1ObjectIdentifier = [1, 2, 392, 200_149, 8, 5, 1, 0, 130]

    /// Under which time stamps are made (RFC 3161, 2.4.2).
    public static let timeStampPolicy: ASN1ObjectIdentifier = [1, 2, 392, 200_149, 8, 5, 1, 0, 40]

    /// 氏名.
    public static let name: ASN1ObjectIdentifier = [1, 2, 392, 200_149, 8, 5, 5, 1]
    /// 氏名の代替文字使用位置: one digit per character of the name, 1 where it is a substitute.
    public static let nameSubstitutes: ASN1ObjectIdentifier = [1, 2, 392, 200_149, 8, 5, 5, 2]
    /// 性別.
    public static let gender: ASN1ObjectIdentifier = [1, 2, 392, 200_149, 8, 5, 5, 3]
    /// 生年月日, written `EYYYYMMDD`.
    public static let birth: ASN1ObjectIdentifier = [1, 2, 392, 200_149, 8, 5, 5, 4]
    /// 住所.
    public static let address: ASN1ObjectIdentifier = [1, 2, 392, 200_149, 8, 5, 5, 5]
    /// 住所の代替文字使用位置.
    public static let addressSubstitutes: ASN1ObjectIdentifier = [1, 2, 392, 200_149, 8, 5, 5, 6]

    /// The content octets of an identifier, without tag and length (X.690, 8.19).
    public static func contents(of identifier: ASN1ObjectIdentifier) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(identifier)
        // None here is longer than 127 octets, so tag and length are an octet each.
        return Array(serializer.serializedBytes.dropFirst(2))
    }
}

/// Object identifiers of RFC 5280 that the certificate library has no name for.
enum StandardObjectIdentifier {
    /// RFC 5280, 4.2.1.4.
    static let certificatePolicies: ASN1ObjectIdentifier = [2, 5, 29, 32]
    /// RFC 5280, 4.2.1.7.
    static let issuerAlternativeName: ASN1ObjectIdentifier = [2, 5, 29, 18]
    /// RFC 5280, 4.2.1.13.
    static let crlDistributionPoints: ASN1ObjectIdentifier = [2, 5, 29, 31]
    /// id-qt-cps (RFC 5280, 4.2.1.4): the pointer to a certification practice statement.
    static let cpsPointer: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 2, 1]
    /// id-pkix-ocsp-nocheck (RFC 6960, 4.2.2.2.1).
    static let ocspNoCheck: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 48, 1, 5]
}
