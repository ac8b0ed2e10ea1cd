import AuthorityRecords
import AuthorityService
import CertificateProfiles
import CivilCalendar
import EventLog
import FoundationEssentials
import Problems

/// Accounts of verifiers, and what is charged to them.
extension AuthorityClerk {
    /// Admits a verifier by its client certificate, in Base64 of DER; a new certificate takes the place of the old one.
    func admit(_ name: String, _ certificate: String, _ actor: String) async throws -> [AuthorityAnswer.VerifierLine] {
        guard Self.isVerifierName(name) else { throw VerifierProblems.name }
        guard let data = Data(base64Encoded: certificate), ClientCertificate.isCertificate(Array(data)) else {
            throw VerifierProblems.certificate
        }
        let fingerprint = Fingerprint.of(Array(data))
        _ = try await service.ledger.record(by: actor) { transaction in
            // One certificate for two names would leave open whom to charge.
            let others = try transaction.records.verifiers().filter { $0.dismissedAt == nil && $0.name != name }
            if let other = others.first(where: { $0.fingerprint == fingerprint }) {
                throw VerifierProblems.taken(by: other.name)
            }
            return try transaction.append(.verifierAdmitted(VerifierAdmitted(name: name, fingerprint: fingerprint)))
        }
        return try await verifiers().filter { $0.name == name }
    }

    func dismiss(_ name: String, _ actor: String) async throws -> [AuthorityAnswer.VerifierLine] {
        do {
            _ = try await service.ledger.record(by: actor, .urgent) { transaction in
                try transaction.append(.verifierDismissed(VerifierDismissed(name: name)))
            }
        } catch LedgerRefusal.unknownVerifier {
            throw VerifierProblems.unknown
        }
        return try await verifiers().filter { $0.name == name }
    }

    func verifiers() async throws -> [AuthorityAnswer.VerifierLine] {
        try await service.ledger.read { try $0.verifiers() }.map { verifier in
            AuthorityAnswer.VerifierLine(
                name: verifier.name,
                fingerprint: verifier.fingerprint,
                admittedAt: verifier.admittedAt / 1000,
                dismissedAt: verifier.dismissedAt.map { $0 / 1000 }
            )
        }
    }

    /// What was counted in a month of Japan's time, `YYYY-MM`.
    func usage(_ month: String) async throws -> [AuthorityAnswer.UsageLine] {
        guard month.utf8.count == 7, CivilDate(month + "-01") != nil else { throw VerifierProblems.month }
        return try await service.ledger.read { try $0.usage(month: month) }.map { key, number in
            AuthorityAnswer.UsageLine(
                verifier: key.verifier,
                method: key.method,
                purpose: key.purpose,
                authority: key.authority,
                number: number
            )
        }.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    }

    /// At most 64 bytes without control characters and spaces at the ends: it stands in tables and lines of text.
    private static func isVerifierName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && name.first?.isWhitespace == false && name.last?.isWhitespace == false
            && name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != "\u{2028}" }
    }
}

extension AuthorityAnswer.UsageLine {
    fileprivate var order: [String] { [verifier, method, purpose, authority.rawValue] }
}

/// What can be wrong with orders about verifiers.
enum VerifierProblems {
    static let name = Problem(
        code: "verifier-name",
        outcome: .inputFile,
        whatHappened: Text(ja: "検証者の名前が正しくありません。", en: "This cannot be the name of a verifier."),
        whatToDo: Text(
            ja: "64バイト以内で、制御文字と前後の空白を除いてください。",
            en: "Use at most 64 bytes, without control characters and without spaces at the ends."
        )
    )

    static let certificate = Problem(
        code: "verifier-certificate",
        outcome: .inputFile,
        whatHappened: Text(ja: "クライアント証明書として読めません。", en: "The client certificate cannot be read."),
        whatToDo: Text(
            ja: "X.509証明書を一つ、PEMかDERで指定してください。",
            en: "Give one X.509 certificate, in PEM or DER."
        )
    )

    static func taken(by name: String) -> Problem {
        Problem(
            code: "verifier-certificate-taken",
            outcome: .refusedForSafety,
            whatHappened: Text(
                ja: "この証明書は検証者 \(name) のものです。",
                en: "This certificate is that of verifier \(name)."
            ),
            whatToDo: Text(
                ja: "検証者ごとに別の証明書を使ってください。何も行っていません。",
                en: "Use another certificate for every verifier; nothing was done."
            )
        )
    }

    static let unknown = Problem(
        code: "verifier-unknown",
        outcome: .inputFile,
        whatHappened: Text(ja: "その名前の検証者はありません。", en: "There is no verifier of that name."),
        whatToDo: Text(
            ja: "`fuda authority verifier list` で確かめてください。",
            en: "`fuda authority verifier list` names them."
        )
    )

    static let month = Problem(
        code: "usage-month",
        outcome: .inputFile,
        whatHappened: Text(ja: "月として読めません。", en: "This is no month."),
        whatToDo: Text(ja: "2026-11 のように書いてください。", en: "Write it like 2026-11.")
    )
}
