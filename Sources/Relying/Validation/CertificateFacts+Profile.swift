import Problems
import SwiftASN1
import X509

/// What is wrong with a certificate by itself, whoever issued it; `nil` where nothing is.
extension CertificateFacts {
    /// Version 3, and keys and algorithms of the profile.
    var formReason: Text? {
        if version != 3 { return .notVersion3 }
        if !parts.signed.key.isOfProfile { return .keyNotOfProfile }
        if parts.algorithm.ofProfile == nil { return .algorithmUnknown }
        return nil
    }

    /// The certificate's own validity, both ends included.
    ///
    /// The authority's validity is mentioned where that one, too, is over or not yet come; no date is told, since a
    /// certificate ends on its holder's birthday.
    func validityReason(at seconds: Int64, issuedBy authority: TrustAnchor?) -> Text? {
        if seconds >= notBefore, seconds <= notAfter { return nil }
        let reason: Text = seconds < notBefore ? .notYetValid : .expired
        guard let authority = authority?.facts, seconds < authority.notBefore || seconds > authority.notAfter else {
            return reason
        }
        return reason.withAuthorityOutside
    }

    /// Critical, exactly the usage of the purpose, and no extended usage that is foreign to it.
    func keyUsageReason(for purpose: CertificatePurpose) -> Text? {
        guard let usage = extensions.keyUsage else { return .noKeyUsage }
        guard extensions.critical.contains(.X509ExtensionID.keyUsage) else { return .keyUsageNotCritical }
        guard usage == purpose.keyUsage else { return .otherKeyUsage(wanted: purpose) }
        return purpose.accepts(extendedKeyUsages: extendedKeyUsages) ? nil : .otherExtendedUsage
    }

    /// Exactly one policy, and it is one of those that the hierarchy has for the purpose.
    func policyReason(_ hierarchy: Hierarchy, _ purpose: CertificatePurpose) -> Text? {
        guard let policies = extensions.policies else { return .noPolicy }
        guard policies.count == 1 else { return .severalPolicies }
        return hierarchy.policies(for: purpose).isSuperset(of: policies) ? nil : .otherPolicy(wanted: purpose)
    }

    /// Every extension that must be understood is one that the checks here look at (RFC 5280, 4.2).
    var criticalReason: Text? {
        extensions.critical.allSatisfy(Self.understood.contains) ? nil : .unknownCritical
    }

    private static let understood: Set<ASN1ObjectIdentifier> = [
        .X509ExtensionID.keyUsage, .X509ExtensionID.extendedKeyUsage, .X509ExtensionID.basicConstraints,
        .X509ExtensionID.subjectAlternativeName, ExtensionFacts.certificatePolicies,
    ]
}
