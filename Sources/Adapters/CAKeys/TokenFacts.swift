internal import AuthorityCryptography
internal import CP11Kit

/// What a token says of itself (CK_TOKEN_INFO) and its module (CK_INFO).
public struct TokenFacts: Hashable, Sendable {
    public let label: String
    public let manufacturer: String
    public let model: String
    public let serial: String
    /// Description and version of the module, `Implementation of PKCS11 2.6`.
    public let library: String
    public let isInitialized: Bool
    /// Lengths of PINs that the token takes, in bytes.
    public let pinLengths: ClosedRange<Int>
    let slot: CK_SLOT_ID
    let isUserPINLocked: Bool
    let hasOneTryLeft: Bool
    /// At most this many sessions; `nil` where the token names no limit.
    let sessionLimit: Int?

    /// What tells tokens of one module apart.
    var identity: String { "\(manufacturer)\u{0}\(model)\u{0}\(serial)" }

    @unsafe init(slot: CK_SLOT_ID, _ token: CK_TOKEN_INFO, _ module: CK_INFO) {
        var token = token
        var module = module
        self.slot = slot
        label = unsafe Self.text(&token.label)
        manufacturer = unsafe Self.text(&token.manufacturerID)
        model = unsafe Self.text(&token.model)
        serial = unsafe Self.text(&token.serialNumber)
        let version = module.libraryVersion
        library = unsafe Self.text(&module.libraryDescription) + " \(version.major).\(version.minor)"
        isInitialized = token.flags & CKF_TOKEN_INITIALIZED != 0
        isUserPINLocked = token.flags & CKF_USER_PIN_LOCKED != 0
        hasOneTryLeft = token.flags & CKF_USER_PIN_FINAL_TRY != 0
        let least = Int(truncatingIfNeeded: min(token.ulMinPinLen, 4096))
        pinLengths = least...max(least, Int(truncatingIfNeeded: min(token.ulMaxPinLen, 4096)))
        // CK_EFFECTIVELY_INFINITE is 0, CK_UNAVAILABLE_INFORMATION is all ones.
        let sessions = token.ulMaxSessionCount
        sessionLimit = sessions == 0 || sessions > 1 << 20 ? nil : Int(sessions)
    }

    /// A field of a URI, of the same form; `nil` where the URI does not name it.
    @unsafe static func named<Field>(_ field: inout Field) -> String? {
        let isNamed = unsafe withUnsafeBytes(of: &field) { unsafe $0.first != 0 }
        return isNamed ? unsafe text(&field) : nil
    }

    /// A field of fixed length, padded with blanks.
    @unsafe private static func text<Field>(_ field: inout Field) -> String {
        let bytes = unsafe withUnsafeBytes(of: &field) { unsafe Array($0) }
        let end = bytes.lastIndex { $0 != 0x20 && $0 != 0x00 }.map { $0 + 1 } ?? 0
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}

extension TokenModule {
    /// Every token that is in a slot now.
    func tokens() throws(AuthorityKeyFailure) -> [TokenFacts] {
        var module = CK_INFO()
        try TokenReturn.check(unsafe fuda_p11_info(functions, &module))
        var count: CK_ULONG = 0
        try TokenReturn.check(unsafe fuda_p11_slots(functions, nil, &count))
        var slots = [CK_SLOT_ID](repeating: 0, count: Int(min(count, 4096)))
        count = CK_ULONG(slots.count)
        try TokenReturn.check(unsafe fuda_p11_slots(functions, &slots, &count))
        var facts: [TokenFacts] = []
        for slot in slots.prefix(Int(count)) {
            var token = CK_TOKEN_INFO()
            let value = unsafe fuda_p11_token_info(functions, slot, &token)
            if value == CKR_TOKEN_NOT_PRESENT || value == CKR_TOKEN_NOT_RECOGNIZED { continue }
            try TokenReturn.check(value)
            unsafe facts.append(TokenFacts(slot: slot, token, module))
        }
        return facts
    }
}
