public import Problems

/// Why bytes are not a certificate that can be judged.
///
/// No case carries anything of the certificate but object identifiers of its extensions.
public enum CertificateFlaw: Error, Hashable, Sendable {
    /// The file is empty, or filler from its first byte.
    case nothingThere
    /// Longer than any file of a card.
    case tooLong
    /// Not one DER object from the first byte to the last: cut short, lengthened, or encoded otherwise.
    case notDER
    /// DER, and not the structure of a certificate (RFC 5280, 4.1).
    case notACertificate
    /// The serial number is not positive, or longer than 20 octets (RFC 5280, 4.1.2.2).
    case serialNumber
    /// A time is not written as RFC 5280, 4.1.2.5, demands, or there is no such time.
    case time
    /// A name holds text that is not of the kind it claims to be.
    case name
    /// The algorithm beside the signature is not the one under it (RFC 5280, 4.1.1.2).
    case algorithmsDiffer
    /// An extension stands there twice (RFC 5280, 4.2); the identifier in dotted form.
    case duplicateExtension(String)
    /// An extension does not hold what its identifier says; the identifier in dotted form.
    case malformedExtension(String)

    /// The sentence for people.
    public var reason: Text {
        switch self {
        case .nothingThere:
            Text(ja: "証明書が入っていません", en: "there is no certificate in it")
        case .tooLong:
            Text(ja: "証明書にしては長すぎます", en: "it is too long for a certificate")
        case .notDER:
            Text(
                ja: "一つの DER オブジェクトではありません（途切れている、余分がある、または壊れています）",
                en: "it is not one DER object: cut short, lengthened or damaged"
            )
        case .notACertificate:
            Text(ja: "X.509 証明書の構造ではありません", en: "it does not have the structure of an X.509 certificate")
        case .serialNumber:
            Text(
                ja: "発行番号が正の整数でないか、長すぎます",
                en: "its serial number is not positive, or too long"
            )
        case .time:
            Text(ja: "有効期間の時刻が読めません", en: "a time of its validity cannot be read")
        case .name:
            Text(ja: "発行者または主体者の名前が読めません", en: "the name of its issuer or subject cannot be read")
        case .algorithmsDiffer:
            Text(
                ja: "署名アルゴリズムが内側と外側で違います",
                en: "the signature algorithm inside is not the one outside"
            )
        case .duplicateExtension(let identifier):
            Text(
                ja: "拡張 \(identifier) が二つあります",
                en: "it has extension \(identifier) twice"
            )
        case .malformedExtension(let identifier):
            Text(
                ja: "拡張 \(identifier) の中身が読めません",
                en: "what extension \(identifier) holds cannot be read"
            )
        }
    }
}
