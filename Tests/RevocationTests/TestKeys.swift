import AuthorityCryptography
import Synchronization

/// A key that counts its signatures.
final class CountingKey: AuthorityKey {
    private let key: any AuthorityKey
    private let counter = Atomic(0)

    init(_ key: any AuthorityKey) { self.key = key }

    var count: Int { counter.load(ordering: .relaxed) }
    var algorithm: SignatureAlgorithm { key.algorithm }
    var subjectPublicKeyInfo: [UInt8] { key.subjectPublicKeyInfo }

    func signature(over message: [UInt8]) throws(AuthorityKeyFailure) -> [UInt8] {
        counter.add(1, ordering: .relaxed)
        return try key.signature(over: message)
    }
}

/// A key during whose work something else happens.
struct SlowKey: AuthorityKey {
    private let key: any AuthorityKey
    private let meanwhile: @Sendable () -> Void

    init(_ key: any AuthorityKey, meanwhile: @escaping @Sendable () -> Void) {
        self.key = key
        self.meanwhile = meanwhile
    }

    var algorithm: SignatureAlgorithm { key.algorithm }
    var subjectPublicKeyInfo: [UInt8] { key.subjectPublicKeyInfo }

    func signature(over message: [UInt8]) throws(AuthorityKeyFailure) -> [UInt8] {
        meanwhile()
        return try key.signature(over: message)
    }
}

/// A key whose token is gone.
struct BrokenKey: AuthorityKey {
    private let key: any AuthorityKey

    init(_ key: any AuthorityKey) { self.key = key }

    var algorithm: SignatureAlgorithm { key.algorithm }
    var subjectPublicKeyInfo: [UInt8] { key.subjectPublicKeyInfo }

    func signature(over message: [UInt8]) throws(AuthorityKeyFailure) -> [UInt8] {
        throw .unavailable("CKR_DEVICE_REMOVED")
    }
}
