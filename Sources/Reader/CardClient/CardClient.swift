public import CardCryptography
public import CardProfiles
public import SmartCard

/// Conversations with a My Number Card, without the card: it is reached over a channel that is handed in.
///
/// Every function here sends what it must and no more, looks at every byte that comes back, and ends; whatever the card
/// answers, the worst that happens is a ``CardError``. Only ``verify(_:_:)`` and what is built on it spends a try.
///
/// Files and rules come from CardProfiles. Commands: ISO/IEC 7816-4; JICSAP v1.1 for class 80. Habits that cards demand
/// of a client are listed in docs/card/clients.md.
public struct CardClient<Channel: CardChannel, Cryptography: ReaderCryptography> {
    public internal(set) var channel: Channel
    public let cryptography: Cryptography
    /// Most bytes asked for in one READ BINARY: 256, which every reader can do, or up to 65,536 with extended lengths.
    public var readLength = 256
    /// Told of every block that arrives.
    public var onProgress: ((ReadProgress) -> Void)?

    /// The application that is selected, as far as is known.
    public internal(set) var place: Place?
    var file: FileID?
    /// Something is verified on the card: ``leave()`` is due.
    public internal(set) var isUnlocked = false
    var secureSession: SecureSession?
    private var hasAnswered = false

    public init(_ channel: Channel, cryptography: Cryptography) {
        self.channel = channel
        self.cryptography = cryptography
    }

    // MARK: - Applications and files

    /// Selects an application by its full name; one that is already current is not selected again.
    ///
    /// The check is made here rather than by the card, because selecting again forgets the current file and cards differ
    /// in what else they forget.
    public mutating func select(_ place: Place) throws(CardError) {
        guard self.place != place else { return }
        let step = CardStep.select(place)
        guard let aid = CardProfile.of(.plastic).application(place)?.aid.bytes else { throw .missing(step) }
        let before = (place: self.place, file: file, session: secureSession)
        // Until the card has said yes or no, nobody knows what is selected: a PIN must not go to what is only believed.
        forgetSelection()
        let response = try exchange(CommandAPDU(ins: 0xA4, p1: 0x04, p2: 0x0C, data: aid), step)
        if response.status == .fileNotFound {
            (self.place, file, secureSession) = (before.place, before.file, before.session)
        }
        try expectSuccess(response, step)
        // Where it is not known what was selected before, it may have been this application, which keeps what is verified.
        if before.place != nil || place == .cardManager { isUnlocked = false }
        self.place = place
    }

    /// Selects a file of an application, and the application before it.
    public mutating func select(_ object: ObjectID) throws(CardError) {
        try select(object.place)
        guard file != object.file else { return }
        let step = CardStep.selectFile(object)
        let command = CommandAPDU(ins: 0xA4, p1: 0x02, p2: 0x0C, data: object.file.bytes)
        file = nil
        try expectSuccess(try exchangeSecured(command, step), step)
        file = object.file
    }

    /// Selects the card manager, which drops everything that was verified.
    ///
    /// Closing the connection or selecting the same application again does not (myna-card, several cards).
    public mutating func leave() throws(CardError) {
        place = nil
        try select(.cardManager)
    }

    /// Ends a conversation: where something may be verified, drops it as ``leave()`` does.
    ///
    /// Says whether that was so; the connection is then reset besides, since the card may not have obeyed.
    public mutating func leaveWhereUnlocked() -> Bool {
        let wasUnlocked = isUnlocked
        if wasUnlocked { try? leave() }
        return wasUnlocked
    }

    // MARK: - One command

    /// Sends a command as it is and gives what came back.
    public mutating func transmit(_ command: [UInt8], _ step: CardStep) throws(CardError) -> ResponseAPDU {
        // VERIFY and its relatives, sent as they are: whatever comes of it, the card is to be left and reset.
        if command.count > 5, [0x20, 0x24, 0x2C, 0x32, 0x54].contains(command[1]) { isUnlocked = true }
        let bytes: [UInt8]
        do throws(ChannelFailure) {
            bytes = try channel.transmit(command)
        } catch {
            forgetSelection()
            throw .channel(error, step)
        }
        guard let response = ResponseAPDU(parsing: bytes) else {
            forgetSelection()
            throw .channel(.garbled, step)
        }
        return response
    }

    /// Sends a command and brings its whole answer together: 61xx is fetched, 6Cxx is asked again with the length the
    /// card names, and 6F00 right after power-up is tried once more (ISO/IEC 7816-4, 5.3.4 and 5.6; myna-card).
    ///
    /// Never for commands that spend a try.
    mutating func exchange(_ command: CommandAPDU, _ step: CardStep) throws(CardError) -> ResponseAPDU {
        var command = command
        var response = try transmit(command.bytes, step)
        if !hasAnswered, response.status == .selfDiagnosisFailed { response = try transmit(command.bytes, step) }
        hasAnswered = true
        if let exact = response.status.exactLength, command.le != nil {
            command.le = exact
            response = try transmit(command.bytes, step)
            guard response.status.exactLength == nil else { throw .misbehaved(step, .alwaysAnotherLength) }
        }
        if response.status.bytesWaiting != nil { response = try fetchRest(of: response, upTo: command.le ?? 0, step) }
        guard response.data.count <= command.le ?? 0 else { throw .misbehaved(step, .tooManyBytes) }
        return response
    }

    /// Fetches what waits, as long as it is no more than was asked for and does not come in crumbs.
    private mutating func fetchRest(
        of first: ResponseAPDU,
        upTo count: Int,
        _ step: CardStep
    ) throws(CardError) -> ResponseAPDU {
        var data = first.data
        var status = first.status
        // Pieces are as long as a buffer, 32 bytes on the smallest; a card that sends fewer would keep a reader for hours.
        var piecesLeft = 8 + count / 64
        while let waiting = status.bytesWaiting {
            let next = try transmit(CommandAPDU(ins: 0xC0, le: waiting).bytes, step)
            piecesLeft -= 1
            guard next.status.bytesWaiting == nil || (!next.data.isEmpty && piecesLeft > 0) else {
                throw .misbehaved(step, .endlessResponse)
            }
            data += next.data
            guard data.count <= count else { throw .misbehaved(step, .tooManyBytes) }
            status = next.status
        }
        return ResponseAPDU(status, data: data)
    }

    /// After a command without an answer nobody knows what is selected: another program may have reset the card and
    /// selected something else, where a PIN must not go.
    mutating func forgetSelection() {
        place = nil
        file = nil
        secureSession = nil
    }

    func expectSuccess(_ response: ResponseAPDU, _ step: CardStep) throws(CardError) {
        guard response.status != .success else { return }
        throw CardError(response.status, step)
    }
}

/// How far the reading of a file has come.
public struct ReadProgress: Hashable, Sendable {
    public let file: ObjectID
    public let bytesRead: Int
    public let total: Int
}

extension CardError {
    /// A status that is not success, as what it means to the step.
    init(_ status: StatusWord, _ step: CardStep) {
        switch status {
        case .fileNotFound, .recordNotFound, .referencedDataNotFound: self = .missing(step)
        case .securityStatusNotSatisfied: self = .notPermitted(step)
        default: self = .refused(step, status)
        }
    }
}

extension StatusWord {
    /// 6Cxx: the length the command should have asked for.
    var exactLength: Int? {
        guard rawValue >> 8 == 0x6C else { return nil }
        return rawValue & 0xFF == 0 ? 256 : Int(rawValue & 0xFF)
    }

    /// 61xx: how many bytes wait to be fetched.
    var bytesWaiting: Int? {
        guard rawValue >> 8 == 0x61 else { return nil }
        return rawValue & 0xFF == 0 ? 256 : Int(rawValue & 0xFF)
    }
}
