public import AuthorityRecords
import CertificateProfiles
public import EventLog

extension AuthorityService {
    /// The newest certificate that is good, of the holder of another: of the same kind, or of the one that goes with it.
    ///
    /// `nil` when the certificate is unknown, has no holder, or nothing of the holder is good. Certificates on cards go
    /// with certificates on cards, those on telephones with those on telephones. Who looked is in the log before this
    /// returns, and nobody is told what the log does not know of: where it cannot be written, ``RecordsError`` is thrown.
    public func linked(
        _ certificate: CertificateReference,
        _ relation: CertificateLookedUp.Relation,
        by actor: String,
        purpose: String? = nil
    ) async throws -> CertificateRecord? {
        let found = try await ledger.read { records -> CertificateRecord? in
            guard let known = try records.certificate(certificate), let holder = known.holder else { return nil }
            let kind = relation == .pair ? known.kind.other : known.kind
            return try records.certificates(holder: holder).last { $0.kind == kind && $0.state == .valid }
        }
        _ = try await ledger.record(by: actor) { transaction in
            try transaction.append(
                .certificateLookedUp(
                    CertificateLookedUp(
                        certificate: certificate,
                        relation: relation,
                        found: found?.reference,
                        purpose: purpose
                    )
                )
            )
        }
        return found
    }
}

extension CertificateKind {
    /// The kind that a holder gets together with this one.
    fileprivate var other: CertificateKind {
        switch self {
        case .sign: .auth
        case .auth: .sign
        case .mobileSign: .mobileAuth
        case .mobileAuth: .mobileSign
        default: self
        }
    }
}
