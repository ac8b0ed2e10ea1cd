import Problems

extension CertificateJudge {
    /// Whether the certificate was revoked: not looked at, there being nobody to say so.
    ///
    /// The place where revocation lists and OCSP answers come in: as values, fetched by somebody else.
    func revocation(of facts: CertificateFacts) -> Finding {
        CertificateCheck.revocation.notChecked(.noStatusSource)
    }
}
