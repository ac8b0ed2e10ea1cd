/// Identifier octets that the objects here are made of (X.690, 8.1.2); all tag numbers are below 31.
public enum DERTag {
    public static let boolean: UInt8 = 0x01
    public static let integer: UInt8 = 0x02
    public static let bitString: UInt8 = 0x03
    public static let octetString: UInt8 = 0x04
    public static let null: UInt8 = 0x05
    public static let objectIdentifier: UInt8 = 0x06
    public static let enumerated: UInt8 = 0x0A
    public static let utf8String: UInt8 = 0x0C
    public static let printableString: UInt8 = 0x13
    public static let utcTime: UInt8 = 0x17
    public static let generalizedTime: UInt8 = 0x18
    public static let sequence: UInt8 = 0x30
    public static let set: UInt8 = 0x31

    /// A context-specific tag on a primitive value.
    public static func context(_ number: UInt8) -> UInt8 { 0x80 | number }

    /// A context-specific tag on a constructed value, or an explicit one.
    public static func contextConstructed(_ number: UInt8) -> UInt8 { 0xA0 | number }
}
