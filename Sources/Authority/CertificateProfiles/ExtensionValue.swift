import CivilCalendar
import SwiftASN1
import X509

/// Values of extensions that the certificate library leaves to its users, written as DER.
enum ExtensionValue {
    /// GeneralNames, for subjectAltName and issuerAltName (RFC 5280, 4.2.1.6 and 4.2.1.7).
    case generalNames([GeneralName])
    /// One PolicyInformation with one CPS pointer (RFC 5280, 4.2.1.4).
    case policy(ASN1ObjectIdentifier, practiceStatement: String)
    /// One DistributionPoint whose fullName is a directoryName (RFC 5280, 4.2.1.13).
    case distributionPoint(DistinguishedName)
    /// Nothing to say but that the extension is there (RFC 6960, 4.2.2.2.1).
    case null

    func encoded() throws -> [UInt8] {
        var serializer = DER.Serializer()
        switch self {
        case .null:
            try serializer.serialize(ASN1Null())
        case .generalNames(let names):
            try serializer.serializeSequenceOf(names)
        case .policy(let policy, let practiceStatement):
            let location = try ASN1IA5String(practiceStatement)
            try serializer.sequence { policies in
                try policies.sequence { information in
                    try information.serialize(policy)
                    try information.sequence { qualifiers in
                        try qualifiers.sequence { qualifier in
                            try qualifier.serialize(StandardObjectIdentifier.cpsPointer)
                            try qualifier.serialize(location)
                        }
                    }
                }
            }
        case .distributionPoint(let name):
            // distributionPoint [0] is a choice and so tagged explicitly; fullName [0] is tagged implicitly.
            try serializer.sequence { points in
                try points.sequence { point in
                    try point.appendConstructedNode(identifier: .zero) { pointName in
                        try pointName.appendConstructedNode(identifier: .zero) { fullName in
                            try fullName.serialize(GeneralName.directoryName(name))
                        }
                    }
                }
            }
        }
        return serializer.serializedBytes
    }
}

extension HolderFacts {
    /// The six otherNames of a signature certificate, in the order in which cards hold them: .1 .4 .3 .5 .2 .6.
    func alternativeNames() throws -> [GeneralName] {
        let facts: [(ASN1ObjectIdentifier, String)] = [
            (JPKIObjectIdentifier.name, name),
            (JPKIObjectIdentifier.birth, birth.eraDigitAndDate),
            (JPKIObjectIdentifier.gender, String(gender)),
            (JPKIObjectIdentifier.address, address),
            (JPKIObjectIdentifier.nameSubstitutes, nameSubstitutes),
            (JPKIObjectIdentifier.addressSubstitutes, addressSubstitutes),
        ]
        return try facts.map { oid, text in
            .otherName(GeneralName.OtherName(typeID: oid, value: try ASN1Any(erasing: ASN1UTF8String(text))))
        }
    }
}

extension ASN1Identifier {
    /// `[0]`.
    fileprivate static let zero = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
}

extension DER.Serializer {
    mutating func sequence(_ body: (inout DER.Serializer) throws -> Void) throws {
        try appendConstructedNode(identifier: .sequence, body)
    }
}
