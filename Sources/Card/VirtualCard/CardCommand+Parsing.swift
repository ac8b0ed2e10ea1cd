import SmartCard

/// One parser an instruction. Each looks at P1 and P2 first, at lengths second, and at nothing else.
extension CardCommand {
    @Sendable static func select(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        switch (apdu.p1, apdu.p2) {
        case (0x04, 0x00), (0x04, 0x0C), (0x04, 0x02), (0x04, 0x0E):
            let answer = fileControl(apdu)
            if apdu.data.isEmpty { return .selectCardManager(answer: answer) }
            guard apdu.data.count <= 16 else { throw Refusal(.wrongLength) }
            return .selectApplication(name: apdu.data, next: apdu.p2 & 0x02 != 0, answer: answer)
        case (0x02, 0x00), (0x02, 0x0C):
            guard let file = FileID(apdu.data) else { throw Refusal(.wrongLength) }
            return .selectFile(file, answer: fileControl(apdu))
        case (0x00, 0x00), (0x00, 0x0C):
            if apdu.data.isEmpty { return .selectCurrentApplication }
            guard apdu.data.count == 2 else { throw Refusal(.wrongLength) }
            return .selectUnderMasterFile
        default:
            throw Refusal(.wrongParameters)
        }
    }

    @Sendable static func readBinary(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        let file: FileReference
        let offset: Int
        if apdu.p1 & 0x80 == 0 {
            file = .current
            offset = Int(apdu.p1) << 8 | Int(apdu.p2)
        } else {
            guard apdu.p1 & 0x60 == 0, apdu.p1 & 0x1F != 0 else { throw Refusal(.wrongParameters) }
            file = .short(apdu.p1 & 0x1F)
            offset = Int(apdu.p2)
        }
        return .readBinary(file, offset: offset, count: try wanted(apdu))
    }

    @Sendable static func readRecord(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        switch apdu.p2 & 0x07 {
        case 4: break
        case 5: throw Refusal(.functionNotSupported)
        default: throw Refusal(.wrongParameters)
        }
        let sfi = apdu.p2 >> 3
        return .readRecord(sfi == 0 ? .current : .short(sfi), number: Int(apdu.p1), count: try wanted(apdu))
    }

    @Sendable static func verify(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        guard apdu.p1 == 0 else { throw Refusal(.wrongParameters) }
        let file = try reference(apdu.p2)
        if apdu.data.isEmpty { return .queryTries(file) }
        return .verify(file, try value(apdu))
    }

    @Sendable static func changeReferenceData(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        guard apdu.p1 == 1 else { throw Refusal(.wrongParameters) }
        return .change(try reference(apdu.p2), to: try value(apdu))
    }

    @Sendable static func changeKey(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        guard apdu.p1 == 0 else { throw Refusal(.wrongParameters) }
        return .change(try reference(apdu.p2), to: try value(apdu))
    }

    @Sendable static func resetRetryCounter(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        switch apdu.p1 {
        case 2: return .unblock(try reference(apdu.p2), to: try value(apdu))
        case 3:
            let file = try reference(apdu.p2)
            guard apdu.data.isEmpty else { throw Refusal(.wrongLength) }
            return .resetCounter(file)
        default: throw Refusal(.wrongParameters)
        }
    }

    @Sendable static func unlockKey(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        guard apdu.p1 == 0 else { throw Refusal(.wrongParameters) }
        return .unblock(try reference(apdu.p2), to: try value(apdu))
    }

    @Sendable static func computeDigitalSignature(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        guard let form = SignatureForm(rawValue: apdu.p1) else { throw Refusal(.wrongParameters) }
        let key: KeyReference = apdu.p2 == 0 ? .applicationDefault : .file(try reference(apdu.p2))
        guard !apdu.data.isEmpty else { throw Refusal(.wrongLength) }
        switch form {
        case .padded where apdu.data.count > 245: throw Refusal(.conditionsNotSatisfied)
        case .digest where apdu.data.count != 32: throw Refusal(.conditionsNotSatisfied)
        case .pssDigest where apdu.data.count != 32: throw Refusal(.conditionsNotSatisfied)
        default: break
        }
        try requireRoomForSignature(apdu)
        return .computeSignature(key, form, apdu.data)
    }

    @Sendable static func internalAuthenticate(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        guard apdu.p1 == 0 else { throw Refusal(.wrongParameters) }
        let file = try reference(apdu.p2)
        guard (1...255).contains(apdu.data.count) else { throw Refusal(.wrongLength) }
        try requireRoomForSignature(apdu)
        return .internalAuthenticate(file, challenge: apdu.data)
    }

    @Sendable static func getChallenge(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        guard apdu.p1 == 0, apdu.p2 == 0 else { throw Refusal(.wrongParameters) }
        guard apdu.data.isEmpty, let count = apdu.le else { throw Refusal(.wrongLength) }
        guard count <= 256 else { throw Refusal(.conditionsNotSatisfied) }
        return .getChallenge(count: count)
    }

    @Sendable static func externalAuthenticate(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        guard apdu.p1 == 0, apdu.p2 == 0 else { throw Refusal(.wrongParameters) }
        guard apdu.data.count == 32 else { throw Refusal(.wrongLength) }
        return .externalAuthenticate(apdu.data)
    }

    @Sendable static func getData(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        guard apdu.data.isEmpty else { throw Refusal(.wrongLength) }
        return .getData(tag: UInt16(apdu.p1) << 8 | UInt16(apdu.p2), count: try wanted(apdu))
    }

    @Sendable static func setSessionKey(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        guard apdu.p1 == 0, apdu.p2 == 0 else { throw Refusal(.wrongParameters) }
        guard apdu.data.count == 256 else { throw Refusal(.wrongLength) }
        return .setSessionKey(apdu.data)
    }

    @Sendable static func terminalCertificate(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        switch (apdu.p1, apdu.p2) {
        case (0x06, 0xC1):
            guard apdu.data.count == 307 else { throw Refusal(.wrongLength) }
            return .presentTerminalCertificate(apdu.data)
        case (0x00, 0xC1):
            guard apdu.data.count == 261 else { throw Refusal(.wrongLength) }
            return .presentTerminalSignature(apdu.data)
        default:
            throw Refusal(.wrongParameters)
        }
    }

    @Sendable static func manageAttributes(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        guard apdu.p1 == 0x22 || apdu.p1 == 0x24 else { throw Refusal(.wrongParameters) }
        return .issuerOnly
    }
}

// MARK: - The blank card's own commands

extension CardCommand {
    /// `00 47 00 80|sfi`: GENERATE ASYMMETRIC KEY PAIR (ISO/IEC 7816-8, 5.2) into the current or a named key file.
    @Sendable static func generateKeyPair(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        guard apdu.p1 == 0 else { throw Refusal(.wrongParameters) }
        let file = try reference(apdu.p2)
        guard apdu.data.isEmpty else { throw Refusal(.wrongLength) }
        return .generateKeyPair(file, count: try wanted(apdu))
    }

    /// `80 E2`: STORE DATA (GlobalPlatform Card Specification 2.3, 11.11); what P1 means is this project's choice.
    @Sendable static func storeData(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        switch (apdu.p1, apdu.p2) {
        case (0x00, 0x80):
            guard !apdu.data.isEmpty else { throw Refusal(.wrongLength) }
            return .storeData(.currentFile(apdu.data))
        case (0x01, 0x00):
            guard apdu.data.count > 2 else { throw Refusal(.wrongLength) }
            let tag = UInt16(apdu.data[0]) << 8 | UInt16(apdu.data[1])
            return .storeData(.dataObject(tag: tag, Array(apdu.data.dropFirst(2))))
        case (0x02, 0x00):
            guard apdu.data.count == 32 else { throw Refusal(.wrongLength) }
            return .storeData(.terminalKey(apdu.data))
        default:
            throw Refusal(.wrongParameters)
        }
    }

    /// `80 F0 80 0F`: CLOSE, in the shape of SET STATUS to *secured* (GlobalPlatform Card Specification 2.3, 11.10).
    @Sendable static func close(_ apdu: CommandAPDU) throws(Refusal) -> CardCommand {
        guard apdu.p1 == 0x80, apdu.p2 == 0x0F else { throw Refusal(.wrongParameters) }
        guard apdu.data.isEmpty else { throw Refusal(.wrongLength) }
        return .close
    }
}

// MARK: - Parts that several parsers share

extension CardCommand {
    private static func fileControl(_ apdu: CommandAPDU) -> FileControl {
        guard apdu.p2 & 0x0C == 0, let count = apdu.le else { return .none }
        return .information(count: count)
    }

    /// How many bytes are wanted by a command that is nothing without an answer.
    private static func wanted(_ apdu: CommandAPDU) throws(Refusal) -> Int {
        guard apdu.data.isEmpty, let count = apdu.le else { throw Refusal(.wrongLength) }
        return count
    }

    /// P2 = 80 is the current file, 80|sfi the file with that short identifier.
    private static func reference(_ p2: UInt8) throws(Refusal) -> FileReference {
        guard p2 & 0x80 != 0, p2 & 0x60 == 0 else { throw Refusal(.wrongParameters) }
        return p2 & 0x1F == 0 ? .current : .short(p2 & 0x1F)
    }

    private static func value(_ apdu: CommandAPDU) throws(Refusal) -> [UInt8] {
        guard (1...16).contains(apdu.data.count) else { throw Refusal(.wrongLength) }
        return apdu.data
    }

    private static func requireRoomForSignature(_ apdu: CommandAPDU) throws(Refusal) {
        guard let count = apdu.le, count >= 256 else { throw Refusal(.wrongLength) }
    }
}

extension FileID {
    fileprivate init?(_ bytes: [UInt8]) {
        guard bytes.count == 2 else { return nil }
        self.init(UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
    }
}
