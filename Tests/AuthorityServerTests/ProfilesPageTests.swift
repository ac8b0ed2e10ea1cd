import CertificateProfiles
import CivilCalendar
import Crypto
import Foundation
import Revocation
import SwiftASN1
import Testing
import TimeStamping
import X509

@testable import AuthorityService

/// docs/authority/profiles.md, read as tables under their headings.
struct ProfilesPage {
    let text: String

    init() throws {
        text = try String(
            contentsOfFile: RunningAuthority.repository + "/docs/authority/profiles.md",
            encoding: .utf8
        )
    }

    /// The cells of the rows of all tables under a heading, without the lines above them.
    func rows(_ heading: String) -> [[String]] {
        let section = text.components(separatedBy: "\n## ").first { $0.hasPrefix(heading + "\n") } ?? ""
        return section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst().map { line in
            line.dropFirst(2).dropLast(line.hasSuffix(" |") ? 2 : 0).components(separatedBy: " | ")
        }
    }

    /// What a table says of one thing.
    func value(_ heading: String, _ field: String) throws -> String {
        let row = rows(heading).first { $0[0] == field }
        return try #require(row?.dropFirst().first, "\(heading): \(field)")
    }
}

@Suite struct `docs/authority/profiles.md` {
    private let page: ProfilesPage
    init() throws { page = try ProfilesPage() }

    // MARK: - Certificates

    @Test func `has every kind of certificate, each as its profile says`() {
        let rows = page.rows("Certificates by kind").map { Array($0.prefix(3)) }
        let expected = CertificateKind.allCases.map { kind in
            let profile = CertificateProfile(kind)
            let extensions = profile.extensions.map { Self.shown($0, profile) }
            return ["`\(kind.rawValue)`", Self.shown(profile.subject), extensions.joined(separator: " · ")]
        }
        #expect(rows == expected)
    }

    private static func shown(_ subject: SubjectForm) -> String {
        switch subject {
        case .authority: "= issuer"
        case .localitiesAndIdentifier: "`C=JP`, `L` prefecture, `L` municipality, `CN` identifier"
        case .identifier: "`C=JP`, `CN` identifier"
        case .service: "`C=JP`, `O`, first `OU`, `CN` of the service"
        }
    }

    private static func shown(_ rule: ExtensionRule, _ profile: CertificateProfile) -> String {
        let (name, value): (String, String) =
            switch rule.kind {
            case .keyUsage: ("keyUsage", " " + shown(profile.keyUsage))
            case .extendedKeyUsage:
                ("extKeyUsage", " " + profile.extendedKeyUsage.map(shown).joined(separator: " "))
            case .subjectAlternativeName:
                ("subjectAltName", profile.alternativeName == .holder ? ": six otherNames" : ": the name in Japanese")
            case .certificatePolicies:
                ("certificatePolicies", " `\(profile.policy?.description ?? "")` with a CPS pointer")
            case .issuerAlternativeName: ("issuerAltName", ": the authority's name in Japanese")
            case .basicConstraints: ("basicConstraints", " cA")
            case .crlDistributionPoints: ("cRLDistributionPoints", ": " + shownList(profile.subject))
            case .authorityInformationAccess: ("authorityInfoAccess", ": OCSP")
            case .authorityKeyIdentifier: ("authorityKeyIdentifier", "")
            case .subjectKeyIdentifier: ("subjectKeyIdentifier", "")
            case .ocspNoCheck: ("ocsp-nocheck", "")
            }
        return name + (rule.isCritical ? "!" : "") + value
    }

    private static func shownList(_ subject: SubjectForm) -> String {
        switch subject {
        case .authority: "the authority's own name"
        case .identifier, .localitiesAndIdentifier: "that of the municipality"
        case .service: "Services CRLDP"
        }
    }

    private static func shown(_ usage: KeyUsage) -> String {
        let bits = [
            ("digitalSignature", usage.digitalSignature), ("nonRepudiation", usage.nonRepudiation),
            ("keyEncipherment", usage.keyEncipherment), ("dataEncipherment", usage.dataEncipherment),
            ("keyAgreement", usage.keyAgreement), ("keyCertSign", usage.keyCertSign), ("cRLSign", usage.cRLSign),
        ]
        return bits.filter(\.1).map(\.0).joined(separator: " ")
    }

    private static func shown(_ usage: ExtendedKeyUsage.Usage) -> String {
        switch usage {
        case .clientAuth: "clientAuth"
        case .ocspSigning: "OCSPSigning"
        case .timeStamping: "timeStamping"
        default: "another"
        }
    }

    @Test func `names the other names and the lists of a certificate on a card`() throws {
        let holder = HolderFacts(
            name: "名",
            nameSubstitutes: "0",
            address: "住",
            addressSubstitutes: "0",
            gender: "1",
            birth: try #require(CivilDate(year: 1990, month: 4, day: 1)),
            prefecture: "PREFECTURE",
            municipality: "MUNICIPALITY",
            municipalityCode: "13101"
        )
        let key = Certificate.PublicKey(P384.Signing.PrivateKey().publicKey)
        let filled = try CertificateProfile(.sign).filledExtensions(
            CertificateParticulars(
                .holder(holder, SubjectIdentifier(issuedAt: 0, serial: 2, municipalityCode: "13101")),
                subjectKey: key,
                issuerKey: key
            )
        )
        let names = try #require(try filled.subjectAlternativeNames)
        let identifiers = names.map { name in
            if case .otherName(let other) = name { other.typeID.description } else { "" }
        }
        #expect(identifiers.count == 6)
        let paragraph = try #require(
            page.text.split(separator: "\n").first { $0.hasPrefix("**Subject alternative name of `sign`**") }
        )
        let arc = try #require(paragraph.firstMatch(of: /arc `([0-9.]+)`/)?.1)
        #expect(paragraph.matches(of: /`(\.[0-9])`/).map { arc + String($0.1) } == identifiers)
        let point = try #require(page.text.firstMatch(of: /\*\*Distribution point of a holder\*\* \(S\): `([^`]+)`/)?.1)
        let expected = try CertificateAuthority.sign.revocationListName(
            prefecture: holder.prefecture,
            municipality: holder.municipality
        )
        let written = point.replacing("<as issuer>", with: CertificateAuthority.sign.unit)
            .replacing("<prefecture>", with: holder.prefecture)
            .replacing("<municipality>", with: holder.municipality)
        // The text form begins with the last (RFC 4514, 2.1).
        #expect(written.components(separatedBy: ", ").reversed().joined(separator: ",") == "\(expected)")
    }

    @Test func `has the names of the authorities and the policy arc as certificates have them`() throws {
        let issuer = try page.value("Common to certificates", "issuer")
        #expect(issuer.contains("`O=\(CertificateAuthority.organization)`"))
        for authority in CertificateAuthority.allCases {
            #expect(issuer.contains(authority.unit))
            #expect("\(try authority.distinguishedName())".contains("OU=\(authority.unit)"))
        }
        #expect(try page.value("Common to certificates", "signature").contains("sha256WithRSAEncryption"))
    }

    @Test func `says how long certificates of services are good`() throws {
        let days = try #require(
            page.text.firstMatch(
                of:
                    /Responders ([0-9]+) days, renewed ([0-9]+) days before their end; time stamping ([0-9]+) days, renewed ([0-9]+) days/
            )
        )
        #expect([days.1, days.2] == ["\(AuthorityService.responderDays)", "\(AuthorityService.responderRenewalDays)"])
        #expect(
            [days.3, days.4]
                == ["\(AuthorityService.timeStampingDays)", "\(AuthorityService.timeStampingRenewalDays)"]
        )
    }

    // MARK: - Lists, answers, time stamps

    @Test func `has the times of lists and answers`() throws {
        let times = try page.value("Revocation lists", "thisUpdate, nextUpdate")
        #expect(times.hasSuffix("; \(AuthorityService.listLifetime / 3600) h"), "\(times)")
        let policy = OCSPResponder.Policy()
        #expect(try page.value("OCSP answers", "nextUpdate").contains("at most \(policy.lifetime) s;"))
        let years = policy.retention / (365 * 86_400)
        #expect(try page.value("OCSP answers", "single extensions").hasPrefix("archiveCutoff: \(years) years"))
    }

    @Test func `has what time stamps are made with`() throws {
        let heading = "Time stamps"
        #expect(try page.value(heading, "policy") == "`\(JPKIObjectIdentifier.timeStampPolicy)`")
        #expect(try page.value(heading, "accuracy").hasPrefix("\(AuthorityService.timeStampAccuracy) s:"))
        #expect(
            try page.value(heading, "serialNumber").hasPrefix("\(AuthorityService.timeStampSerialSize) random octets")
        )
        let hashes = TimeStampingAuthority.hashes.map { "\($0)".uppercased().replacing("SHA", with: "SHA-") }.sorted()
        #expect(try page.value(heading, "messageImprint") == "repeated as asked: \(hashes.joined(separator: ", "))")
    }
}

extension Emitted {
    @Suite struct `docs/authority/profiles.md tells` {
        private let scene: Scene
        private let page: ProfilesPage

        init() throws {
            scene = try Scene.current
            page = try ProfilesPage()
        }

        /// Extensions of lists as openssl shows them.
        private static let names = [
            "authorityKeyIdentifier": "X509v3 Authority Key Identifier", "cRLNumber": "X509v3 CRL Number",
            "issuingDistributionPoint": "X509v3 Issuing Distribution Point",
            "deltaCRLIndicator": "X509v3 Delta CRL Indicator", "freshestCRL": "X509v3 Freshest CRL",
        ]

        @Test(arguments: ["current", "next"], ["sign", "auth"])
        func `which extensions each list has`(set: String, authority: String) throws {
            let rows = page.rows("Revocation lists").filter { row in
                Self.names[row[0].replacing("!", with: "")] != nil
            }
            #expect(rows.count == Self.names.count)
            let files = [
                "13101": "13101.crl", "all": "all.crl", "services": "services.crl", "authorities": "authorities.arl",
                "delta": "delta.crl",
            ]
            for (list, file) in files {
                let published = list == "delta" ? "all-delta.crl" : list + ".crl"
                // What is in one list only says so: "in `all.crl`: …".
                let expected = rows.filter { row in
                    row[1].firstMatch(of: /^in `([a-z.-]+)`/).map { $0.1 == published } ?? true
                }.map { row in
                    (Self.names[row[0].replacing("!", with: "")] ?? "") + ":"
                        + (row[0].hasSuffix("!") ? " critical" : "")
                }
                let shown = try Emitted.shownList(
                    try scene.authority.read("\(Emitted.folder)/\(set)-\(authority)-\(file)")
                )
                let head = shown.components(separatedBy: "Revoked Certificates:")[0]
                    .components(separatedBy: "No Revoked")[0]
                let found = head.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
                    .filter { $0.hasPrefix("X509v3 ") }
                #expect(Set(found) == Set(expected), "\(list): \(shown)")
            }
        }

        @Test(arguments: ["current", "next"], ["sign", "auth"])
        func `which extensions an answer has, and who signs it`(set: String, authority: String) throws {
            let single = try page.value("OCSP answers", "single extensions").prefix { $0 != ":" }
            let whole = try page.value("OCSP answers", "response extensions").prefix { $0 != " " }
            #expect(single == "archiveCutoff" && whole == "nonce")
            #expect(try page.value("OCSP answers", "responderID") == "byKey, SHA-1")
            for name in ["good", "held", "nonce"] {
                let shown = try AuthorityServed.shown(
                    try scene.authority.read("\(Emitted.folder)/\(set)-\(authority)-\(name).ocsp")
                ).text
                #expect(shown.contains(/Responder Id: [0-9A-F]{40}\n/), "\(shown)")
                #expect(shown.contains("OCSP Archive Cutoff:"))
                #expect(shown.contains("OCSP Nonce:") == (name == "nonce"))
                #expect(shown.contains("CN=OCSP responder n1") || shown.contains("CN = OCSP responder n1"))
            }
        }
    }
}
