import ArgumentParser
import CardClient
import CardProfiles
import CommandBasics
import FudaReader
import Problems
import SmartCard
import Terminal

/// `fuda apdu`: commands as they are, for those who know what they do.
struct APDUCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apdu",
        abstract: Terminal.say("コマンドをそのまま送る", "send commands as they are"),
        discussion: Terminal.say(
            "1引数が1コマンドの16進です。「-」なら標準入力から1行ずつ読みます。暗証番号を含むコマンドは標準入力からだけ、--spend-tries を付けたときだけ送ります。",
            "Each argument is one command in hexadecimal; with - they come from standard input, one a line. Commands that hold a secret are taken from standard input only, and only with --spend-tries."
        )
    )

    @Argument(help: ArgumentHelp(Terminal.say("16進のコマンド、または -", "commands in hexadecimal, or -"), valueName: "hex"))
    var commands: [String]

    @Flag(help: ArgumentHelp(Terminal.say("照合回数を減らしうるコマンドも送る", "send commands, too, that can spend a try")))
    var spendTries = false

    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let fromInput = commands == ["-"]
        let texts = fromInput ? try lines() : commands
        let parsed = try texts.map { text in
            guard let bytes = Hex(parsing: text)?.bytes, bytes.count >= 4 else {
                throw ValidationError(
                    Terminal.say("16進のコマンドは4バイト以上です。", "a command is four bytes or more in hexadecimal")
                )
            }
            return bytes
        }
        for command in parsed where Self.holdsSecret(command) {
            guard fromInput, spendTries else { throw Problem.secretInArguments }
        }
        var answers: [ResponseAPDU] = []
        try CardSession.run(reader) { client, _ in
            // recognize() has selected the JPKI application: the commands start where a card starts.
            try client.leave()
            for command in parsed { answers.append(try client.transmit(command, .select(.cardManager))) }
            try client.leave()
        }
        try show(answers)
    }

    private func show(_ answers: [ResponseAPDU]) throws {
        guard common.json else {
            for answer in answers {
                let data = answer.data.isEmpty ? "" : Hex(answer.data).description + " "
                Terminal.out(data + answer.status.description)
            }
            return
        }
        var report = Report(kind: "apdu")
        report.add(
            "responses",
            nil,
            .list(
                answers.map { answer in
                    var one = Report()
                    one.add("data", nil, .text(Hex(answer.data).description))
                    one.add("status", nil, .text(answer.status.description))
                    one.add("meaning", nil, .text(answer.status.meaning.inLanguage(Terminal.language)))
                    return .report(one)
                }
            )
        )
        try report.print(asJSON: true)
    }

    private func lines() throws -> [String] {
        String(decoding: try Files.read("-"), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// VERIFY, CHANGE, RESET RETRY COUNTER and JICSAP's relatives, with a body.
    private static func holdsSecret(_ command: [UInt8]) -> Bool {
        command.count > 5 && [0x20, 0x24, 0x2C, 0x32, 0x54].contains(command[1])
    }
}

extension Problem {
    static var secretInArguments: Problem {
        Problem(
            code: "secret-in-arguments",
            outcome: .refusedForSafety,
            whatHappened: Text(
                ja: "暗証番号を含むコマンドは、誰からも見える引数では送りません。",
                en: "A command that holds a secret is not taken from the arguments, which everybody can see."
            ),
            whatToDo: Text(
                ja: "標準入力から渡し（fuda apdu - --spend-tries）、残り回数を先に確かめてください。",
                en: "Give it on standard input (fuda apdu - --spend-tries), and look at the tries left first."
            )
        )
    }
}
