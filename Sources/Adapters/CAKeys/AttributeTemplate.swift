internal import CP11Kit

/// An attribute of an object in a token, with its value as PKCS #11 (2.40, 4) lays it out in memory.
struct Attribute {
    let type: CK_ATTRIBUTE_TYPE
    let value: [UInt8]

    static func flag(_ type: CK_ATTRIBUTE_TYPE, _ value: Bool) -> Self { Self(type: type, value: [value ? 1 : 0]) }
    static func bytes(_ type: CK_ATTRIBUTE_TYPE, _ value: [UInt8]) -> Self { Self(type: type, value: value) }
    static func number(_ type: CK_ATTRIBUTE_TYPE, _ value: CK_ULONG) -> Self {
        Self(type: type, value: unsafe withUnsafeBytes(of: value) { unsafe Array($0) })
    }
}

/// Attributes as a call takes them, in memory that lives as long as this value.
@safe struct AttributeTemplate: ~Copyable {
    private let list: UnsafeMutableBufferPointer<CK_ATTRIBUTE>

    init(_ attributes: [Attribute]) {
        unsafe list = .allocate(capacity: attributes.count)
        for (index, attribute) in attributes.enumerated() {
            let room = UnsafeMutableRawBufferPointer.allocate(byteCount: max(attribute.value.count, 1), alignment: 8)
            unsafe room.copyBytes(from: attribute.value)
            let entry = unsafe CK_ATTRIBUTE(
                type: attribute.type,
                pValue: room.baseAddress,
                ulValueLen: CK_ULONG(attribute.value.count)
            )
            unsafe list.initializeElement(at: index, to: entry)
        }
    }

    deinit {
        for index in unsafe list.indices { unsafe list[index].pValue?.deallocate() }
        unsafe list.deallocate()
    }

    borrowing func pass<Result>(_ body: (UnsafeMutablePointer<CK_ATTRIBUTE>?, CK_ULONG) -> Result) -> Result {
        unsafe body(list.baseAddress, CK_ULONG(list.count))
    }
}
