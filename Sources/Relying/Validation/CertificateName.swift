import PKIX
import SwiftASN1

/// A distinguished name as it stands in a certificate.
///
/// Two names are the same when their bytes are: the profile fixes the string types, so nothing is gained by the folding
/// of RFC 5280, 7.1, and a name that only looks alike stays another name. Only the bytes are kept; its parts are read
/// again where somebody wants to see them.
struct CertificateName: Hashable, Sendable {
    let encoded: [UInt8]

    fileprivate struct Attribute {
        /// The content octets of the object identifier.
        let type: ArraySlice<UInt8>
        let tag: UInt8
        let content: ArraySlice<UInt8>
        let encodedValue: ArraySlice<UInt8>
    }

    /// Reads a Name; throws ``CertificateFlaw/name`` or what the DER reader throws.
    init(_ node: ASN1Node) throws { try self.init(node.encodedBytes) }

    /// Reads a Name with nothing after it; throws ``CertificateFlaw/name`` or what the DER reader throws.
    init(_ der: ArraySlice<UInt8>) throws {
        try Self.read(der) { attribute, _ in try attribute.check() }
        encoded = Array(der)
    }

    /// The first organization, which tells hierarchies apart.
    var organization: String? { values(of: Self.organizationName).first }

    /// The organizational units, which tell authorities apart.
    var units: [String] { values(of: Self.organizationalUnitName) }

    /// `C=JP, O=JPKI, …` in the order of the certificate, escaped as in RFC 4514, 2.4.
    var text: String {
        var text = ""
        try? Self.read(encoded[...]) { attribute, isFirstOfItsSet in
            if !text.isEmpty { text += isFirstOfItsSet ? ", " : " + " }
            text += attribute.text
        }
        return text
    }

    private func values(of type: UInt8) -> [String] {
        var values: [String] = []
        try? Self.read(encoded[...]) { attribute, _ in
            if attribute.type.elementsEqual([0x55, 0x04, type]), let value = attribute.value { values.append(value) }
        }
        return values
    }

    private static func read(_ der: ArraySlice<UInt8>, _ body: (Attribute, Bool) throws -> Void) throws {
        var outer = DERReader(der)
        var name = try outer.enter(DERTag.sequence)
        try outer.finish()
        while !name.isAtEnd {
            guard var set = try name.enterOptional(DERTag.set), !set.isAtEnd else { throw CertificateFlaw.name }
            var isFirst = true
            while !set.isAtEnd {
                var pair = try set.enter(DERTag.sequence)
                let type = try pair.readObjectIdentifier()
                guard let tag = pair.nextTag else { throw CertificateFlaw.name }
                let whole = pair.rest
                let content = try pair.read(tag)
                try pair.finish()
                try body(Attribute(type: type, tag: tag, content: content, encodedValue: whole), isFirst)
                isFirst = false
            }
        }
    }

    // Attribute types of arc 2.5.4 (X.520).
    private static let organizationName: UInt8 = 10
    private static let organizationalUnitName: UInt8 = 11
}

extension CertificateName.Attribute {
    /// Throws ``CertificateFlaw/name`` when a text is not of the kind it claims to be.
    func check() throws(CertificateFlaw) {
        let isRight: Bool
        switch tag {
        case DERTag.utf8String:
            isRight = content.allSatisfy { $0 < 0x80 } || String(validating: content, as: UTF8.self) != nil
        case Self.printableString: isRight = content.allSatisfy(Self.isPrintable)
        case Self.ia5String: isRight = content.allSatisfy { $0 < 0x80 }
        default: isRight = true
        }
        guard isRight else { throw .name }
    }

    /// `nil` when the value is not a text of this profile.
    var value: String? {
        switch tag {
        case DERTag.utf8String, Self.printableString, Self.ia5String: String(decoding: content, as: UTF8.self)
        default: nil
        }
    }

    var text: String {
        guard let value else { return "\(label)=#\(hexadecimal(encodedValue))" }
        return "\(label)=\(Self.escaped(value))"
    }

    private var label: String {
        guard type.count == 3, type.starts(with: [0x55, 0x04]), let last = type.last, let label = Self.labels[last]
        else {
            return ObjectIdentifier.dotted(type)
        }
        return label
    }

    private static let labels: [UInt8: String] = [6: "C", 10: "O", 11: "OU", 3: "CN", 7: "L", 8: "ST"]
    private static let printableString: UInt8 = 0x13
    private static let ia5String: UInt8 = 0x16

    /// X.680, 41.4.
    private static func isPrintable(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x20, 0x27...0x29, 0x2B...0x2F, 0x3A, 0x3D, 0x3F: true
        default: false
        }
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            if #",+"\<>;="#.unicodeScalars.contains(scalar) { text += "\\" }
            text.unicodeScalars.append(scalar)
        }
        return text.withControlsShown
    }
}
