import Testing

/// Wrong and blocked PINs, as OpenSC's tools report them.
@Suite(.serialized) struct WrongPINTests {
    private let reader: CardInReader

    init() throws { reader = try CardInReader("adult") }

    private func verify(_ id: String, _ secret: String) throws -> Answer {
        try reader.run(.pkcs15Tool, ["--verify-pin", "--auth-id", id, "--pin", "env:" + secret])
    }

    private func login(slot: Int, _ secret: String) throws -> Answer {
        try reader.run(
            .pkcs11Tool,
            ["--login", "--slot", "\(slot)", "--pin", "env:" + secret, "--list-objects", "--type", "privkey"]
        )
    }

    @Test func `a wrong PIN is told from a blocked one, and the dump goes on counting`() throws {
        for left in [2, 1, 0] {
            let answer = try verify("01", "WRONG_PIN")
            #expect(answer.status != 0)
            #expect(answer.complaint.contains("PIN code or key incorrect"), "\(answer.text)")
            #expect(try PKCS15Dump(reader).tries == ["User Authentication PIN": left, "Digital Signature PIN": 5])
        }
        // 6984 is what the real card says; OpenSC has these words for it.
        #expect(try verify("01", "PIN").complaint.contains("Reference data not usable"))
        #expect(try PKCS15Dump(reader).certificates == PKCS15Tests.certificates)
    }

    @Test func `the right PIN gives the tries back`() throws {
        #expect(try verify("01", "WRONG_PIN").status != 0)
        #expect(try verify("01", "PIN").status == 0)
        #expect(try PKCS15Dump(reader).tries["User Authentication PIN"] == 3)
    }

    @Test func `a login with a wrong PIN is CKR_PIN_INCORRECT, with a blocked one CKR_GENERAL_ERROR`() throws {
        for _ in 0..<3 {
            #expect(try login(slot: 0, "WRONG_PIN").complaint.contains("C_Login failed: rv = CKR_PIN_INCORRECT (0xa0)"))
        }
        for secret in ["WRONG_PIN", "PIN"] {
            #expect(try login(slot: 0, secret).complaint.contains("C_Login failed: rv = CKR_GENERAL_ERROR (0x5)"))
        }
        // The other PIN has nothing to do with it.
        let signature = try login(slot: 1, "PASSWORD")
        #expect(signature.status == 0)
        #expect(signature.output.contains("Digital Signature Key"), "\(signature.text)")
    }

    @Test func `the signature password bears five wrong tries`() throws {
        let wrong = ["PASSWORD": "WRONG9"]
        for left in [4, 3, 2, 1, 0] {
            let arguments = ["--verify-pin", "--auth-id", "02", "--pin", "env:PASSWORD"]
            #expect(try reader.run(.pkcs15Tool, arguments, with: wrong).complaint.contains("PIN code or key incorrect"))
            #expect(try PKCS15Dump(reader).tries == ["User Authentication PIN": 3, "Digital Signature PIN": left])
        }
        #expect(try login(slot: 1, "PASSWORD").complaint.contains("CKR_GENERAL_ERROR"))
        #expect(try login(slot: 0, "PIN").status == 0)
    }
}
