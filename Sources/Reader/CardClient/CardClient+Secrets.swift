public import CardProfiles
import Secrets
import SmartCard

/// What a card says about the tries that a secret has left.
public enum TriesLeft: Hashable, Sendable {
    case left(Int)
    case blocked
    /// Not counted.
    case unlimited
    /// The card says that it is verified, and not how many tries are left.
    case verified
    /// This card has no such secret.
    case absent
}

/// Leave to send one VERIFY: got by reading the counter, used up by sending.
public struct VerificationPermit: ~Copyable, Sendable {
    public let kind: SecretKind
    public let triesLeft: TriesLeft
    let file: ObjectID
}

extension CardClient {
    /// Reads a secret's counter; no try is spent.
    public mutating func triesLeft(_ file: ObjectID) throws(CardError) -> TriesLeft {
        let step = CardStep.query(file)
        do throws(CardError) {
            try select(file)
        } catch .missing {
            return .absent
        }
        // Without a body: all cards know it so (docs/card/commands.md, 4).
        let response = try transmit(CommandAPDU(ins: 0x20, p2: 0x80).bytes, step)
        switch response.status {
        case .success: return .verified
        case .mismatch: return .unlimited
        case .referenceBlocked, .authenticationMethodBlocked: return .blocked
        default:
            guard let left = response.status.triesLeft else { throw CardError(response.status, step) }
            return left == 0 ? .blocked : .left(left)
        }
    }

    /// Reads the counter and gives leave to send one VERIFY.
    ///
    /// Refused where no try is left, and where the last one would be spent unless that is allowed.
    public mutating func prepareToVerify(
        _ kind: SecretKind,
        in place: Place? = nil,
        allowingLastTry: Bool = false
    ) throws(CardError) -> VerificationPermit {
        let place = place ?? kind.homePlace
        guard let file = kind.file(in: place) else { throw .missing(.select(place)) }
        let left = try triesLeft(file)
        switch left {
        case .absent: throw .missing(.query(file))
        case .blocked: throw .blocked(kind)
        case .left(1) where !allowingLastTry: throw .lastTry(kind)
        case .left, .unlimited, .verified: return VerificationPermit(kind: kind, triesLeft: left, file: file)
        }
    }

    /// Sends one VERIFY, and never a second.
    ///
    /// Where the answer does not come, ``CardError/outcomeUnknown(_:_:)``: it is not known whether a try was spent.
    public mutating func verify(
        _ permit: consuming VerificationPermit,
        _ secret: borrowing JudgedSecret
    ) throws(CardError) {
        let (kind, file) = (permit.kind, permit.file)
        guard secret.kind == kind else { throw .badShape(kind, .looksLike(secret.kind)) }
        try select(file)
        let status = try sendSecret([0x00, 0x20, 0x00, 0x80], secret, kind)
        switch status {
        case .success: isUnlocked = true
        case .mismatch: throw .wrongSecret(kind, triesLeft: nil)
        case .referenceBlocked, .authenticationMethodBlocked: throw .blocked(kind)
        default:
            guard let left = status.triesLeft else {
                // Not a plain yes and not a no: it may have been a yes.
                isUnlocked = true
                throw CardError(status, .verify(file))
            }
            throw .wrongSecret(kind, triesLeft: left)
        }
    }

    /// Sets a new value for a secret that has just been verified.
    ///
    /// JPKI and input support: CHANGE REFERENCE DATA with the new value alone; common and resident register: JICSAP's
    /// CHANGE KEY (myna, myna-card).
    public mutating func change(_ kind: SecretKind, to new: borrowing JudgedSecret) throws(CardError) {
        let file = kind.home
        let step = CardStep.change(file)
        guard new.kind == kind else { throw .badShape(kind, .looksLike(new.kind)) }
        try select(file)
        let knowsKey = CardProfile.of(.plastic).application(file.place)?.commands.contains(.changeKey) == true
        let header: [UInt8] = knowsKey ? [0x80, 0x32, 0x00, 0x80] : [0x00, 0x24, 0x01, 0x80]
        try expectSuccess(ResponseAPDU(try sendSecret(header, new, kind)), step)
    }

    /// Asks for the challenge that a terminal answers to prove itself; good for one answer in this application.
    ///
    /// What real terminals do is not public; this is what the simulated card obeys (docs/card/choices.md, C16).
    public mutating func terminalChallenge(in place: Place) throws(CardError) -> [UInt8] {
        try select(place)
        let response = try exchange(CommandAPDU(ins: 0x84, le: 16), .challenge)
        try expectSuccess(response, .challenge)
        return response.data
    }

    /// Gives the terminal's answer to the challenge asked for just before.
    public mutating func authenticateTerminal(_ cryptogram: [UInt8]) throws(CardError) {
        let command = CommandAPDU(ins: 0x82, data: cryptogram)
        try expectSuccess(try exchange(command, .authenticateTerminal), .authenticateTerminal)
        isUnlocked = true
    }

    /// Gives a blocked secret a new value and its tries back; the terminal has to be authenticated.
    ///
    /// The real command is not public; this is the simulated card's (docs/card/choices.md, U2).
    public mutating func unblock(_ kind: SecretKind, settingTo new: borrowing JudgedSecret) throws(CardError) {
        let file = kind.home
        guard new.kind == kind else { throw .badShape(kind, .looksLike(new.kind)) }
        try select(file)
        let status = try sendSecret([0x00, 0x2C, 0x02, 0x80], new, kind)
        try expectSuccess(ResponseAPDU(status), .unblock(file))
    }

    /// Sends a header with a secret behind it, and wipes the command however that ends.
    private mutating func sendSecret(
        _ header: [UInt8],
        _ secret: borrowing JudgedSecret,
        _ kind: SecretKind
    ) throws(CardError) -> StatusWord {
        var command: [UInt8] = []
        command.reserveCapacity(header.count + 1 + secret.bytes.count)
        for byte in header { command.append(byte) }
        command.append(UInt8(truncatingIfNeeded: secret.bytes.count))
        for index in 0..<secret.bytes.count { command.append(secret.bytes[index]) }
        defer { wipe(&command) }
        let answer: [UInt8]
        do throws(ChannelFailure) {
            answer = try channel.transmit(command)
        } catch {
            forgetSelection()
            isUnlocked = true
            throw .outcomeUnknown(kind, error)
        }
        guard let response = ResponseAPDU(parsing: answer) else {
            forgetSelection()
            isUnlocked = true
            throw .outcomeUnknown(kind, .garbled)
        }
        return response.status
    }
}
