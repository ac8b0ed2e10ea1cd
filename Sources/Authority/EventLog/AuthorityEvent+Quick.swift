import CertificateProfiles

/// The two events of which a nation writes hundreds of millions, written by hand: to the byte what the library writes.
extension AuthorityEvent {
    /// - Returns: `nil` for other events, and for text that JSON would not hold as it is.
    func quicklyEncoded() -> [UInt8]? {
        var object = QuickObject()
        switch self {
        case .issuancePlanned(let event):
            object.begin("issuancePlanned")
            object.member("card", event.card)
            object.member("certificate", event.certificate)
            object.member("generation", event.generation)
            object.member("holder", event.holder)
            object.member("kind", event.kind.rawValue)
            object.member("notAfter", event.notAfter)
            object.member("notBefore", event.notBefore)
            object.member("partition", event.partition)
            object.member("replaces", event.replaces)
            object.member("request", event.request)
            object.member("toBeSigned", event.toBeSigned)
        case .certificateIssued(let event):
            object.begin("certificateIssued")
            object.member("certificate", event.certificate)
            object.member("fingerprint", event.fingerprint)
        default:
            return nil
        }
        return object.ended()
    }
}

/// One event in JSON: its name as the only key, its members in the order they are given, which is that of the alphabet.
private struct QuickObject {
    private var bytes: [UInt8] = []
    private var isPlain = true
    private var isFirst = true

    mutating func begin(_ event: StaticString) {
        bytes.reserveCapacity(480)
        bytes.append(UInt8(ascii: "{"))
        name(event)
        literal("{\"_0\":{")
    }

    mutating func member(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        next(name)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            isPlain =
                isPlain && (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func member(_ name: StaticString, _ number: (some BinaryInteger)?) {
        guard let number else { return }
        next(name)
        bytes += String(number).utf8
    }

    mutating func member(_ name: StaticString, _ certificate: CertificateReference) {
        next(name)
        literal("{")
        isFirst = true
        member("authority", certificate.authority.rawValue)
        member("serial", certificate.serial)
        literal("}")
    }

    mutating func ended() -> [UInt8]? {
        literal("}}}")
        return isPlain ? bytes : nil
    }

    private mutating func next(_ name: StaticString) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        self.name(name)
    }

    private mutating func name(_ text: StaticString) {
        bytes.append(UInt8(ascii: "\""))
        literal(text)
        literal("\":")
    }

    private mutating func literal(_ text: StaticString) {
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }
}
