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
    private let onFailure: (CardFileError) -> Void

    /// Journal length, in blocks, at which the file is written anew after a command.
    private static let longJournal = 8192
    private var limit = longJournal

    init(
        _ file: CardFile,
        atr: [UInt8],
        leniency: Leniency,
        onFailure: @escaping (CardFileError) -> Void
    ) throws(StateFailure) {
        let cryptography = OpenSSLCryptography()
        let state = try CardState(file.header.kind, replaying: file.changes, using: cryptography)
        card = VirtualCard(state, cryptography: cryptography, leniency: leniency)
        self.file = file
        self.onFailure = onFailure
        answerToReset = atr
    }

    func powerOn() { card.powerOff() }

    func powerOff() { card.powerOff() }

    func reset() { card.reset() }

    func respond(to command: [UInt8]) -> VPCDReply {
        let answer = card.respond(to: command, committingTo: &file)
        if file.journalBlocks > limit { compact() }
        return .answer(answer)
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
