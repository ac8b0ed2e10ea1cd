/// The keys of a card hierarchy that a judgement rests on, all of one hierarchy.
///
/// Keys of residents' cards and of simulated ones are never in one ring: what is confirmed under a simulated hierarchy
/// says nothing about real cards.
public struct CardKeyRing: Sendable {
    public enum Hierarchy: Hashable, Sendable {
        case production
        case simulated
    }

    public let hierarchy: Hierarchy
    private let keys: [(number: String, key: PublicKeyObject)]

    /// A ring of keys by their seven-digit numbers; numbers of another hierarchy than this are left out.
    public init(_ hierarchy: Hierarchy, _ keys: [(number: String, key: PublicKeyObject)]) {
        self.hierarchy = hierarchy
        let digit = hierarchy == .production ? "5" : "8"
        self.keys = keys.filter { $0.number.hasPrefix(digit) }
    }

    /// The key that signs certificates under this name.
    func key(_ identifier: KeyIdentifier) -> PublicKeyObject? {
        for entry in keys where entry.number == identifier.number { return entry.key }
        return nil
    }

    public var isEmpty: Bool { keys.isEmpty }
}
