import CardCryptography
import CardKeys
import VirtualCard

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where the key that opens card files comes from.
public enum StorageKey {
    /// Reads a key file: 32 bytes or more, readable by nobody else; one that is missing is a bad one too.
    public static func read(_ path: String) throws(CardFileError) -> [UInt8] {
        let file: OpenFile
        do throws(CardFileError) {
            file = try OpenFile(path, O_RDONLY)
        } catch .notFound {
            throw .badKeyFile(path: path)
        }
        var information = stat()
        guard unsafe fstat(file.descriptor, &information) == 0 else {
            throw .system(call: "fstat", path: path, errno: errno)
        }
        let bytes = try file.readAll(limit: 4096)
        guard bytes.count >= 32, information.st_mode & 0o077 == 0 else { throw .badKeyFile(path: path) }
        return bytes
    }

    /// Reads the key at `path`, and makes it first if there is none: 32 random bytes, mode 0600, durable.
    public static func readOrMake(_ path: String) throws(CardFileError) -> [UInt8] {
        if SystemDisk().exists(path) { return try read(path) }
        let key: [UInt8]
        do {
            key = try OpenSSLCryptography().randomBytes(32)
        } catch {
            throw .library(error.operation)
        }
        let temporary = "\(path).\(getpid()).new"
        SystemDisk().remove(temporary)
        let file = try OpenFile(temporary, O_WRONLY | O_CREAT | O_EXCL)
        try file.write(key, at: 0)
        try file.syncData()
        // Whoever was first has made the key; a second maker uses that one.
        do {
            try SystemDisk().give(temporary, theName: path, replacing: false)
        } catch .alreadyThere {
            return try read(path)
        }
        return key
    }

    /// The key behind a passphrase.
    public static func derive(passphrase: [UInt8], salt: [UInt8]) throws(CardFileError) -> [UInt8] {
        do {
            return try SealingKey.storageKey(passphrase: passphrase, salt: salt)
        } catch {
            throw .library(error.operation)
        }
    }
}
