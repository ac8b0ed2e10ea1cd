internal import CPCSC
public import CardClient

/// One card in one reader, for one program at a time.
///
/// A transaction begins with the connection and lasts until it is closed: what is verified on the card cannot be used by
/// another program in between. ``close(resetting:)`` ends it, with a reset where something was verified; should this
/// process die before that, pcscd resets the card itself.
// The handle is only used by the owner's thread, as a channel is.
@safe public final class PCSCConnection: CardChannel, @unchecked Sendable {
    public let readerName: String
    private let context: PCSCContext
    private var handle = SCARDHANDLE()
    private var isOpen = false
    private var usesT0 = false

    /// Connects to the card in a reader and waits until no other program is in the middle of something with it.
    public init(_ context: PCSCContext, reader: String) throws(PCSCFault) {
        self.context = context
        readerName = reader
        var active = DWORD(0)
        let status = unsafe SCardConnect(
            context.handle,
            reader,
            Share.shared,
            Protocols.t0 | Protocols.t1,
            &handle,
            &active
        )
        try check(status, "SCardConnect")
        isOpen = true
        usesT0 = active == Protocols.t0
        try begin()
    }

    deinit { close(resetting: true) }

    public func transmit(_ command: [UInt8]) throws(ChannelFailure) -> [UInt8] {
        guard isOpen else { throw .cardRemoved }
        let protocolInformation = unsafe usesT0 ? fuda_pci_t0() : fuda_pci_t1()
        // Room for the longest response, of which a usual one touches little.
        let (status, response) = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.longestResponse) {
            room -> (LONG, [UInt8]) in
            var length = DWORD(room.count)
            let status = unsafe SCardTransmit(
                handle,
                protocolInformation,
                command,
                DWORD(command.count),
                nil,
                room.baseAddress,
                &length
            )
            guard PCSCCode(status) == .success else { return (status, []) }
            return unsafe (status, Array(room.prefix(Int(length))))
        }
        guard PCSCCode(status) == .success else { throw failure(PCSCCode(status)) }
        return response
    }

    /// Ends the transaction and the connection.
    public func close(resetting: Bool) {
        guard isOpen else { return }
        isOpen = false
        let disposition = resetting ? Disposition.reset : Disposition.leave
        _ = SCardEndTransaction(handle, disposition)
        _ = SCardDisconnect(handle, disposition)
    }

    /// What the reader can do besides passing commands on (PC/SC part 10, 2.3); none where it does not say.
    public func features() -> [ReaderFeature] {
        var answer = [UInt8](repeating: 0, count: 256)
        var length = DWORD(0)
        let status = unsafe SCardControl(handle, fuda_feature_request(), nil, 0, &answer, DWORD(answer.count), &length)
        guard PCSCCode(status) == .success else { return [] }
        return ReaderFeature.list(Array(answer.prefix(Int(length))))
    }

    // MARK: - Parts

    /// Longest response: 65,536 bytes and a status (ISO/IEC 7816-3, 12.1.1).
    private static let longestResponse = 65_538

    /// A reset by somebody else between connecting and beginning is no harm yet: nothing has been verified.
    private func begin() throws(PCSCFault) {
        for _ in 0..<3 {
            let status = SCardBeginTransaction(handle)
            guard PCSCCode(status) == .resetCard else { return try check(status, "SCardBeginTransaction") }
            var active = DWORD(0)
            let again = unsafe SCardReconnect(
                handle,
                Share.shared,
                Protocols.t0 | Protocols.t1,
                Disposition.leave,
                &active
            )
            try check(again, "SCardReconnect")
        }
        throw PCSCFault("SCardBeginTransaction", .resetCard)
    }

    /// What a code means to a conversation; where the service says only that it failed, the reader is asked whether the
    /// card is still there.
    private func failure(_ code: PCSCCode) -> ChannelFailure {
        switch code {
        case .removedCard, .noCard, .unpoweredCard: return .cardRemoved
        case .resetCard: return .cardReset
        case .unknownReader, .readerUnavailable: return .readerGone
        case .noService, .serviceStopped: return .serviceGone
        case .timeout, .unresponsiveCard, .notTransacted:
            return isCardGone() ? .cardRemoved : .unresponsive
        default: return .other(code.rawValue)
        }
    }

    /// Whether the card leaves within the time the service takes to notice (its polling is every 0.4 s).
    private func isCardGone() -> Bool {
        do throws(PCSCFault) {
            var states = try context.readers()
            for _ in 0..<4 {
                guard let state = states.first(where: { $0.name == readerName }), state.hasCard else { return true }
                states = try context.waitForChange(from: states, milliseconds: 250)
            }
            return false
        } catch {
            return false
        }
    }
}

/// What a reader can do itself.
public enum ReaderFeature: UInt8, Hashable, Sendable {
    case verifyPINStart = 0x01
    case verifyPINFinish = 0x02
    case verifyPINDirect = 0x06
    case modifyPINDirect = 0x07
    case display = 0x0A
    case secureChannel = 0x20

    /// Reads the answer to GET_FEATURE_REQUEST: tag, length 4, control code, repeated.
    public static func list(_ bytes: [UInt8]) -> [ReaderFeature] {
        stride(from: 0, to: bytes.count - bytes.count % 6, by: 6).compactMap { start in
            bytes[start + 1] == 4 ? ReaderFeature(rawValue: bytes[start]) : nil
        }
    }
}

extension [ReaderFeature] {
    /// A keypad on the reader, at which a PIN could be typed instead of at the computer.
    public var hasKeypad: Bool { contains { [.verifyPINStart, .verifyPINDirect].contains($0) } }
}

private enum Share {
    /// SCARD_SHARE_SHARED; the transaction keeps others out.
    static let shared = DWORD(2)
}

private enum Protocols {
    /// SCARD_PROTOCOL_T0 and SCARD_PROTOCOL_T1.
    static let t0 = DWORD(1)
    static let t1 = DWORD(2)
}

private enum Disposition {
    /// SCARD_LEAVE_CARD and SCARD_RESET_CARD.
    static let leave = DWORD(0)
    static let reset = DWORD(1)
}
