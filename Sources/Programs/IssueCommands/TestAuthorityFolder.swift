import CardStorage
import Issuance
import Problems
import Terminal

/// The offline test authority on this machine: made on first use, its keys sealed under the storage key.
struct TestAuthorityFolder {
    let path: String
    private let storageKey: [UInt8]
    private static let purpose = "fuda test authority"

    /// `path` nil means the user's data folder.
    init(path: String?, storageKey: [UInt8]) throws {
        self.path = try Locations.makeFolder(try path ?? (Locations.userData() + "/authority"))
        self.storageKey = storageKey
    }

    /// Lends the authority to `body` and keeps what it became, before anything that was issued is given to anybody.
    ///
    /// One process at a time: serial numbers are given out once.
    func withAuthority<Result>(now: Int64, _ body: (inout OfflineAuthority) throws -> Result) throws -> Result {
        try SealedFile.exclusively(path + "/lock") {
            var authority = try open(now: now)
            let result = try body(&authority)
            try SealedFile.write(authority.encoded(), to: file, storageKey: storageKey, purpose: Self.purpose)
            return result
        }
    }

    /// The authority as it is, without making one.
    func existing() throws -> OfflineAuthority {
        guard SealedFile.exists(file) else {
            throw Problem(
                code: "authority-missing",
                outcome: .inputFile,
                whatHappened: Text(ja: "試験用認証局がありません: \(path)", en: "There is no test authority in \(path)."),
                whatToDo: Text(ja: "`fuda card new` で作られます。", en: "`fuda card new` makes it.")
            )
        }
        return try open(now: 0)
    }

    private var file: String { path + "/authority.sealed" }

    private func open(now: Int64) throws -> OfflineAuthority {
        if SealedFile.exists(file) {
            return try OfflineAuthority(
                decoding: try SealedFile.read(file, storageKey: storageKey, purpose: Self.purpose)
            )
        }
        Terminal.note(Terminal.say("試験用の認証局を作っています…", "making the test authority…"))
        let authority = try OfflineAuthority(generatingAt: now)
        for anchor in authority.publicAnchors() {
            let name = anchor.name.hasPrefix("cv-") ? "\(anchor.name).txt" : "\(anchor.name).der"
            try SealedFile.writePlain(anchor.bytes, to: path + "/" + name)
        }
        return authority
    }
}
