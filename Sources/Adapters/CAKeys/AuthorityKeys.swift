public import AuthorityCryptography
public import Secrets

/// Opens keys by their locators: what a machine's configuration adds to what the log keeps.
public struct AuthorityKeys: Sendable {
    private let folder: String
    private let passphrase: @Sendable () throws(AuthorityKeyFailure) -> SecretBytes
    private let module: String?
    private let pinFile: String?
    private let sessions: Int

    /// `folder` holds the key files, which all have one passphrase.
    ///
    /// `module` and `pinFile` are absolute paths, for PKCS #11 URIs that name none. `sessions` is how many signatures
    /// of one key are made at a time in a token.
    public init(
        folder: String,
        module: String? = nil,
        pinFile: String? = nil,
        sessions: Int = 8,
        passphrase: @escaping @Sendable () throws(AuthorityKeyFailure) -> SecretBytes
    ) {
        self.folder = folder
        self.module = module
        self.pinFile = pinFile
        self.sessions = sessions
        self.passphrase = passphrase
    }

    /// Opens the key.
    ///
    /// Keys of one token may be opened any number of times; each has its own sessions.
    public func open(_ locator: KeyLocator) throws(AuthorityKeyFailure) -> any AuthorityKey {
        switch locator {
        case .file(let name):
            let secret = try passphrase()
            return try KeyFile(opening: path(name), passphrase: secret)
        case .token(let uri):
            guard let path = uri.modulePath ?? module else { throw .refused(.noModule) }
            guard let pin = uri.pinFile ?? pinFile else { throw .refused(.noPINSource) }
            return try TokenKey(uri, module: try .load(path), pin: .file(pin), sessions: sessions)
        }
    }

    /// Makes a key file of that name in the folder; one that is there is refused.
    public func makeFile(_ name: String, _ algorithm: SignatureAlgorithm) throws(AuthorityKeyFailure) -> KeyFile {
        guard case .file(let name)? = try? KeyLocator("file:" + name) else { throw .refused(.fileFailed) }
        let secret = try passphrase()
        return try KeyFile.make(algorithm, at: path(name), passphrase: secret)
    }

    private func path(_ name: String) -> String { folder + "/" + name }
}
