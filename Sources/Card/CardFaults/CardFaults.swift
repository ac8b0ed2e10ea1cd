import SmartCard

/// Stands between a reader and a card and spoils what passes, by name; the card itself never knows.
///
/// A value without I/O: it is given a command and a way to ask the card, and says what the reader meets. What it asks the
/// card beside the reader's own command are reads, so nothing durable changes that the reader did not ask for.
///
/// Every fault counts the reader's commands for itself, from the moment it was added.
public struct CardFaults: Hashable, Sendable {
    /// What is in force, each with the position that is left of it.
    public private(set) var inForce: [CardFault] = []
    /// What of an answer is still to be fetched with GET RESPONSE.
    private var rest: ResponseAPDU?

    public init(_ faults: [CardFault] = []) {
        for fault in faults { add(fault) }
    }

    /// What the reader meets in place of a plain answer.
    public struct Reaction: Hashable, Sendable {
        /// How long nothing happens first.
        public var milliseconds = 0
        public var outcome: Outcome

        public enum Outcome: Hashable, Sendable {
            case answer([UInt8])
            /// Bytes that are no answer, to be sent as they are.
            case garbage([UInt8])
            /// The card has left the reader and stays out until it is put back.
            case tornOut
        }
    }

    /// Adds to what is in force; a lasting fault that is there already starts anew.
    public mutating func add(_ fault: CardFault) {
        if fault.kind.isLasting { inForce.removeAll { $0.kind == fault.kind } }
        inForce.append(fault)
    }

    /// Ends every fault; of a divided answer the rest is lost.
    public mutating func clear() { self = Self() }

    /// Forgets the rest of a divided answer, as a card does that loses its power or is reset.
    public mutating func reset() { rest = nil }

    /// What happens at a command, whatever its bytes.
    ///
    /// `card` is asked once with the command, or not at all, or further times for reads.
    public mutating func respond(to command: [UInt8], asking card: ([UInt8]) -> [UInt8]) -> Reaction {
        let due = countDown(command)
        let delay = due.first { $0.kind == .slow }?.milliseconds ?? 0
        let outcome = outcome(of: command, Set(due.map(\.kind)), card)
        if outcome == .tornOut { rest = nil }
        return Reaction(milliseconds: delay, outcome: outcome)
    }

    // MARK: - Counting

    /// Brings every fault one command nearer and gives those that strike now.
    private mutating func countDown(_ command: [UInt8]) -> [CardFault] {
        let isVerify = Self.isVerify(command)
        var due: [CardFault] = []
        var left: [CardFault] = []
        for var fault in inForce {
            let isCounted = isVerify || fault.kind != .verifyAnswerLost
            let strikes = isCounted && fault.position == 1
            if strikes { due.append(fault) }
            if isCounted, !strikes { fault.position -= 1 }
            // A wrong byte waits for an answer that has data, and is ended there.
            if !strikes || fault.kind.isLasting || fault.kind == .wrongByte { left.append(fault) }
        }
        inForce = left
        return due
    }

    /// VERIFY with a value to compare, plain or under secure messaging.
    private static func isVerify(_ command: [UInt8]) -> Bool {
        guard let apdu = try? CommandAPDU(parsing: command) else { return false }
        return apdu.cla & 0xF3 == 0 && apdu.ins == 0x20 && !apdu.data.isEmpty
    }

    // MARK: - Spoiling

    private mutating func outcome(
        of command: [UInt8],
        _ due: Set<CardFault.Kind>,
        _ card: ([UInt8]) -> [UInt8]
    ) -> Reaction.Outcome {
        if due.contains(.tornOut) { return .tornOut }
        var answer: [UInt8]
        if due.contains(.getResponse), let read = GetResponse(command) {
            answer = fetch(read)
        } else {
            rest = nil
            answer = card(command)
            if due.contains(.verifyAnswerLost) { return .tornOut }
            let reads = ReadFaults(exactLe: due.contains(.wrongLe), endOfFileWord: due.contains(.endOfFileWord))
            answer = reads.spoil(answer, to: command, asking: card)
            if due.contains(.getResponse) { answer = withhold(answer) }
        }
        if due.contains(.garbage) { return .garbage(Array(answer.prefix(1))) }
        if due.contains(.wrongByte), answer.count > 2 {
            answer[(answer.count - 2) / 2] ^= 0xFF
            // One of those that have reached their place; all of them are alike.
            if let index = inForce.firstIndex(of: CardFault(.wrongByte)) { inForce.remove(at: index) }
        }
        return .answer(answer)
    }

    // MARK: - Response chaining

    /// Keeps an answer's data back and announces them (ISO/IEC 7816-4, 5.3.4).
    private mutating func withhold(_ answer: [UInt8]) -> [UInt8] {
        guard let response = ResponseAPDU(parsing: answer), !response.data.isEmpty else { return answer }
        rest = response
        return Self.more(response.data.count).bytes
    }

    /// Gives the next piece of what was kept back, and after the last the status of the answer.
    private mutating func fetch(_ read: GetResponse) -> [UInt8] {
        guard var response = rest else { return StatusWord.conditionsNotSatisfied.bytes }
        guard read.hasPlainParameters else { return StatusWord.wrongParameters.bytes }
        guard let wanted = read.le else { return StatusWord.wrongLength.bytes }
        let piece = Array(response.data.prefix(min(wanted, 256)))
        response.data.removeFirst(piece.count)
        rest = response.data.isEmpty ? nil : response
        let status = response.data.isEmpty ? response.status : Self.more(response.data.count)
        return ResponseAPDU(status, data: piece).bytes
    }

    /// `61xx`: xx bytes can be fetched, 00 meaning 256 or more.
    private static func more(_ count: Int) -> StatusWord {
        StatusWord(rawValue: 0x6100 | UInt16(count < 256 ? count : 0))
    }
}

/// GET RESPONSE, `00 C0 00 00 Le`.
private struct GetResponse {
    let hasPlainParameters: Bool
    let le: Int?

    /// `nil` for any other command.
    init?(_ command: [UInt8]) {
        guard let apdu = try? CommandAPDU(parsing: command), apdu.cla == 0x00, apdu.ins == 0xC0 else { return nil }
        hasPlainParameters = apdu.p1 == 0 && apdu.p2 == 0 && apdu.data.isEmpty
        le = apdu.le
    }
}
