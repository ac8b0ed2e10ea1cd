import CardProfiles
import SmartCard

// MARK: - SELECT

extension VirtualCard {
    /// The shortest part of a name that selects.
    private static var shortestName: Int { 5 }

    /// A name selects the applications it is a prefix of, never the reverse: a longer name is another application's.
    mutating func select(_ name: [UInt8], next: Bool, answer: FileControl) throws(Refusal) -> [UInt8] {
        let applications = state.profile.applications
        guard name.count >= Self.shortestName else { throw Refusal(.fileNotFound) }
        func matches(_ index: Int) -> Bool { applications[index].aid.bytes.starts(with: name) }
        let first = next && matches(session.application) ? session.application + 1 : 0
        guard let index = applications.indices.dropFirst(first).first(where: matches) else {
            throw Refusal(.fileNotFound)
        }
        return enter(index, answer: answer)
    }

    mutating func enter(_ index: Int, answer: FileControl) -> [UInt8] {
        session.enter(index)
        return fileControl(0x84, application.aid.bytes + [0xA5, 0x00], nameLength: application.aid.bytes.count, answer)
    }

    mutating func selectCurrentApplication() throws(Refusal) -> [UInt8] {
        guard session.application != 0 else { throw Refusal(.wrongParameters) }
        return StatusWord.success.bytes
    }

    mutating func select(_ id: FileID, answer: FileControl) throws(Refusal) -> [UInt8] {
        guard
            let index = application.files.firstIndex(where: { file in
                file.id == id && (file.isSelectable || !state.isClosed)
            })
        else { throw Refusal(.fileNotFound) }
        session.file = index
        return fileControl(0x83, id.bytes, nameLength: 2, answer)
    }

    /// `6F len { tag len name … }` when it was asked for, cut to what was asked for.
    private func fileControl(_ tag: UInt8, _ content: [UInt8], nameLength: Int, _ answer: FileControl) -> [UInt8] {
        guard case .information(let count) = answer else { return StatusWord.success.bytes }
        let inside = [tag, UInt8(nameLength)] + content
        let information = [0x6F, UInt8(inside.count)] + inside
        return ResponseAPDU(.success, data: Array(information.prefix(count))).bytes
    }
}

// MARK: - READ

extension VirtualCard {
    /// The whole answer, data and status in the one array that leaves the card.
    mutating func readBinary(_ reference: FileReference, offset: Int, count: Int) throws(Refusal) -> [UInt8] {
        let file = try file(reference)
        guard case .transparent(let size, let rule) = file.profile.kind, case .bytes(let content) = file.content else {
            throw Refusal(.incompatibleWithFileStructure)
        }
        try require(rule)
        let end = max(size ?? 0, content.count)
        guard offset < end else { throw Refusal(.wrongOffset) }
        session.file = file.index
        let last = min(offset + count, end)
        var answer: [UInt8] = []
        answer.reserveCapacity(last - offset + 2)
        if offset < content.count { answer += content[offset..<min(last, content.count)] }
        // Beyond its content a file is filled with FF.
        while answer.count < last - offset { answer.append(0xFF) }
        let isShort = last - offset < count && leniency.contains(.shortReadAnswers6282)
        (isShort ? StatusWord.endOfFile : .success).append(to: &answer)
        return answer
    }

    mutating func readRecord(_ reference: FileReference, number: Int, count: Int) throws(Refusal) -> [UInt8] {
        let file = try file(reference)
        guard case .records(let rule) = file.profile.kind, case .records(let records) = file.content else {
            throw Refusal(.incompatibleWithFileStructure)
        }
        try require(rule)
        guard records.indices.contains(number - 1) else { throw Refusal(.recordNotFound) }
        session.file = file.index
        return ResponseAPDU(.success, data: Array(records[number - 1].prefix(count))).bytes
    }

    /// GET DATA: the card manager's objects; inside an application only the contact ATR.
    func getData(_ tag: UInt16, count: Int) throws(Refusal) -> [UInt8] {
        guard session.application == 0 || tag == 0x5F51, let value = state.dataObject(tag) else {
            throw Refusal(.referencedDataNotFound)
        }
        guard value.count <= count else { throw Refusal(.wrongLength) }
        return ResponseAPDU(.success, data: value).bytes
    }
}
