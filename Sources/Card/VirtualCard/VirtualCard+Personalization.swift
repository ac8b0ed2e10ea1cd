import CardCryptography
import CardProfiles
import SmartCard
import TLV

// What a blank card obeys until it is closed: keys are made inside it, everything else is stored into it through the same
// commands a factory would send. There is no other way to fill a card.

extension VirtualCard {
    /// Makes a key pair in a key file and answers with its public half: `7F49 { 81 modulus, 82 exponent }`.
    func generateKeyPair(_ reference: FileReference, count: Int) throws(Refusal) -> Step {
        let file = try file(reference)
        guard case .privateKey = file.profile.kind else { throw Refusal(.conditionsNotSatisfied) }
        let (modulus, secret) = try attempt { (library) throws(CryptographyFailure) in
            let key = try library.generateKey()
            return (key.modulus, try key.encoded())
        }
        var answer = TLVWriter()
        answer.put(0x7F49) { inside in
            inside.put(0x81, modulus)
            inside.put(0x82, [0x01, 0x00, 0x01])
        }
        guard answer.bytes.count <= count else { throw Refusal(.wrongLength) }
        return commit([.key(file.object, secret)], then: .answer(ResponseAPDU(.success, data: answer.bytes)))
    }

    func store(_ data: StoredData) throws(Refusal) -> Step {
        let change: Change
        switch data {
        case .terminalKey(let key): change = .terminalKey(key)
        case .dataObject(let tag, let bytes): change = .dataObject(tag, bytes)
        case .currentFile(let bytes): change = try content(bytes, of: try file(.current))
        }
        return commit([change], then: .answer(ResponseAPDU(.success)))
    }

    private func content(_ bytes: [UInt8], of file: CurrentFile) throws(Refusal) -> Change {
        switch file.profile.kind {
        case .transparent(let size, _):
            guard bytes.count <= size ?? 0x7FFF else { throw Refusal(.notEnoughMemory) }
            return .content(file.object, bytes)
        case .records:
            return .record(file.object, bytes)
        case .reference(let rule):
            guard !rule.isVoid, rule.sharedWith == nil else { throw Refusal(.conditionsNotSatisfied) }
            return try newValue(bytes, rule, file.object)
        case .publicKey:
            guard bytes.count == 256 else { throw Refusal(.wrongLength) }
            return .publicKey(file.object, bytes)
        case .privateKey, .placeholder:
            throw Refusal(.conditionsNotSatisfied)
        }
    }
}
