import AuthorityCryptography
import CAKeys
import CardStorage
import KeyCeremony
import Problems
import Terminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a ceremony left: its record, and the key that signs it if all went well.
struct CeremonyOutcome {
    let record: CeremonyRecord
    let key: (any AuthorityKey)?
    let failure: AuthorityKeyFailure?

    /// Lets the key sign something that nobody has signed, and verifies it.
    static func test(_ key: any AuthorityKey) throws(AuthorityKeyFailure) {
        let message = Array("fuda key ceremony: test signature at \(now())".utf8)
        let signature = try key.signature(over: message)
        guard PublicKeyInfo.verifies(signature, over: message, by: key.subjectPublicKeyInfo) else {
            throw .refused(KeyReason.foreignPublicKey.rawValue)
        }
    }

    static func now() -> Int64 { Int64(time(nil)) }
}

/// The folder a record goes to.
struct RecordFolder {
    private let path: String
    private static let names = [
        "record.json", "record.txt", "record.json.sig", "record.txt.sig", "public-key.pem",
    ]

    /// Looks before anything is done whether the record can be kept: no record is overwritten.
    init(_ path: String) throws {
        self.path = try Locations.makeFolder(path)
        for name in Self.names where SealedFile.exists(path + "/" + name) {
            throw Problem.fileIsThere(path + "/" + name)
        }
        guard unsafe access(path, W_OK | X_OK) == 0 else {
            throw CardFileError.system(call: "access", path: path, errno: errno)
        }
    }

    /// Writes the record, and where there is a key its public half and its signatures.
    func write(_ outcome: CeremonyOutcome) throws {
        let json = try outcome.record.json()
        let text = Array(try outcome.record.text(Terminal.language).utf8)
        if let key = outcome.key {
            try put(PublicKeyInfo.pem(key.subjectPublicKeyInfo), "public-key.pem")
            try put(try key.signature(over: json), "record.json.sig")
            try put(try key.signature(over: text), "record.txt.sig")
        }
        try put(json, "record.json")
        try put(text, "record.txt")
    }

    private func put(_ bytes: [UInt8], _ name: String) throws {
        try SealedFile.writePlain(bytes, to: path + "/" + name)
    }
}
