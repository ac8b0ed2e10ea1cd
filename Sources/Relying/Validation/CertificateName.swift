import SwiftASN1
import X509

/// A distinguished name as it stands in a certificate.
///
/// Two names are the same when their bytes are: the profile fixes the string types, so nothing is gained by the folding
/// of RFC 5280, 7.1, and a name that only looks alike stays another name.
struct CertificateName: Hashable, Sendable {
    let encoded: [UInt8]
    private let names: [[Attribute]]

    /// `C=JP, O=JPKI, …` in the order of the certificate, escaped as in RFC 4514, 2.4.
    var text: String { names.map { $0.map(\.text).joined(separator: " + ") }.joined(separator: ", ") }

    fileprivate struct Attribute: Hashable, Sendable {
        let type: ASN1ObjectIdentifier
        /// `nil` when the value is not a text of this profile.
        let value: String?
        let encodedValue: [UInt8]
    }

    /// Reads a Name; throws ``CertificateFlaw/name`` or what the DER reader throws.
    init(_ node: ASN1Node) throws {
        names = try DER.sequence(node, identifier: .sequence) { nodes in
            var names: [[Attribute]] = []
            while let set = nodes.next() { names.append(try Self.attributes(set)) }
            return names
        }
        encoded = Array(node.encodedBytes)
    }

    /// The first organization, which tells hierarchies apart.
    var organization: String? { first(.RDNAttributeType.organizationName) }

    /// The organizational units, which tell authorities apart.
    var units: [String] {
        names.joined().filter { $0.type == .RDNAttributeType.organizationalUnitName }.compactMap(\.value)
    }

    private func first(_ type: ASN1ObjectIdentifier) -> String? { names.joined().first { $0.type == type }?.value }

    private static func attributes(_ set: ASN1Node) throws -> [Attribute] {
        guard set.identifier == .set, case .constructed(let nodes) = set.content else { throw CertificateFlaw.name }
        let attributes = try nodes.map { node in
            try DER.sequence(node, identifier: .sequence) { parts in
                let type = try ASN1ObjectIdentifier(derEncoded: &parts)
                guard let value = parts.next() else { throw CertificateFlaw.name }
                return Attribute(type: type, value: try text(value), encodedValue: Array(value.encodedBytes))
            }
        }
        guard !attributes.isEmpty else { throw CertificateFlaw.name }
        return attributes
    }

    private static func text(_ node: ASN1Node) throws -> String? {
        switch node.identifier {
        case .utf8String: try String(strictly: node)
        case .printableString: String(try ASN1PrintableString(derEncoded: node))
        case .ia5String: String(try ASN1IA5String(derEncoded: node))
        default: nil
        }
    }
}

extension CertificateName.Attribute {
    fileprivate var text: String {
        guard let value else { return "\(label)=#\(hexadecimal(encodedValue))" }
        return "\(label)=\(Self.escaped(value))"
    }

    private var label: String { Self.labels[type] ?? type.dotted }

    private static let labels: [ASN1ObjectIdentifier: String] = [
        .RDNAttributeType.countryName: "C",
        .RDNAttributeType.organizationName: "O",
        .RDNAttributeType.organizationalUnitName: "OU",
        .RDNAttributeType.commonName: "CN",
        .RDNAttributeType.localityName: "L",
        .RDNAttributeType.stateOrProvinceName: "ST",
    ]

    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            if #",+"\<>;="#.unicodeScalars.contains(scalar) { text += "\\" }
            text.unicodeScalars.append(scalar)
        }
        return text.withControlsShown
    }
}
