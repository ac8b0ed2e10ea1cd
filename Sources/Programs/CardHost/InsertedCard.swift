import CardFaults
import CardKeys
import CardProfiles
import CardStorage
import VPCD
import VirtualCard

/// A card file behind the virtual reader's wire: every change is on the disk before the answer leaves.
final class InsertedCard: VPCDCard {
    let answerToReset: [UInt8]
    private var card: VirtualCard<OpenSSLCryptography>
    private var file: CardFile
    private let faults: FaultBoard
    private let onFailure: (CardFileError) -> Void

    /// Journal length, in blocks, at which the file is written anew after a command.
    private static let longJournal = 8192
    private var limit = longJournal

    init(
        _ file: CardFile,
        atr: [UInt8],
        leniency: Leniency,
        faults: FaultBoard,
        onFailure: @escaping (CardFileError) -> Void
    ) throws(StateFailure) {
        let cryptography = OpenSSLCryptography()
        let state = try CardState(file.header.kind, replaying: file.changes, using: cryptography)
        card = VirtualCard(state, cryptography: cryptography, leniency: leniency)
        self.file = file
        self.faults = faults
        self.onFailure = onFailure
        answerToReset = atr
    }

    func powerOn() { powerOff() }

    func powerOff() {
        card.powerOff()
        faults.reset()
    }

    func reset() {
        card.reset()
        faults.reset()
    }

    func respond(to command: [UInt8]) -> VPCDReply {
        let reaction = faults.respond(to: command, asking: carryOut)
        let reply: VPCDReply
        switch reaction.outcome {
        case .answer(let answer): reply = .answer(answer)
        case .garbage(let bytes): reply = .garbage(bytes)
        case .tornOut: reply = .tornOut
        }
        if reaction.milliseconds == 0 { return reply }
        return .late(milliseconds: Int32(clamping: reaction.milliseconds), reply)
    }

    private func carryOut(_ command: [UInt8]) -> [UInt8] {
        let answer = card.respond(to: command, committingTo: &file)
        if file.journalBlocks > limit { compact() }
        return answer
    }

    /// Shortens the file; when that fails the long one goes on being used.
    func compact() {
        do throws(CardFileError) {
            guard let changes = try? card.state.changes() else { return }
            try file.compact(changes)
        } catch {
            onFailure(error)
        }
        // However that ended, not after every command again.
        limit = file.journalBlocks + Self.longJournal
    }
}
