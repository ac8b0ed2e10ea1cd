import PKIX

/// A GeneralName as far as it is shown or looked at (RFC 5280, 4.2.1.6).
enum GeneralNameFact: Hashable, Sendable {
    /// An otherName: the content octets of its type, and its value with tag and length.
    case other(type: ArraySlice<UInt8>, value: ArraySlice<UInt8>?)
    case directory(CertificateName)
    /// The address of a uniform resource identifier.
    case address(String)
    /// Any of the other kinds, by its number.
    case kind(UInt8)

    /// A directory name or an address; of all else only what kind it is.
    var text: String {
        switch self {
        case .other: "[0]"
        case .directory(let name): name.text
        case .address(let address): address.withControlsShown
        case .kind(let number): "[\(number)]"
        }
    }

    /// Reads the next name.
    init(_ reader: inout DERReader) throws {
        guard let tag = reader.nextTag else { throw CertificateFlaw.name }
        switch tag {
        case DERTag.contextConstructed(0):
            var other = try reader.enter(tag)
            let type = try other.readObjectIdentifier()
            let value = try other.enterOptional(DERTag.contextConstructed(0)).map { value in
                var value = value
                let whole = try value.readElement()
                try value.finish()
                return whole
            }
            try other.finish()
            self = .other(type: type, value: value)
        case DERTag.contextConstructed(4):
            self = .directory(try CertificateName(try reader.read(tag)))
        case DERTag.context(6):
            let address = try reader.read(tag)
            guard address.allSatisfy({ $0 < 0x80 }) else { throw CertificateFlaw.name }
            self = .address(String(decoding: address, as: UTF8.self))
        case DERTag.context(1), DERTag.context(2):
            guard try reader.read(tag).allSatisfy({ $0 < 0x80 }) else { throw CertificateFlaw.name }
            self = .kind(tag & 0x1F)
        case DERTag.contextConstructed(3), DERTag.contextConstructed(5), DERTag.context(7), DERTag.context(8):
            _ = try reader.read(tag)
            self = .kind(tag & 0x1F)
        default:
            throw CertificateFlaw.name
        }
    }
}
