import ArgumentParser
import CardTrace
import CommandBasics
import Problems
import Terminal

/// `fuda trace`: runs another command and keeps what passes between it and the card, blanked.
struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: Terminal.say("個人情報を伏せてやりとりを記録する", "record a conversation with the card, personal data blanked"),
        discussion: Terminal.say(
            "続けて書いたコマンドを実行し、失敗しても記録します。氏名・番号・画像・暗証番号・鍵は伏せ、長さと応答は残します。記録は `--reader replay:ファイル` で再生できます。例: fuda trace -o card.trace read card",
            "Runs the command that follows and records it also when it fails. Names, numbers, pictures, PINs and keys are blanked; lengths and status words stay. `--reader replay:FILE` plays it back. Example: fuda trace -o card.trace read card"
        )
    )

    @OptionGroup var output: OutputOptions

    @Argument(
        parsing: .captureForPassthrough,
        help: ArgumentHelp(Terminal.say("記録するコマンド", "the command to record"), valueName: "command")
    )
    var command: [String] = []

    /// What listens during this run of the program; one command is one run.
    nonisolated(unsafe) static var recorder: CardRecorder?

    func run() throws {
        // Whatever follows is the command's own, help for this one excepted.
        if let first = command.first, ["--help", "-h"].contains(first) {
            return Terminal.out(FudaRoot.helpMessage(for: Self.self))
        }
        guard let first = command.first, first != "trace" else {
            throw ValidationError(Terminal.say("記録するコマンドを続けて書きます。", "the command to record follows"))
        }
        if let path = output.output, !output.force, Files.exists(path) { throw Problem.outputExists(path) }
        let recorder = CardRecorder()
        unsafe Self.recorder = recorder
        var failure: (any Error)?
        do {
            var inner = try FudaRoot.parseAsRoot(command)
            try inner.run()
        } catch {
            failure = error
        }
        let text = recorder.trace.lines.joined(separator: "\n") + "\n"
        if let path = output.output {
            do throws(Problem) {
                try Files.write(Array(text.utf8), to: path, replacing: output.force)
                Terminal.note(Terminal.say("記録: \(path)", "recorded: \(path)"))
            } catch {
                // How the command itself ended matters more than that its record is lost.
                Terminal.note(error.whatHappened.inLanguage(Terminal.language) + " [\(error.code)]")
                if failure == nil { failure = ExitCode(error.outcome.rawValue) }
            }
        } else {
            // The command's own result is on standard output; the record is about the work.
            for line in recorder.trace.lines { Terminal.note(line) }
        }
        if let failure { throw failure }
    }
}
