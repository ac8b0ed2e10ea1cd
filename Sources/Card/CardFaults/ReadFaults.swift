import SmartCard

/// The two faults about how much a read may ask for and how it is told that there is no more.
///
/// Where they need to know how much there is to read, the same read is asked again without a limit: class 00 and 80 only,
/// since under secure messaging every command counts.
struct ReadFaults {
    let exactLe: Bool
    let endOfFileWord: Bool

    /// The answer these faults make of the card's own.
    func spoil(_ answer: [UInt8], to command: [UInt8], asking card: ([UInt8]) -> [UInt8]) -> [UInt8] {
        guard exactLe || endOfFileWord, let apdu = try? CommandAPDU(parsing: command), Self.isRead(apdu),
            let le = apdu.le, var response = ResponseAPDU(parsing: answer)
        else { return answer }
        let isReadBinary = apdu.ins == 0xB0
        guard let available = Self.available(apdu, le, response, card) else {
            if endOfFileWord, isReadBinary, response.status == .wrongOffset { return StatusWord.wrongParameters.bytes }
            return answer
        }
        if exactLe, (1...256).contains(available), available != le { return Self.exactly(available).bytes }
        if endOfFileWord, isReadBinary, available <= le, response.status == .success { response.status = .endOfFile }
        return response.bytes
    }

    /// READ BINARY, READ RECORD and GET DATA.
    private static func isRead(_ apdu: CommandAPDU) -> Bool {
        apdu.cla & 0x7F == 0 && [0xB0, 0xB2, 0xCA].contains(apdu.ins)
    }

    /// How many bytes this read could give; `nil` when it gives none.
    private static func available(
        _ apdu: CommandAPDU,
        _ le: Int,
        _ response: ResponseAPDU,
        _ card: ([UInt8]) -> [UInt8]
    ) -> Int? {
        let hasSucceeded = response.status == .success || response.status == .endOfFile
        if hasSucceeded, response.data.count < le { return response.data.count }
        // GET DATA gives the whole object or nothing.
        guard hasSucceeded || response.status == .wrongLength else { return nil }
        var whole = apdu
        whole.le = 65_536
        whole.extended = true
        guard let all = ResponseAPDU(parsing: card(whole.bytes)),
            all.status == .success || all.status == .endOfFile
        else { return hasSucceeded ? response.data.count : nil }
        return all.data.count
    }

    /// `6Cxx`: xx is the exact Le, 00 meaning 256 (ISO/IEC 7816-4, 5.6).
    private static func exactly(_ count: Int) -> StatusWord {
        StatusWord(rawValue: 0x6C00 | UInt16(count & 0xFF))
    }
}
