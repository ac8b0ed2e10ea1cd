import AuthorityCryptography
import CAKeys
import KeyCeremony
import Secrets

/// The ceremony of a key in a token: does what ``KeyCeremony`` says, with PINs that take both custodians' secrets.
struct TokenCeremony: ~Copyable {
    private var ceremony: KeyCeremony
    private let label: String
    private let module: TokenModule
    private let setup: TokenSetup
    private let officerPIN: SecretBytes
    private let userPIN: SecretBytes
    private var key: TokenKey?
    private var made: TokenKeyFacts?

    init(
        _ plan: CeremonyPlan,
        token label: String,
        module: TokenModule,
        secrets: borrowing CustodianSecrets
    ) {
        ceremony = KeyCeremony(plan, startedAt: CeremonyOutcome.now())
        self.label = label
        self.module = module
        setup = TokenSetup(module)
        officerPIN = secrets.pin(.officer, token: label)
        userPIN = secrets.pin(.user, token: label)
    }

    mutating func run() -> CeremonyOutcome {
        var failure: AuthorityKeyFailure?
        while failure == nil, let step = ceremony.next {
            do throws(AuthorityKeyFailure) {
                try perform(step)
                ceremony.finish(failure: nil, at: CeremonyOutcome.now())
            } catch {
                ceremony.finish(failure: error.word, at: CeremonyOutcome.now())
                failure = error
            }
        }
        let token = try? setup.token(label)
        let record = ceremony.record(
            token: token.flatMap(\.self).map { facts in
                CeremonyRecord.Token(
                    label: facts.label,
                    manufacturer: facts.manufacturer,
                    model: facts.model,
                    serial: facts.serial,
                    library: facts.library
                )
            },
            key: made.map { facts in
                CeremonyRecord.Key(
                    locator: locatorText,
                    algorithm: facts.algorithm,
                    subjectPublicKeyInfo: facts.subjectPublicKeyInfo
                )
            },
            endedAt: CeremonyOutcome.now()
        )
        return CeremonyOutcome(record: record, key: failure == nil ? key : nil, failure: failure)
    }

    private var locatorText: String { "pkcs11:token=\(label);object=\(ceremony.plan.keyLabel)" }

    private mutating func perform(_ step: CeremonyStep) throws(AuthorityKeyFailure) {
        switch step {
        case .initializeToken: try setup.initialize(label, officerPIN: officerPIN)
        case .setUserPIN: try setup.setUserPIN(of: label, to: userPIN, officerPIN: officerPIN)
        case .checkUserPIN: try setup.checkPIN(userPIN, of: label)
        case .generateKey:
            made = try setup.makeKey(ceremony.plan.keyLabel, ceremony.plan.algorithm, in: label, pin: userPIN)
        case .testKey:
            guard let locator = try? TokenKeyURI(locatorText) else { throw .refused(KeyReason.keyNotFound.rawValue) }
            let key = try TokenKey(locator, module: module, pin: .held(userPIN), sessions: 1)
            guard key.subjectPublicKeyInfo == made?.subjectPublicKeyInfo else {
                throw .refused(KeyReason.keyReplaced.rawValue)
            }
            try CeremonyOutcome.test(key)
            self.key = key
        }
    }
}
