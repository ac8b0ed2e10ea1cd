import ArgumentParser
import CardClient
import CommandBasics
import FudaReader
import PCSC
import Problems
import SmartCard
import Terminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `fuda doctor`: from the service to the card, what is wrong and what mends it.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: Terminal.say("カードが使えない原因を調べる", "find out why a card cannot be used"),
        discussion: Terminal.say(
            "サービス、権限、ドライバー、リーダー、カードの順に調べ、最初の問題の終了コードで終わります。暗証番号は使いません。",
            "Looks at service, permission, driver, reader and card in this order, and ends with the exit code of the first problem. Needs no PIN."
        )
    )

    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        var examination = Examination()
        examination.run(reader)
        if common.json {
            try examination.report.print(asJSON: true)
        } else {
            for line in examination.lines { Terminal.out(line) }
        }
        if let problem = examination.firstProblem { throw ExitCode(problem.outcome.rawValue) }
    }
}

/// The questions of the doctor and their answers, as far as they could be asked.
struct Examination {
    private struct Step {
        let check: String
        let subject: Text
        let problem: Problem?
        let detail: String
    }

    private var steps: [Step] = []

    var firstProblem: Problem? { steps.lazy.compactMap(\.problem).first }

    mutating func run(_ options: ReaderOptions) {
        guard let context = examineService(), let states = examineReaders(context) else { return }
        for state in states { examineReader(context, state, options) }
        if !states.contains(where: \.hasCard) {
            add("card", Text(ja: "カード", en: "card"), .noCard, "")
        }
    }

    // MARK: - Steps

    private mutating func examineService() -> PCSCContext? {
        let subject = Text(ja: "PC/SCサービス", en: "PC/SC service")
        do throws(PCSCFault) {
            let context = try PCSCContext()
            // The service lets a context be made before it asks polkit in some versions: the list asks it for sure.
            _ = try context.readers()
            add("service", subject, nil, "pcscd")
            return context
        } catch {
            add("service", subject, error.code == .noService ? Machine.serviceProblem : error.problem, "\(error)")
            return nil
        }
    }

    private mutating func examineReaders(_ context: PCSCContext) -> [ReaderState]? {
        let subject = Text(ja: "リーダー", en: "reader")
        do throws(PCSCFault) {
            let states = try context.readers()
            guard states.isEmpty else { return states }
            let devices = Machine.cardReaderDevices()
            add("reader", subject, devices.isEmpty ? .noReader : .noDriver(devices), devices.joined(separator: ", "))
        } catch {
            add("reader", subject, error.problem, "\(error)")
        }
        return nil
    }

    private mutating func examineReader(_ context: PCSCContext, _ state: ReaderState, _ options: ReaderOptions) {
        let name = Terminal.harmless(state.name)
        add("reader", Text(ja: "リーダー", en: "reader"), nil, name + ": " + ReadersCommand.words(state))
        guard state.hasCard else { return }
        let subject = Text(ja: "カード", en: "card")
        guard !state.isMute else { return add("card", subject, .mute(reader: name), name) }
        var options = options
        options.reader = state.name
        do {
            let found = try CardSession.run(options) { _, information in information }
            if found.features.hasKeypad {
                add(
                    "keypad",
                    Text(ja: "キーパッド", en: "keypad"),
                    nil,
                    Terminal.say("あり（未対応）", "there is one (not used yet)")
                )
            }
            let phone: Problem? = found.token.kind.isPhone ? .phoneToken : nil
            add("card", subject, phone, found.token.kind.name.inLanguage(Terminal.language))
        } catch let problem as Problem {
            add("card", subject, problem, Hex(state.answerToReset).description)
        } catch {
            add("card", subject, .mute(reader: name), "")
        }
    }

    private mutating func add(_ check: String, _ subject: Text, _ problem: Problem?, _ detail: String) {
        steps.append(Step(check: check, subject: subject, problem: problem, detail: detail))
    }

    // MARK: - Results

    var lines: [String] {
        let language = Terminal.language
        return steps.flatMap { step -> [String] in
            let good = Terminal.coloured(Terminal.say("良", "ok"), .green)
            let bad = Terminal.coloured(Terminal.say("問題", "problem"), .red)
            let subject = step.subject.inLanguage(language)
            guard let problem = step.problem else { return ["\(good)  \(subject): \(step.detail)"] }
            return [
                "\(bad)  \(subject): \(problem.whatHappened.inLanguage(language)) [\(problem.code)]",
                "    → \(problem.whatToDo.inLanguage(language))",
            ]
        }
    }

    var report: Report {
        var report = Report(kind: "doctor")
        report.add("steps", nil, .list(steps.map { .report(Self.report($0)) }))
        report.add("problem", nil, firstProblem.map { .text($0.code) } ?? .absent(nil))
        return report
    }

    private static func report(_ step: Step) -> Report {
        var report = Report()
        report.add("check", nil, .text(step.check))
        report.add("ok", nil, .flag(step.problem == nil))
        report.add("detail", nil, .text(step.detail))
        report.add("code", nil, step.problem.map { .text($0.code) } ?? .absent(nil))
        report.add(
            "what",
            nil,
            step.problem.map { .text($0.whatHappened.inLanguage(Terminal.language)) } ?? .absent(nil)
        )
        report.add("todo", nil, step.problem.map { .text($0.whatToDo.inLanguage(Terminal.language)) } ?? .absent(nil))
        return report
    }
}

/// What the machine itself tells, without the service.
enum Machine {
    /// Why there is no service: it is not installed, or not running.
    static var serviceProblem: Problem {
        let places = ["/usr/sbin/pcscd", "/usr/local/sbin/pcscd"]
        let isInstalled = places.contains { Files.exists($0) }
        return isInstalled ? .serviceStopped : .serviceMissing
    }

    /// USB devices of class 0B (smart card) with the names they give themselves, from sysfs.
    static func cardReaderDevices(_ root: String = "/sys/bus/usb/devices") -> [String] {
        names(in: root).filter { $0.contains(":") }.compactMap { interface in
            let path = root + "/" + interface
            guard line(path + "/bInterfaceClass") == "0b" else { return nil }
            let device = root + "/" + (interface.split(separator: ":").first.map(String.init) ?? "")
            return line(device + "/product") ?? interface
        }
    }

    private static func names(in folder: String) -> [String] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            names.append(
                unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
                }
            )
        }
        return names.sorted()
    }

    private static func line(_ path: String) -> String? {
        guard let bytes = try? Files.read(path) else { return nil }
        return String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    }
}

extension Problem {
    static var serviceStopped: Problem {
        Problem(
            code: "pcscd-not-running",
            outcome: .noReader,
            whatHappened: Text(ja: "PC/SCサービス (pcscd) が動いていません。", en: "The PC/SC service (pcscd) is not running."),
            whatToDo: Text(
                ja: "sudo systemctl start pcscd.socket。PCSCLITE_CSOCK_NAME を設定しているなら、その値も確かめてください。",
                en: "sudo systemctl start pcscd.socket. If PCSCLITE_CSOCK_NAME is set, check where it points."
            )
        )
    }

    static func noDriver(_ devices: [String]) -> Problem {
        Problem(
            code: "reader-without-driver",
            outcome: .noReader,
            whatHappened: Text(
                ja: "USBのリーダー（\(devices.joined(separator: "、"))）はありますが、ドライバーがありません。",
                en: "A USB reader is plugged in (\(devices.joined(separator: ", "))), but no driver knows it."
            ),
            whatToDo: Text(
                ja: "sudo apt install libccid のあと、リーダーを挿し直してください。",
                en: "sudo apt install libccid, then plug the reader in again."
            )
        )
    }

    static var phoneToken: Problem {
        Problem(
            code: "phone-token",
            outcome: .noCard,
            whatHappened: Text(
                ja: "スマートフォンの電子証明書です。カードではないので、4情報や券面は読めません。",
                en: "These are the certificates in a phone, not a card: no facts and no face can be read."
            ),
            whatToDo: Text(
                ja: "カードが必要な操作では、スマートフォンを離してカードを置いてください。",
                en: "For what needs the card, take the phone away and put the card on."
            )
        )
    }
}
