import CardCryptography
import CardProfiles
import Secrets
import SmartCard

extension VirtualCard {
    /// An empty VERIFY: always `63Cx` with the counter, also when verified and when blocked, or OpenSC gives up the card.
    func queryTries(_ reference: FileReference) throws(Refusal) -> [UInt8] {
        let (file, rule, owner) = try referenceFile(reference)
        let isVerified = session.status.contains(.verified(file.profile.id))
        if isVerified, leniency.contains(.verifiedQueryAnswers9000) { return StatusWord.success.bytes }
        let left = rule.isVoid ? 0 : state.reference(owner).triesLeft
        return StatusWord.verificationFailed(triesLeft: left).bytes
    }

    /// Spends a try, and no more: the comparison is in ``compare(_:_:owner:maximum:)``, after the commit.
    mutating func verify(_ reference: FileReference, _ value: [UInt8]) throws(Refusal) -> Step {
        let (file, rule, owner) = try referenceFile(reference)
        let stored = state.reference(owner)
        guard !rule.isVoid, stored.isSet, stored.triesLeft > 0 else {
            throw Refusal(leniency.contains(.blockedAnswers6983) ? .authenticationMethodBlocked : .referenceBlocked)
        }
        return commit(
            [.tries(owner, stored.triesLeft - 1)],
            then: .compare(value, file.profile.id, owner: owner, maximum: rule.tries)
        )
    }

    mutating func compare(_ value: [UInt8], _ file: FileID, owner: ObjectID, maximum: Int) -> Step {
        // Whatever was verified before, a wrong value ends it.
        session.status.remove(.verified(file))
        let stored = state.reference(owner)
        do throws(Refusal) {
            let verifier = try attempt { (library) throws(CryptographyFailure) in
                try library.hmacSHA256(key: stored.salt, value)
            }
            guard equalInConstantTime(verifier, stored.verifier) else {
                return .answer(StatusWord.verificationFailed(triesLeft: stored.triesLeft).bytes)
            }
        } catch {
            return .answer(error.status.bytes)
        }
        return commit([.tries(owner, maximum)], then: .verified(file))
    }

    mutating func change(_ reference: FileReference, to value: [UInt8]) throws(Refusal) -> Step {
        let (_, rule, owner) = try referenceFile(reference)
        try require(rule.change)
        return commit([try newValue(value, rule, owner)], then: .answer(ResponseAPDU(.success)))
    }

    /// Sets a new value and all its tries, behind the terminal's authentication.
    mutating func unblock(_ reference: FileReference, to value: [UInt8]) throws(Refusal) -> Step {
        let (file, rule, owner) = try referenceFile(reference)
        try require(rule.unblock)
        guard rule.change != .never else { throw Refusal(.conditionsNotSatisfied) }
        return commit([try newValue(value, rule, owner)], then: .replaced(file.profile.id))
    }

    /// Gives all tries back without touching the value, behind the terminal's authentication.
    mutating func resetCounter(_ reference: FileReference) throws(Refusal) -> Step {
        let (file, rule, owner) = try referenceFile(reference)
        try require(rule.unblock)
        guard state.reference(owner).isSet else { throw Refusal(.conditionsNotSatisfied) }
        return commit([.tries(owner, rule.tries)], then: .replaced(file.profile.id))
    }

    func newValue(_ value: [UInt8], _ rule: ReferenceRule, _ owner: ObjectID) throws(Refusal) -> Change {
        guard rule.admits(value) else { throw Refusal(.wrongData) }
        return try attempt { (library) throws(CryptographyFailure) in
            let salt = try library.randomBytes(16)
            let verifier = try library.hmacSHA256(key: salt, value)
            return .reference(owner, salt: salt, verifier: verifier, tries: rule.tries)
        }
    }

    /// The file, its rule, and the place where its value and counter are kept.
    func referenceFile(_ reference: FileReference) throws(Refusal) -> (CurrentFile, ReferenceRule, owner: ObjectID) {
        let file = try file(reference)
        switch file.profile.kind {
        case .reference(let rule): return (file, rule, rule.sharedWith ?? file.object)
        case .placeholder: throw Refusal(.conditionsNotSatisfied)
        default: throw Refusal(.incompatibleWithFileStructure)
        }
    }
}
