import CardCryptography
import CardProfiles
import Secrets
import SmartCard
import TLV

// Secure messaging of the input-support application: AES-128-CBC, confidentiality only, class 08.
//
// The n-th command under a session and its answer are enciphered with the initial value AES(key, n), n as a 16-byte
// number, and padded with 80 00…. The rules were measured on cards by the author of myna-card; docs/card/input-support.md.

extension VirtualCard {
    /// SET SESSION KEY: RSAES-OAEP of `A0 22 80 20 <32 bytes>`, whose first 16 bytes become the session's key.
    mutating func setSessionKey(_ cryptogram: [UInt8]) throws(Refusal) -> [UInt8] {
        switch application.sessionKey {
        case .absent: throw Refusal(.instructionNotSupported)
        case .refused(let status): throw Refusal(status)
        case .available(let pin, let keyFile):
            try require(.verified(pin))
            guard case .key(let key?)? = state.state(ObjectID(application.place, keyFile)) else {
                throw Refusal(.referencedDataNotFound)
            }
            // A number that is no residue of the modulus never reaches the key.
            guard cryptogram.lexicographicallyPrecedes(key.modulus) else { throw Refusal(.selfDiagnosisFailed) }
            var opened = try attempt { (_) throws(CryptographyFailure) in
                try key.decryptOAEP(cryptogram, length: 36)
            }
            defer { wipe(&opened.bytes) }
            // Compared before either is decided on.
            let hasHeader = equalInConstantTime(Array(opened.bytes[..<4]), [0xA0, 0x22, 0x80, 0x20])
            guard opened.isRight, hasHeader else { throw Refusal(.wrongData) }
            session.secureMessaging = SecureMessaging(key: Array(opened.bytes[4..<20]))
            return StatusWord.success.bytes
        }
    }

    /// Whether a class with secure-messaging bits may go on at all.
    func checkSecureClass(_ header: CommandAPDU.Header) throws(Refusal) {
        guard session.secureMessaging != nil else {
            switch header.ins {
            case 0xB0, 0x20: throw Refusal(.noSecureMessagingSession)
            case 0xA4 where application.place == .inputSupport: throw Refusal(.noSecureMessagingSession)
            default: throw Refusal(.secureMessagingNotSupported)
            }
        }
        switch header.cla {
        case 0x08: return
        case 0x0C: throw Refusal(.secureMessagingObjectMissing)
        default: throw Refusal(.secureMessagingNotSupported)
        }
    }

    /// Which instructions have a secured form at all.
    func checkSecuredInstruction(_ ins: UInt8) throws(Refusal) {
        guard [0xA4, 0x20, 0xB0].contains(ins) else { throw Refusal(.secureMessagingNotSupported) }
    }

    /// A command of class 08 inside a session.
    ///
    /// Every one of them counts, also those that are refused.
    mutating func carryOutSecured(_ apdu: CommandAPDU) throws(Refusal) -> Step {
        guard var messaging = session.secureMessaging else { throw Refusal(.noSecureMessagingSession) }
        messaging.counter += 1
        session.secureMessaging = messaging
        switch apdu.ins {
        case 0xA4 where apdu.p1 == 0x02, 0x20:
            var plain = apdu
            plain.cla = 0x00
            plain.data = try deciphered(apdu.data, messaging)
            plain.le = nil
            let command = apdu.ins == 0x20 ? try CardCommand.verify(plain) : try CardCommand.select(plain)
            return try perform(command)
        case 0xB0:
            return .answer(try readSecured(apdu, messaging))
        default:
            throw Refusal(.secureMessagingNotSupported)
        }
    }

    /// READ BINARY with `96 03 00 <hi> <lo>` for Le (0000 for all); the answer is `86 <len> 01 <ciphertext>`.
    private mutating func readSecured(_ apdu: CommandAPDU, _ messaging: SecureMessaging) throws(Refusal) -> [UInt8] {
        guard let room = apdu.le else { throw Refusal(.wrongLength) }
        let value = try object(0x96, in: apdu.data)
        guard value.count == 3, value[0] == 0 else { throw breakSession() }
        let wanted = Int(value[1]) << 8 | Int(value[2])
        var plain = apdu
        plain.cla = 0x00
        plain.data = []
        plain.le = wanted == 0 ? 65_536 : wanted
        guard case .readBinary(let file, let offset, let count) = try CardCommand.readBinary(plain) else {
            throw Refusal(.wrongParameters)
        }
        let answer = try readBinary(file, offset: offset, count: count)
        let data = answer.dropLast(2)
        let padded = data + [0x80] + [UInt8](repeating: 0, count: 15 - data.count % 16)
        let cipher = try attempt { (library) throws(CryptographyFailure) in
            try library.aesCBC(.encrypt, key: messaging.key, iv: try initialValue(messaging), Array(padded))
        }
        let wrapped = TLVWriter.encoded(0x86, [0x01] + cipher)
        guard wrapped.count <= room else { throw Refusal(.wrongLength) }
        return wrapped + answer.suffix(2)
    }

    /// The data inside `86 <len> 01 <ciphertext>`; anything that does not fit destroys the session.
    private mutating func deciphered(_ data: [UInt8], _ messaging: SecureMessaging) throws(Refusal) -> [UInt8] {
        let value = try object(0x86, in: data)
        guard value.first == 0x01, value.count > 1, (value.count - 1).isMultiple(of: 16) else { throw breakSession() }
        var plain = try attempt { (library) throws(CryptographyFailure) in
            try library.aesCBC(
                .decrypt,
                key: messaging.key,
                iv: try initialValue(messaging),
                Array(value.dropFirst())
            )
        }
        defer { wipe(&plain) }
        guard let end = startOfPadding(plain) else { throw breakSession() }
        return Array(plain[..<end])
    }

    /// The one data object a secured command carries.
    private mutating func object(_ tag: UInt32, in data: [UInt8]) throws(Refusal) -> [UInt8] {
        guard !data.isEmpty else { throw Refusal(.secureMessagingObjectMissing) }
        var reader = TLVReader(data)
        do throws(TLVError) {
            let object = try reader.next()
            if object.tag == tag, reader.isAtEnd { return object.value }
        } catch {
            throw breakSession()
        }
        throw breakSession()
    }

    private mutating func breakSession() -> Refusal {
        session.secureMessaging = nil
        return Refusal(.secureMessagingObjectWrong)
    }

    private func initialValue(_ messaging: SecureMessaging) throws(CryptographyFailure) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 16)
        for index in 0..<8 { block[15 - index] = UInt8(messaging.counter >> UInt64(8 * index) & 0xFF) }
        let zero = [UInt8](repeating: 0, count: 16)
        return try cryptography.aesCBC(.encrypt, key: messaging.key, iv: zero, block)
    }
}
