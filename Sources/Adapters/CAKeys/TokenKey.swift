public import AuthorityCryptography
internal import CP11Kit
internal import Secrets

/// An authority's key in a PKCS #11 token; it never leaves it.
///
/// Each signature has a session for itself, out of a bounded number of them. When the token or its module has gone, a
/// call answers ``AuthorityKeyFailure/unavailable(_:)``; the next one opens everything anew, so that work goes on when
/// the token is back, without a restart of the program.
public final class TokenKey: AuthorityKey {
    public let algorithm: SignatureAlgorithm
    public let subjectPublicKeyInfo: [UInt8]
    public var keepsWaiting: Bool { true }
    /// Where the key is, without module and PIN.
    public let locator: TokenKeyURI
    private let module: TokenModule
    private let pin: TokenPIN
    private let mechanism: CK_MECHANISM_TYPE
    private let pool: SessionPool

    /// Opens the key: finds the token, logs in, finds the one key that matches, and lets it sign once, to see that the
    /// public half beside it is its own.
    ///
    /// `sessions` is the greatest number of signatures at a time.
    public init(
        _ locator: TokenKeyURI,
        module: TokenModule,
        pin: TokenPIN,
        sessions: Int = 8
    ) throws(AuthorityKeyFailure) {
        let opening = TokenOpening(locator: locator, module: module, pin: pin)
        let opened: TokenOpening.Opened
        do throws(AuthorityKeyFailure) {
            opened = try opening.open()
        } catch  where error.isLoss {
            // The token may have come after the module last looked.
            module.refresh()
            opened = try opening.open()
        }
        self.locator = locator
        self.module = module
        self.pin = pin
        algorithm = opened.object.algorithm
        subjectPublicKeyInfo = opened.object.subjectPublicKeyInfo
        mechanism = opened.mechanism
        pool = SessionPool(limit: max(1, min(sessions, opened.token.sessionLimit ?? sessions)))
        pool.adopt(PooledSession(session: opened.session, key: opened.object.handle), epoch: opened.epoch)
    }

    deinit {
        let (epoch, sessions) = pool.empty()
        let module = module
        let call = TokenCall<Void>()
        call.start {
            module.useIfRunning(epoch) { for idle in sessions { idle.session.close() } }
            return .success(())
        } late: {
        }
        // Sessions end with the process, too: a token that does not answer is not waited for long.
        _ = call.wait(milliseconds: TokenModule.farewell)
    }

    public func signature(over message: [UInt8]) throws(AuthorityKeyFailure) -> [UInt8] {
        let input = TokenSignature.input(message, algorithm, mechanism)
        return try module.useInTime { [self] (epoch) throws(AuthorityKeyFailure) in
            let pooled = try session(epoch)
            do throws(AuthorityKeyFailure) {
                let raw = try pooled.session.sign(
                    input,
                    mechanism,
                    key: pooled.key,
                    longest: TokenSignature.length(algorithm)
                )
                let signature = try TokenSignature.field(raw, algorithm)
                pool.give(back: pooled, epoch: epoch)
                return signature
            } catch {
                pooled.session.close()
                pool.drop(epoch: epoch)
                module.note(error, epoch: epoch)
                throw error
            }
        }
    }

    /// A free session, or a new one.
    private func session(_ epoch: Int) throws(AuthorityKeyFailure) -> PooledSession {
        switch pool.take(epoch: epoch) {
        case .session(let pooled): return pooled
        case nil: throw .unavailable(.busy)
        case .mayOpen:
            do throws(AuthorityKeyFailure) {
                return try TokenOpening(locator: locator, module: module, pin: pin).reopen(self)
            } catch {
                if error == .unavailable("CKR_SESSION_COUNT"), pool.lowerLimit(epoch: epoch) {
                    return try session(epoch)
                }
                pool.drop(epoch: epoch)
                module.note(error, epoch: epoch)
                throw error
            }
        }
    }
}
