public import AuthorityCryptography
import Synchronization

/// Opens keys by the locators that the log keeps.
public protocol AuthorityKeyOpener: Sendable {
    func open(_ locator: String) throws -> any AuthorityKey
    /// Makes a key of that name where this node makes keys; its locator and the key come back.
    func make(_ name: String, _ algorithm: SignatureAlgorithm) throws -> (locator: String, key: any AuthorityKey)
}

/// When a node opens its keys: what opens an encrypted file takes a fifth of a second each.
public enum KeyOpening: Hashable, Sendable {
    /// All of them before the node answers, as a server does.
    case atStart
    /// Each when it is first needed, as a command does that runs a node for one order.
    case atFirstUse
}

/// The keys of a node, each opened once.
final class KeyRing: Sendable {
    private let opener: any AuthorityKeyOpener
    private let places = Mutex<[String: Place]>([:])

    /// Whoever needs a key that is being opened waits for it; who needs another does not.
    private final class Place: Sendable {
        let key = Mutex<(any AuthorityKey)?>(nil)
    }

    init(_ opener: any AuthorityKeyOpener) { self.opener = opener }

    /// The key; one that could not be opened is tried again the next time.
    func key(_ locator: String) throws -> any AuthorityKey {
        try place(locator).key.withLock { known in
            if let known { return known }
            let opened = try opener.open(locator)
            known = opened
            return opened
        }
    }

    /// A key of this node's own, which no record names; made at its first use.
    ///
    /// One that is there and cannot be used is an error, and never made anew.
    func own(_ name: String, _ algorithm: SignatureAlgorithm) throws -> any AuthorityKey {
        do {
            return try key("file:" + name)
        } catch AuthorityKeyFailure.unavailable {
            return try make(name, algorithm).key
        }
    }

    /// Makes a key of that name where this node makes keys.
    func make(_ name: String, _ algorithm: SignatureAlgorithm) throws -> (locator: String, key: any AuthorityKey) {
        let made = try opener.make(name, algorithm)
        place(made.locator).key.withLock { $0 = made.key }
        return made
    }

    /// Lets go of all keys.
    func empty() {
        let old = places.withLock { places in
            defer { places = [:] }
            return places
        }
        for place in old.values { place.key.withLock { $0 = nil } }
    }

    private func place(_ locator: String) -> Place {
        places.withLock { places in
            if let known = places[locator] { return known }
            let new = Place()
            places[locator] = new
            return new
        }
    }
}
