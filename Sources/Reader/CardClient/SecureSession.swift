import CardCryptography
import CardProfiles
import Secrets
import SmartCard
import TLV

/// A session of secure messaging in the input-support application: confidentiality only, class 08.
///
/// Rules as measured on cards by myna-card: AES-128-CBC, the initial vector is the enciphered number of the command, a
/// padding 80 00… always added, data in objects 86 (data) and 96 (length asked for).
struct SecureSession: Sendable {
    let key: [UInt8]
    var counter: UInt64 = 0
}

extension CardClient {
    /// Opens secure messaging: the PIN of the input support has to be verified before.
    ///
    /// A fresh key is enciphered to the card's public key in EF 0006 (RSAES-OAEP) and handed over by SET SESSION KEY.
    /// Until another application is selected, files are selected and read under it.
    public mutating func openSecureMessaging() throws(CardError) {
        let step = CardStep.openSecureMessaging
        let keyFile = ObjectID(.inputSupport, 0x0006)
        let publicKey = try PublicKeyObject(in: try readObject(keyFile), tag: 0xA1, of: keyFile)
        let random = try freshKey(step)
        let cipher = try encipher([0xA0, 0x22, 0x80, 0x20] + random, to: publicKey, step)
        let command = CommandAPDU(cla: 0x80, ins: 0xAE, data: cipher, extended: true)
        try expectSuccess(try exchange(command, step), step)
        secureSession = SecureSession(key: Array(random.prefix(16)))
        // What was selected in clear has to be selected again under the session.
        file = nil
    }

    /// 32 unpredictable bytes.
    func freshKey(_ step: CardStep) throws(CardError) -> [UInt8] {
        do throws(CryptographyFailure) {
            return try cryptography.randomBytes(32)
        } catch {
            throw .cryptography(step)
        }
    }

    private func encipher(_ plain: [UInt8], to key: PublicKeyObject, _ step: CardStep) throws(CardError) -> [UInt8] {
        do throws(CryptographyFailure) {
            return try cryptography.encryptOAEP(plain, modulus: key.modulus, exponent: key.exponent)
        } catch {
            throw .cryptography(step)
        }
    }

    public var isSecured: Bool { secureSession != nil }

    /// Sends a command under the session where there is one, else in clear.
    mutating func exchangeSecured(_ command: CommandAPDU, _ step: CardStep) throws(CardError) -> ResponseAPDU {
        guard var session = secureSession else { return try exchange(command, step) }
        session.counter += 1
        secureSession = session
        let iv = try initialVector(session, step)
        var data: [UInt8] = []
        if !command.data.isEmpty {
            let padded = command.data + [0x80] + [UInt8](repeating: 0, count: 15 - command.data.count % 16)
            let cipher = try cbc(.encrypt, session, iv, padded, step)
            data += [0x86, UInt8(cipher.count + 1), 0x01] + cipher
        }
        if let le = command.le {
            let length = le >= 65_536 ? 0 : le
            data += [0x96, 0x03, 0x00, UInt8(length >> 8), UInt8(length & 0xFF)]
        }
        let secured = CommandAPDU(
            cla: command.cla | 0x08,
            ins: command.ins,
            p1: command.p1,
            p2: command.p2,
            data: data,
            le: command.le == nil ? nil : 65_536,
            extended: command.le != nil
        )
        let response = try exchange(secured, step)
        guard !response.data.isEmpty else { return response }
        let plain = try open(response.data, session, iv, step)
        guard plain.count <= command.le ?? 0 else { throw .misbehaved(step, .tooManyBytes) }
        return ResponseAPDU(response.status, data: plain)
    }

    private func initialVector(_ session: SecureSession, _ step: CardStep) throws(CardError) -> [UInt8] {
        let zeros = [UInt8](repeating: 0, count: 16)
        var number = zeros
        for index in 0..<8 { number[15 - index] = UInt8(session.counter >> UInt64(8 * index) & 0xFF) }
        return try cbc(.encrypt, session, zeros, number, step)
    }

    private func open(
        _ data: [UInt8],
        _ session: SecureSession,
        _ iv: [UInt8],
        _ step: CardStep
    ) throws(CardError) -> [UInt8] {
        let broken = CardError.misbehaved(step, .brokenSecureMessage)
        guard let object = try? firstObject(data), object.tag == 0x86, object.value.first == 0x01,
            object.value.count > 16, object.value.count % 16 == 1
        else { throw broken }
        let plain = try cbc(.decrypt, session, iv, Array(object.value.dropFirst()), step)
        guard let end = startOfPadding(plain) else { throw broken }
        return Array(plain[..<end])
    }

    private func cbc(
        _ direction: CipherDirection,
        _ session: SecureSession,
        _ iv: [UInt8],
        _ bytes: [UInt8],
        _ step: CardStep
    ) throws(CardError) -> [UInt8] {
        do throws(CryptographyFailure) {
            return try cryptography.aesCBC(direction, key: session.key, iv: iv, bytes)
        } catch {
            throw .cryptography(step)
        }
    }
}
