import CardProfiles
import CardTesting
import VirtualCard

/// A sequence of commands, each behind its length in two bytes, for one card; an empty one takes its power away.
///
/// The first byte says which card: a finished one, a blank one, or a blank one that is closed before the rest arrives.
func examineCommands(_ bytes: [UInt8]) throws(FuzzFinding) {
    var card = VirtualCard(CardState(blank: .plastic), cryptography: FakeCryptography())
    var store = JournalStore()
    let kind = (bytes.first ?? 0) % 3
    if kind == 0 {
        guard let sample = try? SampleCards.fast() else { throw FuzzFinding(description: "no card could be made") }
        card = VirtualCard(sample.card.state, cryptography: sample.cryptography)
    } else if kind == 1 {
        _ = card.respond(to: [0x80, 0xF0, 0x80, 0x0F], committingTo: &store)
    }
    var position = 1
    while position + 2 <= bytes.count {
        let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
        let end = min(position + 2 + length, bytes.count)
        let command = Array(bytes[(position + 2)..<end])
        position = end
        guard !command.isEmpty else {
            card.powerOff()
            continue
        }
        store.commits = []
        try examine(card.respond(to: command, committingTo: &store), to: command)
    }
    guard let changes = try? card.state.changes() else { throw FuzzFinding(description: "a card says what it keeps") }
    let again = try? CardState(.plastic, replaying: changes, using: FakeCryptography()).changes()
    try hold(again == changes, "a card is made anew by what it keeps")

    func examine(_ answer: [UInt8], to command: [UInt8]) throws(FuzzFinding) {
        try hold((2...65_538).contains(answer.count), "an answer is a status at least")
        let status = UInt16(answer[answer.count - 2]) << 8 | UInt16(answer[answer.count - 1])
        try hold(status == 0x9000 || status >> 12 == 6, "a status is one of ISO/IEC 7816-4")
        let isSessionKey = command.count > 4 && command[0] == 0x80 && command[1] == 0xAE
        try hold(status != 0x6F00 || isSessionKey, "only a session key out of range is answered 6F00")
        guard status != 0x9000 else { return }
        try hold(answer.count == 2, "an error has no data")
        for change in store.commits.joined() {
            guard case .tries = change else { throw FuzzFinding(description: "an error changes nothing but tries") }
        }
    }
}
