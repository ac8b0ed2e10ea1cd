public import AuthorityCryptography
import Crypto
import CryptoExtras

/// Keys of authorities for tests, in memory; each is made once, as making them is slow.
public struct TestKey: AuthorityKey {
    private enum Backing {
        case rsa(_RSA.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
    }

    private let backing: Backing

    public static let rsa = TestKey(rsa: ())
    public static let secondRSA = TestKey(rsa: ())
    public static let p384 = TestKey(backing: .p384(P384.Signing.PrivateKey()))

    private init(backing: Backing) { self.backing = backing }

    private init(rsa: Void) {
        guard let key = try? _RSA.Signing.PrivateKey(keySize: .bits2048) else {
            preconditionFailure("no RSA key for tests")
        }
        backing = .rsa(key)
    }

    public var algorithm: SignatureAlgorithm {
        switch backing {
        case .rsa: .rsa2048SHA256
        case .p384: .p384SHA384
        }
    }

    public var subjectPublicKeyInfo: [UInt8] {
        switch backing {
        case .rsa(let key): Array(key.publicKey.derRepresentation)
        case .p384(let key): Array(key.publicKey.derRepresentation)
        }
    }

    public func signature(over message: [UInt8]) throws(AuthorityKeyFailure) -> [UInt8] {
        do {
            switch backing {
            case .rsa(let key):
                let digest = SHA256.hash(data: message)
                return Array(try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation)
            case .p384(let key):
                return Array(try key.signature(for: message).derRepresentation)
            }
        } catch {
            throw .refused("test key")
        }
    }
}
