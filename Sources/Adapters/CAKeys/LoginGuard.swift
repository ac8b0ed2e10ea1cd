internal import AuthorityCryptography
internal import COpenSSL
internal import CP11Kit
internal import Secrets
internal import Synchronization

/// Logs in one at a time, and never shows a token a PIN twice that it refused: tries are counted, and a service that
/// opens its keys again and again would spend them all.
final class LoginGuard: Sendable {
    /// Digests of the refused PINs by token, with a salt that this process alone knows.
    private let refused = Mutex<[String: [UInt8]]>([:])
    private let salt: [UInt8] = {
        var salt = [UInt8](repeating: 0, count: 32)
        return unsafe RAND_bytes(&salt, 32) == 1 ? salt : []
    }()

    /// Logs the process in at a token where it is not yet.
    ///
    /// A program is refused the last try; `spendingLastTry` is for people who know what they do.
    func login(
        _ session: TokenSession,
        _ token: TokenFacts,
        spendingLastTry: Bool = false,
        pin: () throws(AuthorityKeyFailure) -> SecretBytes
    ) throws(AuthorityKeyFailure) {
        let result: Result<Void, AuthorityKeyFailure> = refused.withLock { refused in
            do throws(AuthorityKeyFailure) {
                guard try !session.isLoggedIn() else { return .success(()) }
                guard !token.isUserPINLocked else { throw .refused(TokenReturn.name(CKR_PIN_LOCKED)) }
                guard spendingLastTry || !token.hasOneTryLeft else { throw .refused(.lastTry) }
                let secret = try pin()
                let digest = digest(secret)
                guard digest != refused[token.identity] else { throw .refused(.pinRefusedBefore) }
                let value = session.login(CKU_USER, secret)
                if value == CKR_PIN_INCORRECT { refused[token.identity] = digest }
                guard value == CKR_OK || value == CKR_USER_ALREADY_LOGGED_IN else { throw TokenReturn.failure(value) }
                refused[token.identity] = nil
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    private func digest(_ pin: borrowing SecretBytes) -> [UInt8] {
        var bytes = salt + pin.copy()
        defer { wipe(&bytes) }
        return MessageDigest.sha256(bytes)
    }
}
