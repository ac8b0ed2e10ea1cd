import ArgumentParser
import CardClient
import CardProfiles
import FoundationEssentials
import Problems
import SmartCard
import Terminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A terminal of the test authority, for simulated cards alone: real terminals and their keys are not public.
struct SimulatedTerminalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Terminal.say("試験用認証局のフォルダー（模擬端末）", "folder of the test authority, for a simulated terminal"),
            valueName: "folder"
        )
    )
    var authority: String?

    init() {}

    /// Authenticates to a simulated card: its authority computes the answer to the card's challenge.
    func authenticate(_ client: inout Client, _ numbers: CardNumbers, in place: Place) throws {
        guard numbers.isSimulated else { throw Problem.notSimulated }
        let challenge = try client.terminalChallenge(in: place)
        try client.authenticateTerminal(try cryptogram(challenge, numbers.serial))
    }

    /// Asks the program that holds the authority's keys.
    private func cryptogram(_ challenge: [UInt8], _ serial: String) throws -> [UInt8] {
        var arguments = ["terminal", "--serial", serial, "--challenge", Hex(challenge).description]
        if let authority { arguments += ["--authority", authority] }
        let answer = try Subprocess.output(of: "fuda-issue", arguments)
        guard let bytes = Hex(parsing: answer.trimmingSuffix())?.bytes, bytes.count == 32 else {
            throw Problem.noTerminalAnswer
        }
        return bytes
    }
}

extension String {
    fileprivate func trimmingSuffix() -> String { String(prefix { $0 != "\n" }) }
}

extension Problem {
    static var notSimulated: Problem {
        Problem(
            code: "not-simulated",
            outcome: .refusedForSafety,
            whatHappened: Text(
                ja: "実カードに模擬端末としては認証しません。",
                en: "A simulated terminal does not authenticate to a real card."
            ),
            whatToDo: Text(
                ja: "市区町村の窓口で手続してください。",
                en: "The counter of your municipality does this."
            )
        )
    }

    static var noTerminalAnswer: Problem {
        Problem(
            code: "terminal-answer",
            outcome: .other,
            whatHappened: Text(ja: "模擬端末が応答しません。", en: "The simulated terminal gave no answer."),
            whatToDo: Text(
                ja: "カードを作った試験用認証局を --authority で指定してください。",
                en: "Name the test authority that made the card with --authority."
            )
        )
    }
}
