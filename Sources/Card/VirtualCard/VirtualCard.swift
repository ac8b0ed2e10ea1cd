public import CardCryptography
public import CardProfiles
import SmartCard

/// A My Number Card in memory: give it a command's bytes, and do what it says.
///
/// It never blocks, never does I/O and never reads a clock. A command either has an answer at once, or first asks for
/// changes to be made durable (``Step/commit(_:then:)``); the host makes them durable and hands the continuation back.
/// So a try is spent on the disk before the value that was sent is compared with anything.
///
/// Any bytes are a command: whatever arrives, the answer is at least a status (ISO/IEC 7816-4, 5.6).
public struct VirtualCard<Cryptography: CardCryptography>: Sendable {
    public private(set) var state: CardState<Cryptography>
    public let leniency: Leniency
    let cryptography: Cryptography
    var session = Session()

    public init(_ state: CardState<Cryptography>, cryptography: Cryptography, leniency: Leniency = []) {
        self.state = state
        self.cryptography = cryptography
        self.leniency = leniency
    }

    /// What the host does next.
    public enum Step: Sendable {
        case answer([UInt8])
        /// Make all of these durable, as a whole, then call ``VirtualCard/resume(_:)``; if that cannot be done, call
        /// ``VirtualCard/abandon(_:)``.
        case commit([Change], then: Continuation)
    }

    /// Where the card goes on after its changes are durable.
    ///
    /// Only the card can read it.
    public struct Continuation: Sendable {
        let changes: [Change]
        let next: Next

        enum Next: Sendable {
            case answer(ResponseAPDU)
            /// The try is spent: compare now. `place` is where the verified state is kept, `owner` where the value is.
            case compare([UInt8], FileID, owner: ObjectID, maximum: Int)
            case verified(FileID)
            /// A value was replaced by an authenticated terminal: what was verified with the old one is void.
            case replaced(FileID)
        }
    }

    /// Power off, then on: everything but the durable state is forgotten.
    public mutating func powerOff() { session = Session() }

    /// A warm reset, which on this card is the same as power off and on (docs/card/choices.md, U27).
    public mutating func reset() {
        if !leniency.contains(.warmResetKeepsState) { session = Session() }
    }

    /// Takes one command as it came over the wire.
    public mutating func receive(_ bytes: [UInt8]) -> Step {
        if leniency.contains(.firstCommandAnswers6F00), !session.hasAnswered {
            session.hasAnswered = true
            return .answer(StatusWord.selfDiagnosisFailed.bytes)
        }
        session.hasAnswered = true
        do throws(Refusal) {
            return try carryOut(bytes)
        } catch {
            return .answer(error.status.bytes)
        }
    }

    /// Goes on after the changes of a ``Step/commit(_:then:)`` have been made durable.
    public mutating func resume(_ continuation: Continuation) -> Step {
        do throws(StateFailure) {
            for change in continuation.changes { try state.apply(change, using: cryptography) }
        } catch {
            return .answer(StatusWord.selfDiagnosisFailed.bytes)
        }
        switch continuation.next {
        case .answer(let response):
            return .answer(response.bytes)
        case .compare(let value, let file, let owner, let maximum):
            return compare(value, file, owner: owner, maximum: maximum)
        case .verified(let file):
            session.status.insert(.verified(file))
            return .answer(StatusWord.success.bytes)
        case .replaced(let file):
            session.status.remove(.verified(file))
            return .answer(StatusWord.success.bytes)
        }
    }

    /// Goes on after the changes of a ``Step/commit(_:then:)`` could not be made durable: they have not happened.
    public mutating func abandon(_ continuation: Continuation) -> Step {
        .answer(StatusWord.memoryFailure.bytes)
    }
}

// MARK: - From bytes to meaning to action

extension VirtualCard {
    private mutating func carryOut(_ bytes: [UInt8]) throws(Refusal) -> Step {
        let apdu: CommandAPDU
        do throws(MalformedCommand) {
            apdu = try CommandAPDU(parsing: bytes)
        } catch {
            // Class and instruction are looked at first, also when the lengths are wrong.
            if let header = error.header {
                try checkClass(header)
                if header.cla & 0x0C != 0 {
                    try checkSecuredInstruction(header.ins)
                } else {
                    _ = try entry(cla: header.cla, ins: header.ins)
                }
            }
            throw Refusal(.wrongLength)
        }
        try checkClass(CommandAPDU.Header(cla: apdu.cla, ins: apdu.ins, p1: apdu.p1, p2: apdu.p2))
        if apdu.cla & 0x0C != 0 { return try carryOutSecured(apdu) }
        let entry = try entry(cla: apdu.cla, ins: apdu.ins)
        return try perform(try entry.parse(apdu))
    }

    /// The class byte's rules (ISO/IEC 7816-4, 5.4.1): no logical channels, no chaining, secure messaging only where a
    /// session exists.
    private func checkClass(_ header: CommandAPDU.Header) throws(Refusal) {
        switch header.cla {
        case 0x00, 0x80:
            return
        case 0x04, 0x08, 0x0C:
            try checkSecureClass(header)
        case 0x10, 0x14, 0x18, 0x1C:
            throw Refusal(.chainingNotSupported)
        case 0x01...0x1F, 0x40...0x6F:
            throw Refusal(.logicalChannelNotSupported)
        default:
            throw Refusal(.classNotSupported)
        }
    }

    private func entry(cla: UInt8, ins: UInt8) throws(Refusal) -> InstructionTable.Entry {
        let table = state.isClosed ? InstructionTable.operational : .blank
        guard let entry = table.entry(cla: cla, ins: ins) else { throw Refusal(.instructionNotSupported) }
        if let command = entry.command, !knows(command) { throw Refusal(.instructionNotSupported) }
        return entry
    }

    private func knows(_ command: CommandSet) -> Bool {
        if command == .terminalCertificate, !leniency.contains(.terminalCertificates) { return false }
        return application.commands.contains(command)
    }

    mutating func perform(_ command: CardCommand) throws(Refusal) -> Step {
        switch command {
        case .selectApplication(let name, let next, let answer):
            return .answer(try select(name, next: next, answer: answer))
        case .selectCardManager(let answer): return .answer(enter(0, answer: answer))
        case .selectCurrentApplication: return .answer(try selectCurrentApplication())
        case .selectUnderMasterFile: throw Refusal(.fileNotFound)
        case .selectFile(let file, let answer): return .answer(try select(file, answer: answer))
        case .readBinary(let file, let offset, let count):
            return .answer(try readBinary(file, offset: offset, count: count))
        case .readRecord(let file, let number, let count):
            return .answer(try readRecord(file, number: number, count: count))
        case .queryTries(let file): return .answer(try queryTries(file))
        case .verify(let file, let value): return try verify(file, value)
        case .change(let file, let value): return try change(file, to: value)
        case .unblock(let file, let value): return try unblock(file, to: value)
        case .resetCounter(let file): return try resetCounter(file)
        case .computeSignature(let key, let form, let input):
            return .answer(try computeSignature(key, form, input))
        case .internalAuthenticate(let file, let challenge):
            return .answer(try internalAuthenticate(file, challenge))
        case .getChallenge(let count): return .answer(try getChallenge(count))
        case .externalAuthenticate(let cryptogram): return .answer(try externalAuthenticate(cryptogram))
        case .getData(let tag, let count): return .answer(try getData(tag, count: count))
        case .setSessionKey(let cryptogram): return .answer(try setSessionKey(cryptogram))
        case .presentTerminalCertificate(let bytes): return .answer(try presentTerminalCertificate(bytes))
        case .presentTerminalSignature(let bytes): return .answer(try presentTerminalSignature(bytes))
        case .issuerOnly: throw Refusal(.securityStatusNotSatisfied)
        case .lastCommandIndicator: return .answer(try endExchange())
        case .generateKeyPair(let file, let count): return try generateKeyPair(file, count: count)
        case .storeData(let data): return try store(data)
        case .close: return .commit([.closed], then: Continuation(changes: [.closed], next: .answer(.init(.success))))
        }
    }

    /// Ends a phone token's exchange; the card itself answers 6700.
    private mutating func endExchange() throws(Refusal) -> [UInt8] {
        guard state.kind == .iphone else { throw Refusal(.wrongLength) }
        session = Session()
        session.hasAnswered = true
        return StatusWord.success.bytes
    }
}

// MARK: - What every command needs

extension VirtualCard {
    var application: ApplicationProfile { state.profile.applications[session.application] }

    /// A file of the current application: its index, its profile, its content.
    struct CurrentFile {
        let index: Int
        let profile: FileProfile
        let object: ObjectID
        let content: CardState<Cryptography>.FileState
    }

    func file(_ reference: FileReference) throws(Refusal) -> CurrentFile {
        let index: Int
        switch reference {
        case .current:
            guard let current = session.file else { throw Refusal(.noCurrentFile) }
            index = current
        case .short(let sfi):
            guard let found = application.files.firstIndex(where: { $0.id == FileID(UInt16(sfi)) && $0.isSelectable })
            else { throw Refusal(.fileNotFound) }
            index = found
        }
        let profile = application.files[index]
        return CurrentFile(
            index: index,
            profile: profile,
            object: ObjectID(application.place, profile.id),
            content: state.files[session.application][index]
        )
    }

    func require(_ rule: AccessRule) throws(Refusal) {
        guard rule.isSatisfied(by: session.status) else { throw Refusal(.securityStatusNotSatisfied) }
    }

    /// Runs a library call; its failure is the card's 6F00.
    func attempt<Result>(
        _ body: (Cryptography) throws(CryptographyFailure) -> Result
    ) throws(Refusal) -> Result {
        do throws(CryptographyFailure) {
            return try body(cryptography)
        } catch {
            throw Refusal(.selfDiagnosisFailed)
        }
    }

    func commit(_ changes: [Change], then next: Continuation.Next) -> Step {
        .commit(changes, then: Continuation(changes: changes, next: next))
    }
}
