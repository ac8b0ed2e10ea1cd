public import AuthorityCryptography
internal import COpenSSL
internal import CP11Kit
public import Secrets

/// What is done to tokens in ceremonies: initialising them, and making keys in them.
///
/// Nothing that is there already is overwritten: initialising takes a blank token only, and a label is given once.
public struct TokenSetup: Sendable {
    private let module: TokenModule

    public init(_ module: TokenModule) { self.module = module }

    /// The tokens in all slots now.
    public func tokens() throws(AuthorityKeyFailure) -> [TokenFacts] {
        module.refresh()
        return try module.use { (_) throws(AuthorityKeyFailure) in try module.tokens() }
    }

    /// The token with a label; `nil` where there is none.
    public func token(_ label: String) throws(AuthorityKeyFailure) -> TokenFacts? {
        let found = try tokens().filter { $0.isInitialized && $0.label == label }
        guard found.count < 2 else { throw .refused(.severalTokens) }
        return found.first
    }

    /// Initialises the first blank token: gives it a label of at most 32 bytes and the security officer's PIN.
    public func initialize(_ label: String, officerPIN: borrowing SecretBytes) throws(AuthorityKeyFailure) {
        let tokens = try tokens()
        guard !tokens.contains(where: { $0.isInitialized && $0.label == label }) else { throw .refused(.tokenExists) }
        guard let blank = tokens.first(where: { !$0.isInitialized }) else { throw .refused(.noBlankSlot) }
        guard blank.pinLengths.contains(officerPIN.count) else { throw .refused(.pinLength) }
        var field = Array(label.utf8.prefix(32))
        field.append(contentsOf: [UInt8](repeating: 0x20, count: 32 - field.count))
        var pin = officerPIN.copy()
        defer { wipe(&pin) }
        let count = CK_ULONG(pin.count)
        let value = try module.use { (_) throws(AuthorityKeyFailure) in
            unsafe fuda_p11_init_token(module.functions, blank.slot, &pin, count, &field)
        }
        try TokenReturn.check(value)
        module.refresh()
    }

    /// Sets the user's PIN, as the security officer.
    public func setUserPIN(
        of label: String,
        to userPIN: borrowing SecretBytes,
        officerPIN: borrowing SecretBytes
    ) throws(AuthorityKeyFailure) {
        var pin = userPIN.copy()
        defer { wipe(&pin) }
        let count = CK_ULONG(pin.count)
        try loggedIn(at: label, as: CKU_SO, officerPIN) { (session) throws(AuthorityKeyFailure) in
            try TokenReturn.check(unsafe fuda_p11_init_pin(session.functions, session.handle, &pin, count))
        }
    }

    /// Whether the token takes the PIN.
    ///
    /// A wrong one is ``AuthorityKeyFailure/refused(_:)``, and may cost a try.
    public func checkPIN(_ pin: borrowing SecretBytes, of label: String) throws(AuthorityKeyFailure) {
        try loggedIn(at: label, as: CKU_USER, pin) { (_) throws(AuthorityKeyFailure) in }
    }

    /// Makes a key pair in the token.
    ///
    /// The private half is made so that it can never be taken out, and what came of that is read back and held against
    /// it.
    public func makeKey(
        _ label: String,
        _ algorithm: SignatureAlgorithm,
        in token: String,
        pin: borrowing SecretBytes
    ) throws(AuthorityKeyFailure) -> TokenKeyFacts {
        try loggedIn(at: token, as: CKU_USER, pin) { (session) throws(AuthorityKeyFailure) in
            let named = [Attribute.number(CKA_CLASS, CKO_PRIVATE_KEY), .bytes(CKA_LABEL, Array(label.utf8))]
            guard try session.find(named).isEmpty else { throw .refused(.keyExists) }
            var identifier = [UInt8](repeating: 0, count: 16)
            guard unsafe RAND_bytes(&identifier, 16) == 1 else { throw .refused(.library) }
            let template = KeyTemplate(label: Array(label.utf8), identifier: identifier, algorithm: algorithm)
            let facts = try TokenKeyFacts(session, try template.generate(session))
            guard facts.staysInToken, facts.algorithm == algorithm else { throw .refused(.keyNotSafe) }
            return facts
        }
    }

    /// The private keys in the token; those of kinds that are not used here are left out.
    public func keys(in token: String, pin: borrowing SecretBytes) throws(AuthorityKeyFailure) -> [TokenKeyFacts] {
        try loggedIn(at: token, as: CKU_USER, pin) { (session) throws(AuthorityKeyFailure) in
            var facts: [TokenKeyFacts] = []
            for handle in try session.find([.number(CKA_CLASS, CKO_PRIVATE_KEY)]) {
                do throws(AuthorityKeyFailure) {
                    facts.append(try TokenKeyFacts(session, handle))
                } catch .refused {
                    continue
                }
            }
            return facts
        }
    }

    // MARK: - Parts

    private func present(_ label: String) throws(AuthorityKeyFailure) -> TokenFacts {
        guard let token = try token(label) else { throw .unavailable(TokenReturn.name(CKR_TOKEN_NOT_PRESENT)) }
        return token
    }

    /// Lends a session in which somebody has logged in, and ends it afterwards.
    private func loggedIn<Result>(
        at label: String,
        as user: CK_USER_TYPE,
        _ pin: borrowing SecretBytes,
        _ body: (TokenSession) throws(AuthorityKeyFailure) -> Result
    ) throws(AuthorityKeyFailure) -> Result {
        let token = try present(label)
        var bytes = pin.copy()
        let secret = SecretBytes(taking: &bytes)
        return try module.use { (_) throws(AuthorityKeyFailure) in
            let session = try TokenSession(module, slot: token.slot, writing: true)
            defer { session.close() }
            try TokenReturn.check(session.login(user, secret))
            defer { _ = unsafe fuda_p11_logout(session.functions, session.handle) }
            return try body(session)
        }
    }
}
