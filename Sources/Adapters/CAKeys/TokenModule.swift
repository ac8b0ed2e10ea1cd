public import AuthorityCryptography
internal import CP11Kit
internal import Synchronization
import Threads

/// A PKCS #11 module in this process: loaded once, initialised once, and restarted when its tokens were lost.
///
/// Calls may come from several threads; the module locks for itself. A restart (C_Finalize, C_Initialize) waits until no
/// call is inside and lets none in meanwhile. Each restart begins an epoch; sessions belong to one and are worthless in
/// the next. All keys of one module in a process share it, so a restart that one token needs makes the keys of the
/// others open their sessions again, unseen.
// The pointer is only read after initialisation.
@safe public final class TokenModule: @unchecked Sendable {
    public let path: String
    let functions: UnsafeMutablePointer<CK_FUNCTION_LIST>
    let logins = LoginGuard()
    private let state = Monitor(State())

    private struct State {
        /// 0 before the module was first initialised.
        var epoch = 0
        var inside = 0
        var isRestarting = false
        /// Why what was opened in this epoch is worthless.
        var failure: String? = nil
        var lastStart: Int? = nil
        /// Calls that were given up and have not come back.
        var overdue = 0
    }

    /// The shortest time between two restarts: a token that is away is looked for once a second, whoever calls how often.
    private static let restartInterval = 1_000
    /// How long a call waits for its turn, in milliseconds.
    static let patience = 10_000
    /// How long a whole call may take, waiting included, in milliseconds.
    private static let silence = 15_000
    /// How long sessions may take to close, in milliseconds.
    static let farewell = 3_000

    private static let loaded = Mutex<[String: TokenModule]>([:])

    /// The module at an absolute path; it stays loaded until the process ends.
    public static func load(_ path: String) throws(AuthorityKeyFailure) -> TokenModule {
        let result: Result<TokenModule, AuthorityKeyFailure> = loaded.withLock { loaded in
            if let module = loaded[path] { return .success(module) }
            guard path.hasPrefix("/"),
                let functions = unsafe p11_kit_module_load(path, Int32(P11_KIT_MODULE_UNMANAGED))
            else { return .failure(.unavailable(.moduleNotLoaded)) }
            guard unsafe fuda_p11_is_complete(functions) != 0 else { return .failure(.refused(.moduleNotLoaded)) }
            let module = unsafe TokenModule(path, functions)
            loaded[path] = module
            return .success(module)
        }
        return try result.get()
    }

    @unsafe private init(_ path: String, _ functions: UnsafeMutablePointer<CK_FUNCTION_LIST>) {
        self.path = path
        unsafe self.functions = functions
    }

    /// Lends the running module to `body`, together with its epoch; starts or restarts it before where that is needed.
    func use<Result>(
        _ body: (Int) throws(AuthorityKeyFailure) -> Result
    ) throws(AuthorityKeyFailure) -> Result {
        let epoch = try enter()
        defer { state.access { $0.inside -= 1 } }
        return try body(epoch)
    }

    /// The same on a thread of its own: nobody waits longer than ``silence`` for a module that does not answer.
    ///
    /// While a call is overdue, others are refused at once; they would wait as long, and for nothing.
    func useInTime<Result>(
        _ body: @escaping (Int) throws(AuthorityKeyFailure) -> Result
    ) throws(AuthorityKeyFailure) -> Result {
        guard state.access({ $0.overdue == 0 }) else { throw .unavailable(.busy) }
        let call = TokenCall<Result>()
        call.start {
            do throws(AuthorityKeyFailure) {
                return .success(try self.use(body))
            } catch {
                return .failure(error)
            }
        } late: {
            self.state.access { $0.overdue -= 1 }
        }
        if let outcome = call.wait(milliseconds: Self.silence) { return try outcome.get() }
        state.access { $0.overdue += 1 }
        guard let outcome = call.giveUp() else { throw .unavailable(.busy) }
        state.access { $0.overdue -= 1 }
        return try outcome.get()
    }

    /// Says how something that was done in an epoch failed.
    ///
    /// Where the token or the module said that it has gone, the next use restarts the module. A missing PIN file, or
    /// waiting in vain, concerns one key and none of the others.
    func note(_ failure: AuthorityKeyFailure, epoch: Int) {
        guard failure.isLoss else { return }
        state.access { state in
            if state.epoch == epoch, state.failure == nil { state.failure = failure.word }
        }
    }

    /// Makes the next use restart the module at once, so that it sees tokens that have come since it started.
    func refresh() {
        state.access { state in
            if state.epoch > 0, state.failure == nil { state.failure = "CKR_TOKEN_NOT_PRESENT" }
            state.lastStart = nil
        }
    }

    /// Calls without starting anything: for what is closed at the end.
    ///
    /// Nothing is done when the epoch is over.
    func useIfRunning(_ epoch: Int, _ body: () -> Void) {
        let isIn = state.access { state in
            guard state.epoch == epoch, state.failure == nil, !state.isRestarting, state.overdue == 0 else {
                return false
            }
            state.inside += 1
            return true
        }
        guard isIn else { return }
        body()
        state.access { $0.inside -= 1 }
    }

    // MARK: - Parts

    private enum Turn {
        case inside(Int)
        case mustRestart
        case mustWait(String)
    }

    private func enter() throws(AuthorityKeyFailure) -> Int {
        while true {
            let turn = state.wait(milliseconds: Self.patience) { state -> Turn? in
                if state.isRestarting { return nil }
                if state.epoch > 0, state.failure == nil {
                    state.inside += 1
                    return .inside(state.epoch)
                }
                if let last = state.lastStart, Instant.now() - last < Self.restartInterval {
                    return .mustWait(state.failure ?? KeyReason.moduleNotLoaded.rawValue)
                }
                state.isRestarting = true
                return .mustRestart
            }
            switch turn {
            case .inside(let epoch): return epoch
            case .mustWait(let word): throw .unavailable(word)
            case .mustRestart: try restart()
            case nil: throw .unavailable(.busy)
            }
        }
    }

    private func restart() throws(AuthorityKeyFailure) {
        let epoch = state.wait(milliseconds: Self.patience) { $0.inside == 0 ? $0.epoch : nil }
        guard let epoch else {
            state.access { $0.isRestarting = false }
            throw .unavailable(.busy)
        }
        if epoch > 0 { _ = unsafe fuda_p11_finalize(functions) }
        let value = unsafe fuda_p11_initialize(functions)
        let isRunning = value == CKR_OK || value == CKR_CRYPTOKI_ALREADY_INITIALIZED
        state.access { state in
            state.isRestarting = false
            state.lastStart = Instant.now()
            state.failure = isRunning ? nil : TokenReturn.name(value)
            if isRunning { state.epoch += 1 }
        }
        guard isRunning else { throw .unavailable(TokenReturn.name(value)) }
    }
}
