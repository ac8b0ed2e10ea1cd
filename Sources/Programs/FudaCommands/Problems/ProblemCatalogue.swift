import CardClient
import CardProfiles
import CommandBasics
import FudaReader
import PCSC
import Problems
import SmartCard
import Terminal

/// One example of every problem a reader's command can meet: what `fuda explain` looks up.
enum ProblemCatalogue {
    struct Entry {
        let code: String
        let meaning: Text
        let whatToDo: Text
    }

    static let entries: [Entry] = {
        var entries: [Entry] = []
        for problem in examples where !entries.contains(where: { $0.code == problem.code }) {
            entries.append(Entry(code: problem.code, meaning: problem.whatHappened, whatToDo: problem.whatToDo))
        }
        return entries
    }()

    private static let examples: [Problem] = {
        let file = ObjectID.fourFacts
        let failures: [ChannelFailure] = [
            .cardRemoved, .cardReset, .unresponsive, .readerGone, .serviceGone, .garbled, .notRecorded, .other(0),
        ]
        let flaws: [ShapeFlaw] = [.wrongLength, .looksLike(.sign), .unchanged]
        let errors: [CardError] =
            failures.map { .channel($0, .read(file)) } + flaws.map { .badShape(.auth, $0) } + [
                .notThisCard, .missing(.read(file)), .notPermitted(.read(file)), .refused(.read(file), .wrongLength),
                .misbehaved(.read(file), .tooManyBytes), .malformed(file, .cutOff), .wrongSecret(.auth, triesLeft: 2),
                .blocked(.auth), .lastTry(.auth), .outcomeUnknown(.auth, .cardRemoved), .cryptography(.read(file)),
            ]
        return errors.map(\.problem) + [
            .serviceMissing, .notAllowed, .noReader, .unknownReader("…"), .noCard, .mute(reader: nil), .inUse,
            .notThisCard(answerToReset: AnswerToReset.bareContactless), .unreadable("…"), .unwritable("…"),
            .outputExists("…"), .binaryToTerminal, .notATrace("…", line: 1), .declined, .notSimulated,
            .secretInArguments, .serviceStopped, .noDriver(["…"]), .phoneToken, .noPhoto, .photoUnreadable,
            .noEvidence("…"), .noAnchor("…", Text(ja: "…", en: "…")), .notACertificate("…"),
            .notAList("…"), .noResponder("…"),
            .certificateForm(Text(ja: "…", en: "…")), .notADigest(32), .noTerminalAnswer, .missingProgram("…"),
            .programFailed("…", .other), .programMismatch, .unknownCode, .unknownCommand,
            Tour.failed("…", 1), VerifyLogCommand.unreadable("…"), VerifyLogCommand.badKey("…"),
            Program.usage("…"), PCSCFault("…", PCSCCode(rawValue: 0)).problem,
        ] + Terminal.problems
    }()
}
