import CertificateProfiles
import Testing

/// What `openssl asn1parse` and `openssl x509` read in the certificates.
@Suite struct CertificateContentTests {
    // swift-format-ignore
    static let orders: [(CertificateKind, String)] = [
        (.signCA, "Key Usage! Subject Alternative Name; Basic Constraints! CRL Distribution Points; Subject Key Identifier;"),
        (.authCA, "Key Usage! Subject Alternative Name; Basic Constraints! CRL Distribution Points; Subject Key Identifier;"),
        (.sign, "Key Usage! Subject Alternative Name; Certificate Policies! Issuer Alternative Name; CRL Distribution Points; Authority Key Identifier; Subject Key Identifier;"),
        (.auth, "Key Usage! Extended Key Usage; Certificate Policies! Issuer Alternative Name; CRL Distribution Points; Authority Information Access; Authority Key Identifier; Subject Key Identifier;"),
    ]

    @Test(arguments: orders)
    func `extensions stand in the order of the profile and the right ones are critical`(
        kind: CertificateKind,
        order: String
    ) throws {
        let found = try extensions(of: Fixture.issue(kind)).map { "\($0.name)\($0.isCritical ? "!" : ";")" }
        #expect(found.joined(separator: " ") == order)
    }

    @Test(arguments: [(CertificateKind.signCA, "for digital signature"), (.authCA, "for user authentication")])
    func `issuer and subject of an authority are one name, country printable and the rest UTF-8`(
        kind: CertificateKind,
        purpose: String
    ) throws {
        let expected = [
            "PRINTABLESTRING JP", "UTF8STRING JPKI-SIM", "UTF8STRING JPKI \(purpose)",
            "UTF8STRING Japan Agency for Local Authority Information Systems",
        ]
        #expect(try names(in: Fixture.issue(kind)) == expected + expected)
        // One attribute per RDN: as many SETs as attributes.
        #expect(try ASN1Line.list(Fixture.issue(kind)).count { $0.type == "SET" } == 8)
    }

    @Test func `the subject of a signature certificate is country, two localities and an identifier`() throws {
        let names = try names(in: Fixture.issue(.sign)).dropFirst(4)
        #expect(names.prefix(3) == ["PRINTABLESTRING JP", "UTF8STRING Tokyo-to", "UTF8STRING Chiyoda-ku"])
        #expect(names.count == 4)
        #expect(try #require(names.last).wholeMatch(of: /UTF8STRING [0-9A-Z]{14}13101003A/) != nil)
        let subject = try x509(Fixture.issue(.sign), ["-subject", "-nameopt", "RFC2253"])
        #expect(subject.contains(/subject=CN=[0-9A-Z]{23},L=Chiyoda-ku,L=Tokyo-to,C=JP/))
    }

    @Test func `the subject of an authentication certificate is country and identifier alone`() throws {
        let names = try names(in: Fixture.issue(.auth)).dropFirst(4)
        #expect(names.count == 2)
        #expect(names.first == "PRINTABLESTRING JP")
        let subject = try x509(Fixture.issue(.auth), ["-subject", "-nameopt", "RFC2253"])
        #expect(subject.contains(/subject=CN=[0-9A-Z]{14}13101003A,C=JP/))
    }

    @Test func `an authentication certificate tells nothing about the holder but the municipality`() throws {
        let text = String(decoding: try Fixture.issue(.auth), as: UTF8.self)
        for fact in ["花子", "千代田区", "19890331", "01000"] { #expect(!text.contains(fact), "\(fact)") }
        #expect(String(decoding: try Fixture.issue(.sign), as: UTF8.self).contains("花子"))
    }

    @Test func `the signature certificate holds six other names in the order of cards`() throws {
        let inside = try extensionValue("Subject Alternative Name", of: Fixture.issue(.sign))
        #expect(
            inside.filter { $0.type == "OBJECT" }.map(\.value)
                == [1, 4, 3, 5, 2, 6].map {
                    "1.2.392.200149.8.5.5.\($0)"
                }
        )
        #expect(
            inside.filter { $0.type == "UTF8STRING" }.map(\.value) == [
                "番号　花子", "419890331", "2", "東京都千代田区霞が関２－１－２", "01000", "000000000100000",
            ]
        )
        // GeneralNames { [0] { type-id, [0] EXPLICIT value } … }
        #expect(
            inside.map { "\($0.depth) \($0.type)" }.prefix(5) == [
                "0 SEQUENCE", "1 cont [ 0 ]", "2 OBJECT", "2 cont [ 0 ]", "3 UTF8STRING",
            ]
        )
        #expect(inside.count == 1 + 6 * 4)
    }

    @Test(arguments: [
        (CertificateKind.signCA, "Subject Alternative Name", "署名用"),
        (.authCA, "Subject Alternative Name", "利用者証明用"),
        (.sign, "Issuer Alternative Name", "署名用"),
        (.auth, "Issuer Alternative Name", "利用者証明用"),
    ])
    func `the authority's Japanese name says that it is a simulation`(
        kind: CertificateKind,
        name: String,
        purpose: String
    ) throws {
        let inside = try extensionValue(name, of: Fixture.issue(kind))
        #expect(inside.map(\.type).prefix(3) == ["SEQUENCE", "cont [ 4 ]", "SEQUENCE"])
        #expect(
            strings(inside) == [
                "PRINTABLESTRING JP", "UTF8STRING 公的個人認証サービス（模擬）",
                "UTF8STRING 公的個人認証サービス\(purpose)（模擬）", "UTF8STRING 地方公共団体情報システム機構（模擬）",
            ]
        )
    }

    @Test(arguments: [(CertificateKind.sign, "for digital signature"), (.auth, "for user authentication")])
    func `revocation lists are named by municipality`(kind: CertificateKind, purpose: String) throws {
        let inside = try extensionValue("CRL Distribution Points", of: Fixture.issue(kind))
        // DistributionPoint { distributionPoint [0] { fullName [0] { directoryName [4] { Name } } } }
        #expect(
            inside.map { "\($0.depth) \($0.type)" }.prefix(6) == [
                "0 SEQUENCE", "1 SEQUENCE", "2 cont [ 0 ]", "3 cont [ 0 ]", "4 cont [ 4 ]", "5 SEQUENCE",
            ]
        )
        #expect(
            strings(inside) == [
                "PRINTABLESTRING JP", "UTF8STRING JPKI-SIM", "UTF8STRING JPKI \(purpose)",
                "UTF8STRING CRL Distribution Points", "UTF8STRING Tokyo-to", "UTF8STRING Chiyoda-ku CRLDP",
            ]
        )
        #expect(
            inside.filter { $0.type == "OBJECT" }.map(\.value) == [
                "countryName", "organizationName", "organizationalUnitName", "organizationalUnitName",
                "organizationalUnitName", "commonName",
            ]
        )
    }

    @Test func `an authority's certificate points to the list under its own name`() throws {
        let inside = try extensionValue("CRL Distribution Points", of: Fixture.issue(.signCA))
        #expect(strings(inside) == (try names(in: Fixture.issue(.signCA))).suffix(4))
    }

    @Test func `both times are UTCTime and the last second is the end of a Japanese day`() throws {
        let times = try ASN1Line.list(Fixture.issue(.sign)).filter { $0.type.hasSuffix("TIME") }
        #expect(times.map { "\($0.type) \($0.value)" } == ["UTCTIME 251027003005Z", "UTCTIME 300217145959Z"])
        let authority = try ASN1Line.list(Fixture.issue(.signCA)).filter { $0.type.hasSuffix("TIME") }
        #expect(authority.map { "\($0.type) \($0.value)" } == ["UTCTIME 251026003005Z", "UTCTIME 351025145959Z"])
    }

    @Test func `policies, practice statement, responder, usage and versions read as the profile says`() throws {
        let sign = try x509(Fixture.issue(.sign), ["-text"])
        let auth = try x509(Fixture.issue(.auth), ["-text"])
        for text in [sign, auth] {
            #expect(text.contains("Version: 3 (0x2)"))
            #expect(text.contains("CPS: http://cps.jpki-sim.test/cps.html\n"))
            #expect(text.contains("Exponent: 65537 (0x10001)"))
            #expect(text.contains("Public-Key: (2048 bit)"))
        }
        #expect(sign.contains("Policy: 1.2.392.200149.8.5.1.0.20\n"))
        #expect(auth.contains("Policy: 1.2.392.200149.8.5.1.0.30\n"))
        #expect(sign.contains("Digital Signature, Non Repudiation\n"))
        #expect(auth.contains("Digital Signature\n"))
        #expect(auth.contains("OCSP - URI:http://ocsp-auth.jpki-sim.test\n"))
        #expect(auth.contains("TLS Web Client Authentication\n"))
        #expect(!sign.contains("OCSP"))
        #expect(try x509(Fixture.issue(.signCA), ["-text"]).contains("Certificate Sign, CRL Sign\n"))
    }

    @Test func `the signature algorithm is sha256WithRSAEncryption with NULL, inside and out`() throws {
        let lines = try ASN1Line.list(Fixture.issue(.sign))
        let places = lines.indices.filter { lines[$0].value == "sha256WithRSAEncryption" }
        #expect(places.count == 2)
        for place in places { #expect(lines[place + 1].type == "NULL") }
    }

    @Test(arguments: [CertificateKind.signCA, .authCA, .sign, .auth])
    func `the subject key identifier is SHA-1 of RSAPublicKey`(kind: CertificateKind) throws {
        let certificate = try Fixture.issue(kind)
        let key = try x509(certificate, ["-pubkey"])
        let numbers = try OpenSSL.run(
            ["rsa", "-pubin", "-in", "key.pem", "-RSAPublicKey_out", "-outform", "DER"],
            files: ["key.pem": Array(key.utf8)]
        )
        let digest = try OpenSSL.run(["dgst", "-sha1", "-r", "key.der"], files: ["key.der": numbers.output])
        let identifier = try extensionValue("Subject Key Identifier", of: certificate)
        #expect(identifier.map(\.value) == [digest.text.prefix(40).uppercased()])
    }

    @Test(arguments: [(CertificateKind.sign, CertificateKind.signCA), (.auth, .authCA)])
    func `the authority key identifier is the authority's subject key identifier and nothing else`(
        kind: CertificateKind,
        authority: CertificateKind
    ) throws {
        let named = try extensionValue("Authority Key Identifier", of: Fixture.issue(kind))
        let own = try extensionValue("Subject Key Identifier", of: Fixture.issue(authority))
        #expect(named.map(\.type) == ["SEQUENCE", "cont [ 0 ]"])
        let text = try x509(Fixture.issue(kind), ["-ext", "authorityKeyIdentifier"])
        let bytes = text.uppercased().split(separator: "\n").last.map { $0.filter(\.isHexDigit) }
        #expect(bytes?.count == 40)
        #expect(bytes == own.first?.value)
    }

    // MARK: - Reading

    private func x509(_ certificate: [UInt8], _ options: [String]) throws -> String {
        let answer = try OpenSSL.run(
            ["x509", "-inform", "DER", "-in", "x.der", "-noout"] + options,
            files: ["x.der": certificate]
        )
        #expect(answer.status == 0, "\(answer.complaint)")
        return answer.text
    }

    /// Strings of issuer and subject, in order: everything textual before the extensions.
    private func names(in certificate: [UInt8]) throws -> [String] {
        strings(try ASN1Line.list(certificate).filter { $0.depth == 5 })
    }

    private func strings(_ lines: [ASN1Line]) -> [String] {
        lines.filter { $0.type.hasSuffix("STRING") && !$0.type.hasPrefix("OCTET") && !$0.type.hasPrefix("BIT") }
            .map { "\($0.type) \($0.value)" }
    }

    private func extensions(of certificate: [UInt8]) throws -> [(name: String, isCritical: Bool, offset: Int)] {
        let lines = try ASN1Line.list(certificate)
        return lines.indices.filter { lines[$0].type == "OCTET STRING" && lines[$0].depth == 5 }.map { place in
            let isCritical = lines[place - 1].type == "BOOLEAN"
            let name = lines[place - (isCritical ? 2 : 1)].value
            return (name.replacing("X509v3 ", with: ""), isCritical, lines[place].offset)
        }
    }

    private func extensionValue(_ name: String, of certificate: [UInt8]) throws -> [ASN1Line] {
        let found = try #require(try extensions(of: certificate).first { $0.name == name })
        return try ASN1Line.list(certificate, inside: found.offset)
    }
}
