internal import AuthorityCryptography
internal import CP11Kit

/// The way from a URI to a key in a session: token, session, login, key.
struct TokenOpening {
    let locator: TokenKeyURI
    let module: TokenModule
    let pin: TokenPIN

    struct Opened {
        let epoch: Int
        let token: TokenFacts
        let session: TokenSession
        let object: TokenObject
        let mechanism: CK_MECHANISM_TYPE
    }

    /// Opens the key for the first time.
    func open() throws(AuthorityKeyFailure) -> Opened {
        try module.useInTime { [self] (epoch) throws(AuthorityKeyFailure) in
            do throws(AuthorityKeyFailure) {
                return try open(epoch)
            } catch {
                module.note(error, epoch: epoch)
                throw error
            }
        }
    }

    private func open(_ epoch: Int) throws(AuthorityKeyFailure) -> Opened {
        let token = try module.token(locator)
        let session = try TokenSession(module, slot: token.slot)
        do throws(AuthorityKeyFailure) {
            try module.logins.login(session, token) { () throws(AuthorityKeyFailure) in try pin.read() }
            let object = try TokenObject.find(session, label: locator.label, identifier: locator.identifier)
            let mechanism = try TokenSignature.mechanism(object.algorithm, module, slot: token.slot)
            try Self.prove(object, mechanism, session)
            return Opened(epoch: epoch, token: token, session: session, object: object, mechanism: mechanism)
        } catch {
            session.close()
            throw error
        }
    }

    /// Opens a further session for a key that was opened before; it has to be the same key.
    func reopen(_ key: TokenKey) throws(AuthorityKeyFailure) -> PooledSession {
        let token = try module.token(locator)
        let session = try TokenSession(module, slot: token.slot)
        do throws(AuthorityKeyFailure) {
            try module.logins.login(session, token) { () throws(AuthorityKeyFailure) in try pin.read() }
            let object = try TokenObject.find(session, label: locator.label, identifier: locator.identifier)
            guard object.subjectPublicKeyInfo == key.subjectPublicKeyInfo else { throw .refused(.keyReplaced) }
            return PooledSession(session: session, key: object.handle)
        } catch {
            session.close()
            throw error
        }
    }

    /// Lets the key sign and verifies it: a public half of the same CKA_ID that is another key's would make every
    /// certificate worthless.
    static func prove(
        _ object: TokenObject,
        _ mechanism: CK_MECHANISM_TYPE,
        _ session: TokenSession
    ) throws(AuthorityKeyFailure) {
        let message = Array("fuda: does this key belong to its public half?".utf8)
        let raw = try session.sign(
            TokenSignature.input(message, object.algorithm, mechanism),
            mechanism,
            key: object.handle,
            longest: TokenSignature.length(object.algorithm)
        )
        let signature = try TokenSignature.field(raw, object.algorithm)
        guard PublicKeyInfo.verifies(signature, over: message, by: object.subjectPublicKeyInfo) else {
            throw .refused(.foreignPublicKey)
        }
    }
}

extension TokenModule {
    /// The one token that a URI means.
    func token(_ locator: TokenKeyURI) throws(AuthorityKeyFailure) -> TokenFacts {
        let found = try tokens().filter { $0.isInitialized && locator.names($0) }
        guard let token = found.first else { throw .unavailable(TokenReturn.name(CKR_TOKEN_NOT_PRESENT)) }
        guard found.count == 1 else { throw .refused(.severalTokens) }
        return token
    }
}
