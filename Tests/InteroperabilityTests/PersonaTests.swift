import Testing

/// Every persona's card, as OpenSC finds it.
@Suite(.serialized) struct PersonaTests {
    struct Row: CustomTestStringConvertible {
        let persona: String
        var authenticationTries = 3
        var signatureTries = 5
        /// 6982 where it is behind the PIN.
        var authenticationCertificate = "30829000"
        var testDescription: String { persona }
    }

    static let rows = [
        Row(persona: "adult"),
        Row(persona: "foreign"),
        Row(persona: "rare-characters"),
        Row(persona: "expired"),
        Row(persona: "child", signatureTries: 0),
        Row(persona: "infant", signatureTries: 0),
        Row(persona: "locked", authenticationTries: 0, signatureTries: 0),
        Row(persona: "no-pin", authenticationTries: 0, signatureTries: 0),
        Row(persona: "android", authenticationCertificate: "6982"),
        Row(persona: "iphone"),
    ]

    @Test(arguments: rows)
    func `a card of every persona can be made, dumped, and gives out what is free`(row: Row) throws {
        let reader = try CardInReader(row.persona)
        let dump = try PKCS15Dump(reader)
        #expect(
            dump.tries == [
                "User Authentication PIN": row.authenticationTries, "Digital Signature PIN": row.signatureTries,
            ]
        )
        #expect(dump.certificates == PKCS15Tests.certificates)
        let answers = try reader.play([
            "connect", Command.selectJPKI, Command.selectFile("000A"), "00B0000002", Command.selectFile("0001"),
            "00B0000002",
        ])
        #expect(answers[3] == row.authenticationCertificate)
        #expect(answers[5] == "6982")
    }

    @Test(arguments: ["child", "infant"])
    func `a card without signature certificate still proves who its holder is`(persona: String) throws {
        let reader = try CardInReader(persona)
        let authentication = try reader.run(.pkcs11Tool, ["--test", "--login", "--slot", "0", "--pin", "env:PIN"])
        #expect(authentication.output.hasSuffix("No errors\n"), "\(authentication.text)")
        let signature = ["--verify-pin", "--auth-id", "02", "--pin", "env:PASSWORD", "--read-certificate", "02"]
        #expect(try reader.run(.pkcs15Tool, signature).status != 0)
        // Byte 0 of this file tells of the signature certificate, byte 1 of the authentication certificate.
        let present = try reader.play(["connect", Command.selectJPKI, Command.selectFile("0008"), "00B0000003"])
        #expect(present[3] == "008F009000")
    }

    @Test(arguments: ["locked", "no-pin"])
    func `a card that takes no PIN refuses login and shows its certificates`(persona: String) throws {
        let reader = try CardInReader(persona)
        for (slot, secret) in [("0", "PIN"), ("1", "PASSWORD")] {
            let arguments = ["--login", "--slot", slot, "--pin", "env:" + secret, "--list-objects"]
            let login = try reader.run(.pkcs11Tool, arguments)
            #expect(login.complaint.contains("C_Login failed: rv = CKR_GENERAL_ERROR (0x5)"), "\(login.text)")
        }
        try reader.readCertificate("01", to: "holder.pem")
        try reader.readCertificate("03", to: "authority.pem")
        #expect(try reader.run(.openssl, ["verify", "-CAfile", "authority.pem", "holder.pem"]).status == 0)
    }

    @Test func `an Android phone gives the authentication certificate after the PIN`() throws {
        let reader = try CardInReader("android")
        try reader.expect(
            """
            connect -> T=1
            \(Command.selectJPKI) -> 9000
            \(Command.selectFile("000A")) -> 9000
            00B00000 02 -> 6982
            \(Command.selectFile("0018")) -> 9000
            \(Command.verify(TestSecrets.pin)) -> 9000
            \(Command.selectFile("000A")) -> 9000
            00B00000 02 -> 3082 9000
            \(Command.selectFile("0006")) -> 9000
            00B00000 0F -> \(Command.hex(Array("JPKIAPGPSETOKEN".utf8))) 9000
            """
        )
        let test = try reader.run(.pkcs11Tool, ["--test", "--login", "--slot", "0", "--pin", "env:PIN"])
        #expect(test.output.hasSuffix("No errors\n"), "\(test.text)")
    }

    @Test func `an iPhone takes the last-command sign and ends its session, a card does not know it`() throws {
        try CardInReader("iphone").expect(
            """
            connect -> T=1
            \(Command.selectJPKI) -> 9000
            \(Command.selectFile("0018")) -> 9000
            \(Command.verify(TestSecrets.pin)) -> 9000
            80FC0000 -> 9000
            \(Command.selectJPKI) -> 9000
            \(Command.selectFile("0017")) -> 9000
            802A0080 01 41 00 -> 6982
            \(Command.selectFile("0006")) -> 9000
            00B00000 0E -> \(Command.hex(Array("JPKIAPIOSTOKEN".utf8))) 9000
            """
        )
        try CardInReader("adult").expect(
            """
            connect -> T=1
            \(Command.selectJPKI) -> 9000
            80FC0000 -> 6700
            """
        )
    }

    @Test func `a phone holds no card face and no My Number`() throws {
        for persona in ["android", "iphone"] {
            try CardInReader(persona).expect(
                """
                connect -> T=1
                \(Command.selectCardFace) -> 6A82
                \(Command.selectInputSupport) -> 6A82
                \(Command.selectCommon) -> 6A82
                \(Command.selectJPKI) -> 9000
                """
            )
        }
    }

    @Test func `openssl finds an expired card's certificate expired and otherwise sound`() throws {
        let reader = try CardInReader("expired")
        try reader.readCertificate("01", to: "holder.pem")
        try reader.readCertificate("03", to: "authority.pem")
        let verified = try reader.run(.openssl, ["verify", "-CAfile", "authority.pem", "holder.pem"])
        #expect(verified.text.contains("certificate has expired"), "\(verified.text)")
        let sound = try reader.run(.openssl, ["verify", "-no_check_time", "-CAfile", "authority.pem", "holder.pem"])
        #expect(sound.status == 0, "\(sound.text)")
    }
}
