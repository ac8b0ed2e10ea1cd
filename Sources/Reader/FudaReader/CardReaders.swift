@_exported public import CardClient
@_exported public import CardKeys
@_exported public import CardProfiles
@_exported public import CivilCalendar
@_exported public import PCSC
@_exported public import Problems
@_exported public import Secrets
@_exported public import SmartCard

/// A My Number Card, or a phone's certificates, in a PC/SC reader.
///
/// All that a card can do is in ``CardClient``; what this module adds is a reader, a library for cryptography, the secrets'
/// short ways, and errors in words.
public typealias MyNumberCard = CardClient<PCSCConnection, OpenSSLCryptography>

/// Cards in this machine's readers.
public enum CardReaders {
    /// Lends the card in a reader to `body`, alone, and leaves it with nothing verified, however that ends.
    ///
    /// `reader` is a reader's name as ``PCSCContext/readers()`` gives it; `nil` takes the first reader with a card. Blocks
    /// while another program is in the middle of something with the card. Throws ``ReaderError`` and whatever `body`
    /// throws.
    public static func withCard<Result>(
        in reader: String? = nil,
        _ body: (inout MyNumberCard) throws -> Result
    ) throws -> Result {
        let connection = try connect(reader)
        var card = MyNumberCard(connection, cryptography: OpenSSLCryptography())
        defer { connection.close(resetting: card.leaveWhereUnlocked()) }
        do {
            _ = try card.recognize()
            return try body(&card)
        } catch let error as CardError {
            throw ReaderError.card(error)
        }
    }

    private static func connect(_ reader: String?) throws(ReaderError) -> PCSCConnection {
        do throws(PCSCFault) {
            let context = try PCSCContext()
            let states = try context.readers()
            let wanted = states.filter { reader == nil || $0.name == reader }
            guard !wanted.isEmpty else { throw PCSCFault("SCardListReaders", .noReaders) }
            guard let state = wanted.first(where: { $0.hasCard && !$0.isMute }) else {
                throw PCSCFault("SCardGetStatusChange", wanted.contains { $0.isMute } ? .unresponsiveCard : .noCard)
            }
            return try PCSCConnection(context, reader: state.name)
        } catch {
            throw .service(error)
        }
    }
}

/// Why nothing came of a conversation with a card.
public enum ReaderError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no service, no reader or no card.
    case service(PCSCFault)
    case card(CardError)

    /// What happened and what to do, in Japanese and English, with the exit code that this project's programs end with.
    public var problem: Problem {
        switch self {
        case .service(let fault): fault.problem
        case .card(let error): error.problem
        }
    }

    /// In English; holds nothing personal.
    public var description: String { problem.whatHappened.en + " " + problem.whatToDo.en }
}

extension CardClient {
    /// Verifies a secret: its shape first, then its counter, then once with the card.
    ///
    /// Refuses the last try unless that is allowed, and never sends what cannot be right. Throws ``CardError``.
    public mutating func verify(
        _ kind: SecretKind,
        _ typed: borrowing SecretBytes,
        in place: Place? = nil,
        allowingLastTry: Bool = false
    ) throws(CardError) {
        let secret: JudgedSecret
        do throws(ShapeFlaw) {
            secret = try SecretJudge.judge(typed, as: kind)
        } catch {
            throw .badShape(kind, error)
        }
        let permit = try prepareToVerify(kind, in: place, allowingLastTry: allowingLastTry)
        try verify(permit, secret)
    }
}
