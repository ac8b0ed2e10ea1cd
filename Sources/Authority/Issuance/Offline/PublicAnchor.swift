import SmartCard

/// Something a verifier has to be told to trust, as a named file without any secret in it.
public struct PublicAnchor: Hashable, Sendable {
    /// `sign-ca`, `auth-ca`, or `cv-…` for a key of the card hierarchy.
    public let name: String
    /// A certificate in DER for the authorities; for `cv-…` three lines of text: `key-id`, `exponent` and `modulus`, each
    /// followed by a space and hexadecimal digits.
    public let bytes: [UInt8]
}

extension OfflineAuthority {
    /// Whom a verifier has to trust to judge this authority's cards.
    public func publicAnchors() -> [PublicAnchor] {
        let authorities = [
            PublicAnchor(name: "sign-ca", bytes: certificates.signCACertificate),
            PublicAnchor(name: "auth-ca", bytes: certificates.authCACertificate),
        ]
        return authorities + cards.publicAnchors()
    }
}

extension CVAuthority {
    /// Whom a verifier has to trust to judge what a card shows by itself.
    public func publicAnchors() -> [PublicAnchor] {
        CVRole.allCases.compactMap { role in
            role.anchorName.map { name in
                PublicAnchor(
                    name: name,
                    bytes: Array(keys[role].publicKey.anchorText(named: role.keyIdentifier).utf8)
                )
            }
        }
    }
}

extension CardPublicKey {
    fileprivate func anchorText(named identifier: CardKeyIdentifier) -> String {
        """
        key-id \(identifier)
        exponent \(Hex(exponent))
        modulus \(Hex(modulus))

        """
    }
}
