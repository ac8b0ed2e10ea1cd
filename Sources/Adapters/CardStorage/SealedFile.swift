import CardCryptography
import CardKeys
import VirtualCard

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A whole file under a storage key: the authority's keys, read and written at once.
///
/// Magic "FUDASEAL", version (2 bytes), salt (16), nonce (12), tag (16), ciphertext. A new content replaces the old one
/// by a rename, so that one or the other is there at any moment.
public enum SealedFile {
    private static let magic = Array("FUDASEAL".utf8) + [0x00, 0x01]

    public static func read(_ path: String, storageKey: [UInt8], purpose: String) throws(CardFileError) -> [UInt8] {
        let bytes = try OpenFile(path, O_RDONLY).readAll(limit: 16 << 20)
        guard bytes.count >= 54, bytes.starts(with: magic) else { throw .notACardFile(path: path) }
        let box = SealedBox(nonce: Array(bytes[26..<38]), ciphertext: Array(bytes[54...]), tag: Array(bytes[38..<54]))
        do {
            let key = try SealingKey(storageKey: storageKey, salt: Array(bytes[10..<26]), purpose: purpose)
            guard let plain = try key.open(box, context: magic) else {
                throw CardFileError.wrongKeyOrAltered(path: path)
            }
            return plain
        } catch let error as CryptographyFailure {
            throw .library(error.operation)
        } catch {
            throw .wrongKeyOrAltered(path: path)
        }
    }

    public static func write(
        _ plain: [UInt8],
        to path: String,
        storageKey: [UInt8],
        purpose: String
    ) throws(CardFileError) {
        let bytes: [UInt8]
        do throws(CryptographyFailure) {
            let salt = try OpenSSLCryptography().randomBytes(16)
            let box = try SealingKey(storageKey: storageKey, salt: salt, purpose: purpose).seal(plain, context: magic)
            bytes = magic + salt + box.nonce + box.tag + box.ciphertext
        } catch {
            throw .library(error.operation)
        }
        try writePlain(bytes, to: path)
    }

    /// Writes a file that holds no secret in the same all-or-nothing way.
    public static func writePlain(_ bytes: [UInt8], to path: String) throws(CardFileError) {
        let temporary = "\(path).\(getpid()).new"
        SystemDisk().remove(temporary)
        let file = try OpenFile(temporary, O_WRONLY | O_CREAT | O_EXCL)
        try file.write(bytes, at: 0)
        try file.syncData()
        try SystemDisk().give(temporary, theName: path, replacing: true)
    }

    /// Reads a file that holds no secret, up to 2 GiB.
    public static func readPlain(_ path: String) throws(CardFileError) -> [UInt8] {
        try OpenFile(path, O_RDONLY).readAll(limit: 2 << 30)
    }

    /// Takes a file away, if it is there.
    public static func remove(_ path: String) { SystemDisk().remove(path) }

    public static func exists(_ path: String) -> Bool { SystemDisk().exists(path) }

    /// Runs `body` while no other process runs one with the same lock file, waiting for its turn.
    public static func exclusively<Result>(_ lockPath: String, _ body: () throws -> Result) throws -> Result {
        let lock = try OpenFile(lockPath, O_RDWR | O_CREAT)
        while flock(lock.descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw CardFileError.system(call: "flock", path: lockPath, errno: errno) }
        }
        return try withExtendedLifetime(lock) { try body() }
    }
}
