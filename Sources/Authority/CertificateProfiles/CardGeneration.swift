public import AuthorityCryptography

/// What one generation of cards and its certificates have in common: algorithms, and how long they are good.
public struct CardGeneration: Hashable, Sendable {
    public let name: String
    /// Of the key pairs in the card, and of the authorities' signatures.
    public let algorithm: SignatureAlgorithm
    /// A certificate ends on this birthday after its issue; one more when it renews early.
    public let certificateBirthdays: Int
    /// Months before its end from which a certificate may be renewed.
    public let renewalMonths: Int
    /// Months that a card is good beyond its last birthday.
    public let cardGraceMonths: Int

    /// The cards in use since January 2016: RSA-2048 with SHA-256, certificates to the fifth birthday.
    public static let current = CardGeneration(
        name: "current",
        algorithm: .rsa2048SHA256,
        certificateBirthdays: 5,
        renewalMonths: 3,
        cardGraceMonths: 0
    )

    /// The next card as the Digital Agency's task force described it in March 2024: 384-bit ECDSA with SHA-384,
    /// certificates for ten years, renewal from a year before, the card a month beyond its birthday.
    public static let next = CardGeneration(
        name: "next",
        algorithm: .p384SHA384,
        certificateBirthdays: 10,
        renewalMonths: 12,
        cardGraceMonths: 1
    )
}
