import AuthorityCryptography
import AuthorityRecords
import CertificateProfiles
import EventLog
import FoundationEssentials

/// Events of an authority that exists in tests alone; hashes and certificates are of no object.
enum Examples {
    static let hash = String(repeating: "ab", count: 32)
    static let toBeSigned: [UInt8] = [0, 1, 2, 255]

    /// Stands for the certificate in DER.
    static func body(_ reference: CertificateReference) -> [UInt8] { Array("\(reference)".utf8) }
    static let instant: Int64 = 1_790_000_000

    static func generation(_ authority: CertificateAuthority, _ generation: Int, serial: UInt32) -> AuthorityEvent {
        .generationBegan(
            GenerationBegan(
                authority: authority,
                generation: generation,
                serial: serial,
                notBefore: instant,
                notAfter: instant + 86_400 * 365 * 10,
                algorithm: .rsa2048SHA256,
                certificate: Data("certificate \(authority) \(generation)".utf8).base64EncodedString(),
                key: "file:\(authority)-\(generation)"
            )
        )
    }

    static func plan(
        _ reference: CertificateReference,
        request: String,
        kind: CertificateKind? = nil,
        card: String? = nil
    ) -> AuthorityEvent {
        .issuancePlanned(
            IssuancePlanned(
                certificate: reference,
                generation: 1,
                kind: kind ?? (reference.authority == .sign ? .sign : .auth),
                partition: "13101",
                notBefore: instant,
                notAfter: instant + 86_400 * 365 * 5,
                toBeSigned: Fingerprint.of(toBeSigned),
                request: request,
                holder: "holder-\(request)",
                card: card ?? "card-\(request)"
            )
        )
    }

    static func issue(_ reference: CertificateReference) -> AuthorityEvent {
        .certificateIssued(CertificateIssued(certificate: reference, fingerprint: Fingerprint.of(body(reference))))
    }

    static func revoke(_ reference: CertificateReference, _ reason: RevocationReason) -> AuthorityEvent {
        .certificateRevoked(
            CertificateRevoked(
                certificate: reference,
                reason: reason,
                at: instant + 60,
                partition: "13101",
                notAfter: instant + 86_400 * 365 * 5
            )
        )
    }

    static func list(_ number: UInt64, base: UInt64? = nil) -> AuthorityEvent {
        .listPublished(
            ListPublished(
                authority: .sign,
                partition: "13101",
                number: number,
                base: base,
                thisUpdate: instant,
                nextUpdate: instant + 86_400,
                entries: 0,
                fingerprint: hash
            )
        )
    }
}

extension Ledger {
    /// Begins the first generation of both authorities, unless another did.
    func begin() async throws {
        _ = try await record(by: "test") { transaction in
            for authority in [CertificateAuthority.sign, .auth] {
                guard try transaction.records.generations(authority).isEmpty else { continue }
                let serial = try transaction.nextSerial(authority)
                try transaction.append(Examples.generation(authority, 1, serial: serial))
            }
        }
    }

    /// A certificate that is good.
    func certify(_ authority: CertificateAuthority, request: String) async throws -> CertificateReference {
        try await record(by: "test") { transaction in
            let reference = CertificateReference(authority, try transaction.nextSerial(authority))
            try transaction.append(Examples.plan(reference, request: request))
            try transaction.keep(toBeSigned: Examples.toBeSigned, of: reference)
            try transaction.append(Examples.issue(reference))
            try transaction.keep(certificate: Examples.body(reference), of: reference)
            try transaction.append(.certificateReleased(reference))
            return reference
        }.value
    }
}
