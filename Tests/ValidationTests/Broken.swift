import SwiftASN1
import X509

/// Extensions that the certificate library does not write, right and wrong ones.
enum Broken {
    static let certificatePolicies: ASN1ObjectIdentifier = [2, 5, 29, 32]

    static func policies(_ identifiers: [ASN1ObjectIdentifier], qualifier: ASN1ObjectIdentifier? = nil) throws
        -> Certificate.Extension
    {
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { policies in
            for identifier in identifiers {
                try policies.appendConstructedNode(identifier: .sequence) { information in
                    try information.serialize(identifier)
                    guard let qualifier else { return }
                    try information.appendConstructedNode(identifier: .sequence) { qualifiers in
                        try qualifiers.appendConstructedNode(identifier: .sequence) {
                            try $0.serialize(qualifier)
                            try $0.serialize(ASN1IA5String("x"))
                        }
                    }
                }
            }
        }
        return Certificate.Extension(oid: certificatePolicies, critical: true, value: serializer.serializedBytes[...])
    }

    /// An extension of any kind with any bytes in it.
    static func other(_ identifier: ASN1ObjectIdentifier, critical: Bool, _ value: [UInt8] = [0x05, 0x00])
        -> Certificate.Extension
    {
        Certificate.Extension(oid: identifier, critical: critical, value: value[...])
    }

    /// The otherNames of a holder, each with the last number of its identifier.
    static func otherNames(_ names: [(UInt, String)]) throws -> Certificate.Extension {
        var serializer = DER.Serializer()
        try serializer.serializeSequenceOf(
            names.map { last, text in
                try GeneralName.otherName(
                    .init(
                        typeID: ASN1ObjectIdentifier(elements: [1, 2, 392, 200_149, 8, 5, 5, last]),
                        value: try ASN1Any(erasing: ASN1UTF8String(text))
                    )
                )
            }
        )
        return other(.X509ExtensionID.subjectAlternativeName, critical: false, serializer.serializedBytes)
    }
}
