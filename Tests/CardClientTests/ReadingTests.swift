import CardClient
import CardKeys
import CardProfiles
import CardTesting
import CivilCalendar
import Issuance
import Personalization
import ReaderTesting
import SmartCard
import Testing

@Suite struct `Reading a card` {
    let made: PersonaCard
    let hand: CardInHand

    init() throws {
        made = try PersonaCards.card("adult")
        hand = CardInHand(made)
    }

    @Test func `recognizes it and tells phones from it`() throws {
        var client = hand.client
        let token = try client.recognize()
        #expect(token.kind == .card && token.label == "JPKIAPICCTOKEN2" && token.manufacturer.hasSuffix("01"))
        #expect(token.model == "JPKI-SIM" && token.serialNumber == "0827182818284590")
        #expect(token.greatestPINLength == 16 && token.leastPINLength == 6)
        #expect(token.hardwareVersion == "03" && token.firmwareVersion == "01")
        for (name, kind) in [("android", TokenKind.android), ("iphone", .iphone)] {
            var phone = CardInHand(try PersonaCards.card(name)).client
            #expect(try phone.recognize().kind == kind)
        }
    }

    @Test func `gives the four facts after the input-support PIN`() throws {
        var client = hand.client
        try client.unlock(.input, "1234")
        let facts = try client.readFourFacts()
        #expect(facts.name == made.holder.name && facts.address == made.holder.address)
        #expect(facts.birth == made.order.birth && facts.gender == .female)
        #expect(try client.readIndividualNumber().digits == made.holder.individualNumber)
    }

    @Test func `refuses a record with two objects of one tag, of which a signature would cover the other`() throws {
        hand.meddle = { _, command, answer throws(ChannelFailure) in
            guard command == [0x00, 0xB0, 0x00, 0x00, 0x00], answer.starts(with: [0xFF, 0x20]) else { return answer }
            // The genuine facts stay as they are; an address goes before them.
            let forged: [UInt8] = [0xDF, 0x23, 0x01, 0x58]
            var record = answer
            record[2] += UInt8(forged.count)
            record.insert(contentsOf: forged, at: 3)
            return Array(record.prefix(256)) + [0x90, 0x00]
        }
        var client = hand.client
        try client.unlock(.input, "1234")
        #expect(throws: CardError.malformed(.fourFacts, .badStructure)) { try client.readFourFacts() }
    }

    @Test func `gives number and facts each after its own verification number`() throws {
        var client = hand.client
        try client.unlock(.numberA, made.holder.individualNumber, in: .inputSupport)
        #expect(try client.readIndividualNumber().digits == made.holder.individualNumber)
        #expect(throws: CardError.notPermitted(.read(.fourFacts))) { try client.readFourFacts() }
        try client.leave()
        try client.unlock(.numberB, made.numberB, in: .inputSupport)
        #expect(try client.readFourFacts().name == made.holder.name)
        #expect(throws: CardError.notPermitted(.read(.individualNumber))) { try client.readIndividualNumber() }
    }

    @Test func `gives the face with all pictures`() throws {
        var client = hand.client
        try client.unlock(.numberB, made.numberB)
        let face = try client.readFace()
        #expect(face.birth == made.order.birth && face.gender == .female && face.expiry == made.order.cardExpiry)
        #expect(face.nameImage == made.images.name && face.addressImage == made.images.address)
        #expect(face.photo == made.images.photo && face.securityCodeImage == made.images.securityCode)
        #expect(face.key.exponent == [0x01, 0x00, 0x01] && face.key.modulus.count == 256)
        #expect(face.signature.count == 256 && face.signedGroups.count == 3)
        #expect(throws: CardError.notPermitted(.read(.numberImage))) { try client.readNumberImage() }
    }

    @Test func `gives the number's picture after number A alone`() throws {
        var client = hand.client
        try client.unlock(.numberA, made.holder.individualNumber)
        #expect(try client.readNumberImage().image == made.images.number)
        #expect(throws: CardError.notPermitted(.read(.ageRecord))) { try client.readAge() }
    }

    @Test func `gives the birth after the birth date alone`() throws {
        var client = hand.client
        try client.unlock(.birthDate, made.order.birth.eraCompact)
        #expect(try client.readAge().birth == made.order.birth)
        #expect(throws: CardError.notPermitted(.read(.faceRecord))) { try client.readFace() }
    }

    @Test func `gives what needs nothing verified`() throws {
        var client = hand.client
        let availability = try client.readAvailability()
        #expect(availability.signature && availability.authentication)
        let numbers = try client.readCardNumbers()
        #expect(numbers.serial == made.order.serial && numbers.isSimulated)
        #expect(numbers.manufacturingNumber == "7182818284590")
        #expect(numbers.municipalityCode == made.holder.municipalityCode && numbers.expiry == made.order.cardExpiry)
        for file in [ObjectID.commonKeyIdentifier, .residentRegisterKeyIdentifier] {
            let identifier = try client.readKeyIdentifier(file)
            #expect(identifier.number == "8000022" && identifier.family == .simulated)
            #expect(identifier.description == "8000022/001")
        }
        #expect(try client.readFaceBasics().municipalityCode == made.holder.municipalityCode)
        #expect(try client.readFaceBasics().keyIdentifier?.number == "8000024")
        #expect(try client.readTextBasics().keyIdentifier?.number == "8000034")
        #expect(try client.readTextBasics().municipalityCode == nil)
        #expect(hand.verifications == 0 && !client.isUnlocked)
    }

    @Test func `gives certificates without filler`() throws {
        let authority = try PersonaCards.authority()
        var client = hand.client
        #expect(try client.readCertificate(.signatureCACertificate) == authority.certificates.signCACertificate)
        #expect(try client.readCertificate(.authenticationCACertificate) == authority.certificates.authCACertificate)
        let own = try client.readCertificate(.authenticationCertificate)
        #expect(own.count == Int(own[2]) << 8 + Int(own[3]) + 4)
        #expect(throws: CardError.notPermitted(.read(.signatureCertificate))) {
            try client.readCertificate(.signatureCertificate)
        }
        try client.unlock(.sign, "ABC123")
        #expect(try client.readCertificate(.signatureCertificate).starts(with: [0x30, 0x82]))
    }

    @Test func `gives the resident register code to an authenticated terminal alone`() throws {
        var client = hand.client
        try client.unlock(.register, "1234")
        #expect(throws: CardError.notPermitted(.read(.residentRegisterCode))) { try client.readResidentRegisterCode() }
        let challenge = try client.terminalChallenge(in: .residentRegister)
        #expect(challenge.count == 16)
        try client.authenticateTerminal(hmac(try made.terminalKey(), challenge))
        #expect(try client.readResidentRegisterCode() == made.holder.residentRegisterCode)
    }

    @Test func `refuses a terminal with another key`() throws {
        var client = hand.client
        let challenge = try client.terminalChallenge(in: .residentRegister)
        #expect(throws: CardError.refused(.authenticateTerminal, .mismatch)) {
            try client.authenticateTerminal(hmac([UInt8](repeating: 7, count: 32), challenge))
        }
        #expect(!client.isUnlocked)
    }

    @Test func `counts tries without spending one`() throws {
        var client = hand.client
        for kind in SecretKind.allCases {
            #expect(try client.triesLeft(kind.home) == .left(kind.rule.tries), "\(kind)")
            #expect(hand.triesLeft(kind) == kind.rule.tries)
        }
        #expect(hand.verifications == 0)
        #expect(try client.triesLeft(ObjectID(.inputSupport, 0x0012)) == .blocked)
        #expect(try client.triesLeft(ObjectID(.inputSupport, 0x0009)) == .absent)
        #expect(throws: CardError.refused(.query(.fourFacts), .incompatibleWithFileStructure)) {
            try client.triesLeft(.fourFacts)
        }
    }

    @Test func `says of a phone that the other applications are missing`() throws {
        var client = CardInHand(try PersonaCards.card("android")).client
        let availability = try client.readAvailability()
        #expect(availability.signature && availability.authentication)
        #expect(throws: CardError.notPermitted(.read(.authenticationCertificate))) {
            try client.readCertificate(.authenticationCertificate)
        }
        try client.unlock(.auth, "1234")
        #expect(try client.readCertificate(.authenticationCertificate).first == 0x30)
        #expect(throws: CardError.missing(.select(.inputSupport))) { try client.readFourFacts() }
        #expect(throws: CardError.missing(.select(.cardFace))) { try client.readFace() }
        #expect(throws: CardError.missing(.select(.common))) { try client.readCardNumbers() }
        #expect(throws: CardError.missing(.select(.residentRegister))) { try client.readResidentRegisterCode() }
        for kind in SecretKind.allCases where kind.homePlace != .jpki {
            #expect(try client.triesLeft(kind.home) == .absent)
            #expect(throws: CardError.missing(.query(kind.home))) { _ = try client.prepareToVerify(kind) }
        }
    }

    @Test func `says of a file, a record and an object that they are missing`() throws {
        var client = hand.client
        let file = ObjectID(.jpki, 0x0003)
        #expect(throws: CardError.missing(.selectFile(file))) { try client.readObject(file) }
        #expect(throws: CardError.missing(.selectFile(file))) { try client.readBytes(file, count: 3) }
        #expect(throws: CardError.missing(.read(.cardNumbers))) { try client.readRecord(.cardNumbers, number: 2) }
        #expect(try client.getData(0x9F7F) == nil)
    }

    @Test func `says of a certificate that was never issued that it is empty`() throws {
        var client = CardInHand(try PersonaCards.card("infant")).client
        #expect(throws: CardError.notPermitted(.read(.signatureCertificate))) {
            try client.readCertificate(.signatureCertificate)
        }
        let availability = try client.readAvailability()
        #expect(!availability.signature && availability.authentication)
        #expect(throws: CardError.blocked(.sign)) { _ = try client.prepareToVerify(.sign) }
    }

    @Test func `calls a card without a JPKI application another card`() throws {
        hand.meddle = { _, _, _ in [0x6A, 0x82] }
        var client = hand.client
        #expect(throws: CardError.notThisCard) { try client.recognize() }
        #expect(hand.exchanges.count == 1)
    }

    @Test func `calls a resident register card another card`() throws {
        hand.meddle = { _, command, response in
            guard command[1] == 0xB0 else { return response }
            return Array("JPKIAPICCTOKEN                  ".utf8) + response.dropFirst(32)
        }
        var client = hand.client
        #expect(throws: CardError.notThisCard) { try client.recognize() }
    }

    @Test func `signs with a verified key and not before`() throws {
        var client = hand.client
        let info = DigestInfo.sha256([UInt8](repeating: 9, count: 32))
        let step = CardStep.sign(.authenticationKey)
        #expect(throws: CardError.notPermitted(step)) { try client.sign(.digestInfo(info), with: .authenticationKey) }
        try client.unlock(.auth, "1234")
        let signature = try client.sign(.digestInfo(info), with: .authenticationKey)
        #expect(signature.count == 256)
        #expect(try client.sign(.pss(sha256: info.suffix(32)), with: .authenticationKey) != signature)
        #expect(throws: CardError.notPermitted(.sign(.signatureKey))) {
            try client.sign(.digestInfo(info), with: .signatureKey)
        }
    }
}
