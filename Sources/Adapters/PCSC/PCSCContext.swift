internal import CPCSC

/// A connection to the machine's PC/SC service: which readers there are, and what lies in them.
///
/// Calls block; none of them belongs on a cooperative thread. Which service is meant, pcsc-lite decides by
/// `PCSCLITE_CSOCK_NAME`.
// The handle is only read after initialisation; pcsc-lite locks a context around every call of it.
@safe public final class PCSCContext: @unchecked Sendable {
    let handle: SCARDCONTEXT

    public init() throws(PCSCFault) {
        var handle = SCARDCONTEXT()
        let status = unsafe SCardEstablishContext(ContextScope.system, nil, nil, &handle)
        try check(status, "SCardEstablishContext")
        self.handle = handle
    }

    deinit { _ = SCardReleaseContext(handle) }

    /// Every reader with its state, in the service's order.
    public func readers() throws(PCSCFault) -> [ReaderState] {
        try states(of: try readerNames(), waiting: 0, current: nil)
    }

    /// Waits until a reader or a card comes or goes, or the time is over; then as ``readers()``.
    ///
    /// `known` is what was seen last.
    public func waitForChange(
        from known: [ReaderState],
        milliseconds: Int
    ) throws(PCSCFault) -> [ReaderState] {
        var current = known.map { ($0.name, $0.rawState & ~UInt32(SCARD_STATE_CHANGED)) }
        // The name that stands for the list of readers itself (pcsc-lite, SCardGetStatusChange).
        current.append(("\\\\?PnP?\\Notification", 0))
        do throws(PCSCFault) {
            _ = try states(of: current.map { $0.0 }, waiting: milliseconds, current: current.map { $0.1 })
        } catch  where error.code == .timeout || error.code == .unknownReader {
        }
        return try readers()
    }

    /// Ends a wait that another thread is in.
    public func cancel() { _ = SCardCancel(handle) }

    // MARK: - Parts

    private func readerNames() throws(PCSCFault) -> [String] {
        var length = DWORD(0)
        var status = unsafe SCardListReaders(handle, nil, nil, &length)
        if PCSCCode(status) == .noReaders { return [] }
        try check(status, "SCardListReaders")
        var names = [CChar](repeating: 0, count: Int(length))
        status = unsafe SCardListReaders(handle, nil, &names, &length)
        if PCSCCode(status) == .noReaders { return [] }
        try check(status, "SCardListReaders")
        return names.prefix(Int(length)).split(separator: 0).map { part in
            String(decoding: part.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    private func states(
        of names: [String],
        waiting milliseconds: Int,
        current: [UInt32]?
    ) throws(PCSCFault) -> [ReaderState] {
        guard !names.isEmpty else { return [] }
        let words = unsafe names.map { name in unsafe Array(name.utf8CString).withUnsafeBufferPointer(Self.keep) }
        defer { unsafe words.forEach { unsafe $0.deallocate() } }
        var states = unsafe words.map { word in
            var state = unsafe SCARD_READERSTATE()
            unsafe state.szReader = UnsafePointer(word.baseAddress)
            return unsafe state
        }
        if let current {
            for (index, value) in current.enumerated() { unsafe states[index].dwCurrentState = DWORD(value) }
        }
        let status = unsafe SCardGetStatusChange(handle, DWORD(milliseconds), &states, DWORD(states.count))
        if current == nil, PCSCCode(status) == .timeout {
            // Nothing to wait for: the states are filled in all the same.
        } else {
            try check(status, "SCardGetStatusChange")
        }
        return unsafe zip(names, states).map { name, state in unsafe ReaderState(name, state) }
    }

    /// A copy of a C string that the caller frees.
    @unsafe private static func keep(_ text: UnsafeBufferPointer<CChar>) -> UnsafeMutableBufferPointer<CChar> {
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.count)
        _ = unsafe copy.initialize(from: text)
        return unsafe copy
    }
}

/// A reader and what lies in it.
public struct ReaderState: Hashable, Sendable {
    public let name: String
    /// The service's flags; the upper half counts insertions and removals.
    let rawState: UInt32
    /// What the card said when it was powered; empty without a card.
    public let answerToReset: [UInt8]

    public var hasCard: Bool { rawState & UInt32(SCARD_STATE_PRESENT) != 0 }
    /// A card is there and does not answer: upside down, or not a chip card.
    public var isMute: Bool { rawState & UInt32(SCARD_STATE_MUTE) != 0 }
    /// Another program uses the card and shares it.
    public var isInUse: Bool { rawState & UInt32(SCARD_STATE_INUSE) != 0 }
    /// Another program has the card for itself.
    public var isExclusive: Bool { rawState & UInt32(SCARD_STATE_EXCLUSIVE) != 0 }

    @unsafe init(_ name: String, _ state: SCARD_READERSTATE) {
        self.name = name
        rawState = UInt32(truncatingIfNeeded: unsafe state.dwEventState)
        let length = min(Int(unsafe state.cbAtr), 33)
        answerToReset = unsafe withUnsafeBytes(of: state.rgbAtr) { unsafe Array($0.prefix(length)) }
    }
}

enum ContextScope {
    /// SCARD_SCOPE_SYSTEM.
    static let system = DWORD(2)
}

extension PCSCCode {
    init(_ status: some BinaryInteger) { self.init(rawValue: UInt32(truncatingIfNeeded: status)) }
}

/// The one place where the service's codes become errors.
func check(_ status: some BinaryInteger, _ call: String) throws(PCSCFault) {
    let code = PCSCCode(status)
    guard code == .success else { throw PCSCFault(call, code) }
}
