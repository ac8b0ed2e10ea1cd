package import CardTesting

extension Verdict {
    /// What is wrong with a card's answer to a command, if anything: its status, its data, or more data than asked for.
    package func fault(in answer: Answer, to command: [UInt8]) -> String? {
        guard statuses.contains(answer.status) else { return "another status than the model's" }
        let room = ModelCommand(command).map { $0.isWellFormed ? $0.le ?? 0 : 0 } ?? 0
        if answer.data.count > room { return "more data than asked for" }
        guard answer.status == 0x9000 else { return answer.data.isEmpty ? nil : "data beside an error" }
        switch data {
        case .none: return answer.data.isEmpty ? nil : "data where there should be none"
        case .exactly(let bytes): return answer.data == bytes ? nil : "other data, should be \(bytes.count) bytes"
        case .length(let count): return answer.data.count == count ? nil : "data of another length than \(count)"
        case .secured(let plain, let key, let counter):
            let opened = SecuredBytes.opened(answer.data, key: key, counter: counter)
            return opened == plain ? nil : "a secured answer that does not open to the file"
        }
    }
}
