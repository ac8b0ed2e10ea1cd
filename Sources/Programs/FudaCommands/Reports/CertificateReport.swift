import CivilCalendar
import Problems
import SmartCard
import Terminal
import Validation

/// Certificates as people and programs see them.
enum CertificateReport {
    /// The few lines that stand in a larger report.
    static func summary(_ der: [UInt8]) -> Report {
        var report = Report()
        guard let facts = try? CertificateFacts(parsing: der) else {
            report.add("bytes", nil, .number(der.count))
            report.add("readable", ja: "読取り", en: "readable", .flag(false))
            return report
        }
        report.add("serial", ja: "発行番号", en: "serial", .text(facts.serialHex))
        report.add("subject", ja: "主体者", en: "subject", .text(facts.subject))
        report.add("issuer", ja: "発行者", en: "issuer", .text(facts.issuer))
        report.add("notAfter", ja: "有効期間の終わり", en: "valid until", .instant(facts.notAfter))
        report.add("sha256", ja: "SHA-256", en: "SHA-256", .text(facts.fingerprint))
        report.add("bytes", nil, .number(der.count))
        return report
    }

    /// Everything a certificate says.
    static func full(_ facts: CertificateFacts) -> Report {
        var report = Report(kind: "certificate")
        report.add("version", ja: "版", en: "version", .number(facts.version))
        report.add("serial", ja: "発行番号（16進）", en: "serial (hexadecimal)", .text(facts.serialHex))
        report.add("serialDecimal", ja: "発行番号（10進）", en: "serial (decimal)", .text(facts.serialDecimal))
        report.add("issuer", ja: "発行者", en: "issuer", .text(facts.issuer))
        report.add("issuerAlternativeName", ja: "発行者（日本語）", en: "issuer in Japanese", text(facts.issuerAlternativeName))
        report.add("subject", ja: "主体者", en: "subject", .text(facts.subject))
        report.add("notBefore", ja: "有効期間の始め", en: "valid from", .instant(facts.notBefore))
        report.add("notAfter", ja: "有効期間の終わり", en: "valid until", .instant(facts.notAfter))
        report.add("signatureAlgorithm", ja: "署名アルゴリズム", en: "signature algorithm", .text(facts.signatureAlgorithm))
        let bits = facts.keyBits.map { " \($0)" } ?? ""
        report.add("key", ja: "公開鍵", en: "public key", .text(facts.keyAlgorithm + bits))
        report.add("keyUsages", ja: "鍵の用途", en: "key usage", list(facts.keyUsages))
        report.add("extendedKeyUsages", ja: "拡張鍵用途", en: "extended key usage", list(facts.extendedKeyUsages))
        report.add("policies", ja: "証明書ポリシー", en: "policies", list(facts.policies))
        report.add("crlDistributionPoints", ja: "失効リストの名前", en: "revocation lists", list(facts.crlDistributionPoints))
        report.add("ocspResponders", ja: "OCSP", en: "OCSP", list(facts.ocspResponders))
        report.add("authorityKeyId", ja: "発行者の鍵識別子", en: "authority key id", text(facts.authorityKeyIdentifier))
        report.add("subjectKeyId", ja: "主体者の鍵識別子", en: "subject key id", text(facts.subjectKeyIdentifier))
        report.add("authority", ja: "CA証明書", en: "a CA's certificate", .flag(facts.isAuthority))
        if let holder = facts.holder { report.add("holder", ja: "記載された本人", en: "the holder", .report(person(holder))) }
        report.add("sha256", ja: "SHA-256", en: "SHA-256", .text(facts.fingerprint))
        return report
    }

    /// What a signature certificate tells everybody who gets a signature.
    static func person(_ holder: CertificateHolder) -> Report {
        var report = Report()
        report.add("name", ja: "氏名", en: "name", text(holder.name))
        report.add("nameSubstitutes", ja: "氏名の代替文字", en: "substitutes in the name", flags(holder.nameSubstitutes))
        report.add("address", ja: "住所", en: "address", text(holder.address))
        report.add(
            "addressSubstitutes",
            ja: "住所の代替文字",
            en: "substitutes in the address",
            flags(holder.addressSubstitutes)
        )
        report.add("birth", ja: "生年月日", en: "date of birth", holder.birth.map { .date($0) } ?? text(holder.birthText))
        report.add("gender", ja: "性別（記号）", en: "gender (digit)", text(holder.gender))
        return report
    }

    private static func text(_ text: String?) -> Report.Value { text.map { .text($0) } ?? .absent(nil) }

    private static func list(_ texts: [String]) -> Report.Value { .list(texts.map { .text($0) }) }

    private static func flags(_ flags: CertificateHolder.SubstituteFlags?) -> Report.Value {
        guard let flags else { return .absent(nil) }
        return flags.isReliable ? .text(flags.digits) : .absent(Text(ja: "長さが合いません", en: "their count does not fit"))
    }
}
