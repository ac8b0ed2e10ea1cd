import AuthorityCryptography
import AuthorityService
import CAKeys
import CardStorage
import Secrets

/// The keys of an authority's folder: encrypted files beneath `keys`, under one passphrase, or tokens.
struct FolderKeys: AuthorityKeyOpener {
    private let keys: AuthorityKeys

    init(folder: String, _ configuration: AuthorityConfiguration) {
        let secret = folder + "/passphrase"
        keys = AuthorityKeys(
            folder: folder,
            module: configuration.module,
            pinFile: configuration.pinFile
        ) { () throws(AuthorityKeyFailure) in
            do throws(CardFileError) {
                var bytes = try StorageKey.readOrMake(secret)
                return SecretBytes(taking: &bytes)
            } catch {
                throw .refused(KeyReason.wrongPassphrase.rawValue)
            }
        }
    }

    func open(_ locator: String) throws -> any AuthorityKey { try keys.open(try KeyLocator(locator)) }

    /// Makes the key; one that a start that was cut short left there was never used, and serves.
    func make(_ name: String, _ algorithm: SignatureAlgorithm) throws -> (locator: String, key: any AuthorityKey) {
        let locator = "file:" + name
        if let there = try? open(locator), there.algorithm == algorithm { return (locator, there) }
        return (locator, try keys.makeFile(name, algorithm))
    }
}
