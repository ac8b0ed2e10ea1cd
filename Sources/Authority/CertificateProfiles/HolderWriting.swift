import CivilCalendar
import Crypto
import PKIX

/// What a holder's certificate says of the holder, in DER: the part that is different in every one of a hundred million
/// certificates, and the same to the byte as ``CertificateProfile`` describes it.
struct HolderWriting {
    let profile: CertificateProfile
    let facts: HolderFacts
    let identifier: SubjectIdentifier

    /// `subject`.
    var name: [UInt8] {
        var writer = DERWriter(capacity: 160)
        writer.sequence { name in
            name.country()
            if profile.subject == .localitiesAndIdentifier {
                name.attribute(ObjectIdentifier.locality, facts.prefecture)
                name.attribute(ObjectIdentifier.locality, facts.municipality)
            }
            name.attribute(ObjectIdentifier.commonName, identifier.description)
        }
        return writer.bytes
    }

    /// Those of the profile's extensions that depend on the holder; the key is SubjectPublicKeyInfo in DER.
    func extensions(subjectKey: [UInt8]) throws -> [ExtensionKind: [UInt8]] {
        var extensions: [ExtensionKind: [UInt8]] = [:]
        for rule in profile.extensions where rule.kind.isAboutSubject {
            var writer = DERWriter(capacity: 512)
            try write(rule, subjectKey, to: &writer)
            extensions[rule.kind] = writer.bytes
        }
        return extensions
    }

    private func write(_ rule: ExtensionRule, _ subjectKey: [UInt8], to writer: inout DERWriter) throws {
        switch rule.kind {
        case .subjectKeyIdentifier:
            // SHA-1 of the key's bits (RFC 5280, 4.2.1.2).
            var info = DERReader(subjectKey)
            var key = try info.enter(DERTag.sequence)
            _ = try key.readElement(DERTag.sequence)
            let identifier = Array(Insecure.SHA1.hash(data: try key.readOctetsOfBits()))
            writer.pkixExtension(ObjectIdentifier.subjectKeyIdentifier, critical: rule.isCritical) {
                $0.append(DERTag.octetString, identifier)
            }
        case .subjectAlternativeName:
            writer.pkixExtension(ObjectIdentifier.subjectAlternativeName, critical: rule.isCritical) {
                $0.sequence { writeAlternativeNames(to: &$0) }
            }
        case .crlDistributionPoints:
            writer.pkixExtension(ObjectIdentifier.crlDistributionPoints, critical: rule.isCritical) {
                writeDistributionPoint(to: &$0)
            }
        default:
            throw CertificateProfileError.nothingToSay(profile.kind, rule.kind)
        }
    }

    /// The six otherNames, in the order in which cards hold them: .1 .4 .3 .5 .2 .6.
    private func writeAlternativeNames(to names: inout DERWriter) {
        names.otherName(Self.nameIdentifier, facts.name)
        names.otherName(Self.birthIdentifier, facts.birth.eraDigitAndDate)
        names.otherName(Self.genderIdentifier, String(facts.gender))
        names.otherName(Self.addressIdentifier, facts.address)
        names.otherName(Self.nameSubstitutesIdentifier, facts.nameSubstitutes)
        names.otherName(Self.addressSubstitutesIdentifier, facts.addressSubstitutes)
    }

    /// One point whose fullName is the name of the municipality's list (RFC 5280, 4.2.1.13).
    private func writeDistributionPoint(to writer: inout DERWriter) {
        // distributionPoint [0] is a choice and so tagged explicitly; fullName [0] is tagged implicitly, directoryName [4]
        // explicitly.
        let zero = DERTag.contextConstructed(0)
        writer.sequence { points in
            points.sequence { point in
                point.element(zero) { pointName in
                    pointName.element(zero) { fullName in
                        fullName.element(DERTag.contextConstructed(4)) { $0.sequence { writeListName(to: &$0) } }
                    }
                }
            }
        }
    }

    private func writeListName(to name: inout DERWriter) {
        name.country()
        name.attribute(ObjectIdentifier.organization, CertificateAuthority.organization)
        name.attribute(ObjectIdentifier.organizationalUnit, profile.issuer.unit)
        name.attribute(ObjectIdentifier.organizationalUnit, "CRL Distribution Points")
        name.attribute(ObjectIdentifier.organizationalUnit, facts.prefecture)
        name.attribute(ObjectIdentifier.commonName, "\(facts.municipality) CRLDP")
    }

    // Content octets of 1.2.392.200149.8.5.5.1 to .6.
    private static let arc: [UInt8] = [0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 0x08, 0x05, 0x05]
    private static let nameIdentifier = arc + [1]
    private static let nameSubstitutesIdentifier = arc + [2]
    private static let genderIdentifier = arc + [3]
    private static let birthIdentifier = arc + [4]
    private static let addressIdentifier = arc + [5]
    private static let addressSubstitutesIdentifier = arc + [6]
}

extension DERWriter {
    /// `C=JP`; RFC 5280 wants a country as PrintableString.
    fileprivate mutating func country() { attribute(ObjectIdentifier.country, "JP", DERTag.printableString) }

    /// One attribute, alone in its set.
    fileprivate mutating func attribute(_ type: [UInt8], _ text: String, _ tag: UInt8 = DERTag.utf8String) {
        element(DERTag.set) { name in
            name.sequence { attribute in
                attribute.objectIdentifier(type)
                attribute.append(tag, text.utf8)
            }
        }
    }

    /// otherName [0], tagged implicitly, with its value [0], tagged explicitly (RFC 5280, 4.2.1.6).
    fileprivate mutating func otherName(_ type: [UInt8], _ text: String) {
        element(DERTag.contextConstructed(0)) { name in
            name.objectIdentifier(type)
            name.element(DERTag.contextConstructed(0)) { $0.append(DERTag.utf8String, text.utf8) }
        }
    }
}
