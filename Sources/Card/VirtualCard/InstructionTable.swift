import CardProfiles
import SmartCard

/// The instructions a card knows: class and INS, the command of the profile they belong to, and the one parser that
/// turns P1, P2, data and Le into a meaning.
///
/// An instruction is in one list for a card in use and another for a blank one; what is in neither is answered 6D00.
struct InstructionTable: Sendable {
    struct Entry: Sendable {
        let cla: UInt8
        let ins: UInt8
        /// The profile's command this belongs to; `nil` when every place of the card knows it.
        let command: CommandSet?
        let parse: @Sendable (CommandAPDU) throws(Refusal) -> CardCommand
    }

    private let entries: [Entry]
    /// Index into `entries` by INS, for class 00 and then for class 80; 0 means none.
    private let byInstruction: [UInt8]

    init(_ entries: [Entry]) {
        self.entries = entries
        var index = [UInt8](repeating: 0, count: 512)
        for (position, entry) in entries.enumerated() {
            index[Int(entry.cla & 0x80) << 1 | Int(entry.ins)] = UInt8(position + 1)
        }
        byInstruction = index
    }

    /// The entry for an instruction of class 00 or 80.
    func entry(cla: UInt8, ins: UInt8) -> Entry? {
        let position = byInstruction[Int(cla & 0x80) << 1 | Int(ins)]
        return position == 0 ? nil : entries[Int(position) - 1]
    }

    // swift-format-ignore
    static let operational = InstructionTable([
        Entry(cla: 0x00, ins: 0xA4, command: .select,                   parse: CardCommand.select),
        Entry(cla: 0x00, ins: 0xB0, command: .readBinary,               parse: CardCommand.readBinary),
        Entry(cla: 0x00, ins: 0xB2, command: .readRecord,               parse: CardCommand.readRecord),
        Entry(cla: 0x00, ins: 0x20, command: .verify,                   parse: CardCommand.verify),
        Entry(cla: 0x00, ins: 0x24, command: .changeReferenceData,      parse: CardCommand.changeReferenceData),
        Entry(cla: 0x80, ins: 0x32, command: .changeKey,                parse: CardCommand.changeKey),
        Entry(cla: 0x80, ins: 0x2A, command: .computeDigitalSignature,  parse: CardCommand.computeDigitalSignature),
        Entry(cla: 0x00, ins: 0x88, command: .internalAuthenticate,     parse: CardCommand.internalAuthenticate),
        Entry(cla: 0x00, ins: 0x84, command: .getChallenge,             parse: CardCommand.getChallenge),
        Entry(cla: 0x00, ins: 0x82, command: .externalAuthenticate,     parse: CardCommand.externalAuthenticate),
        Entry(cla: 0x80, ins: 0x82, command: .externalAuthenticate,     parse: CardCommand.externalAuthenticate),
        Entry(cla: 0x00, ins: 0xCA, command: .getData,                  parse: CardCommand.getData),
        Entry(cla: 0x00, ins: 0x2C, command: .unblock,                  parse: CardCommand.resetRetryCounter),
        Entry(cla: 0x80, ins: 0x54, command: .unblock,                  parse: CardCommand.unlockKey),
        Entry(cla: 0x80, ins: 0xAE, command: .setSessionKey,            parse: CardCommand.setSessionKey),
        Entry(cla: 0x80, ins: 0xA2, command: .terminalCertificate,      parse: CardCommand.terminalCertificate),
        Entry(cla: 0x80, ins: 0x8A, command: .issuerCommands,           parse: CardCommand.manageAttributes),
        Entry(cla: 0x80, ins: 0x06, command: .issuerCommands,           parse: { _ in .issuerOnly }),
        Entry(cla: 0x80, ins: 0x50, command: .issuerCommands,           parse: { _ in .issuerOnly }),
        Entry(cla: 0x80, ins: 0x52, command: .issuerCommands,           parse: { _ in .issuerOnly }),
        Entry(cla: 0x80, ins: 0xE2, command: .contentManagement,        parse: { _ in .issuerOnly }),
        Entry(cla: 0x80, ins: 0xE4, command: .contentManagement,        parse: { _ in .issuerOnly }),
        Entry(cla: 0x80, ins: 0xE6, command: .contentManagement,        parse: { _ in .issuerOnly }),
        Entry(cla: 0x80, ins: 0xE8, command: .contentManagement,        parse: { _ in .issuerOnly }),
        Entry(cla: 0x80, ins: 0xF0, command: .contentManagement,        parse: { _ in .issuerOnly }),
        Entry(cla: 0x80, ins: 0xF2, command: .contentManagement,        parse: { _ in .issuerOnly }),
        Entry(cla: 0x80, ins: 0xFC, command: .lastCommandIndicator,     parse: { _ in .lastCommandIndicator }),
    ])

    // swift-format-ignore
    static let blank = InstructionTable([
        Entry(cla: 0x00, ins: 0xA4, command: nil, parse: CardCommand.select),
        Entry(cla: 0x00, ins: 0x84, command: nil, parse: CardCommand.getChallenge),
        Entry(cla: 0x00, ins: 0x47, command: nil, parse: CardCommand.generateKeyPair),
        Entry(cla: 0x80, ins: 0x2A, command: nil, parse: CardCommand.computeDigitalSignature),
        Entry(cla: 0x80, ins: 0xE2, command: nil, parse: CardCommand.storeData),
        Entry(cla: 0x80, ins: 0xF0, command: nil, parse: CardCommand.close),
    ])
}
