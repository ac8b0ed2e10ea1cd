import ArgumentParser
import CardClient
import CardProfiles
import CommandBasics
import Problems
import Terminal

/// `fuda read face`: the face record with all its pictures.
struct ReadFaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "face",
        abstract: Terminal.say("券面情報と画像（氏名・住所・顔写真・番号）", "the face record and its pictures"),
        discussion: Terminal.say(
            "-o フォルダー で画像を保存します。--by pin は入力補助の暗証番号から個人番号を読み、照合番号Aとして使います。",
            "-o FOLDER keeps the pictures. --by pin reads My Number with the input-support PIN and uses it as number A."
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("何で開くか", "what opens it"), valueName: "pin|a|b"))
    var by: Opener = .b

    @Flag(help: ArgumentHelp(Terminal.say("JSONに画像を含める", "put the pictures into the JSON")))
    var images = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var secret: SecretOptions
    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        var report = Report(kind: "face")
        try CardSession.run(reader) { client, information in
            try FaceAccess.open(by, SecretEntry(secret, information), &client)
            var pictures = FacePictures(try client.readFace())
            report.add(pictures.record)
            if by != .b { pictures.number = try client.readNumberImage().image }
            try pictures.add(to: &report, inFull: images && common.json)
            if let folder = output.output { try pictures.save(in: folder, replacing: output.force) }
        }
        try report.print(asJSON: common.json)
    }
}

/// `fuda read photo`: the portrait as a picture every program shows.
struct ReadPhotoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "photo",
        abstract: Terminal.say("顔写真をPNG・JPEG・JP2で取り出す", "the portrait as PNG, JPEG or JP2")
    )

    @Option(help: ArgumentHelp(Terminal.say("何で開くか", "what opens it"), valueName: "pin|a|b"))
    var by: Opener = .b

    @Option(
        help: ArgumentHelp(
            Terminal.say("形式。なければ出力先の拡張子、さもなければpng", "form; else by the output's name, else png"),
            valueName: "png|jpeg|jp2"
        )
    )
    var format: PhotoFormat?

    @OptionGroup var output: OutputOptions
    @OptionGroup var secret: SecretOptions
    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        if output.output == nil, Terminal.resultsGoToTerminal { throw Problem.binaryToTerminal }
        let photo = try CardSession.run(reader) { client, information in
            try FaceAccess.open(by, SecretEntry(secret, information), &client)
            return try client.readFace().photo
        }
        guard !photo.isEmpty else { throw Problem.noPhoto }
        let format = format ?? output.output.flatMap(PhotoFormat.init(path:)) ?? .png
        try Files.deliver(try format.convert(photo), to: output, isText: false)
    }
}

/// `fuda read age`: the age record, which tells the birth and nothing else.
struct ReadAgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "age",
        abstract: Terminal.say("生年月日レコード（生年月日6桁で開く）", "the age record, opened by the birth date in 6 digits")
    )

    @OptionGroup var secret: SecretOptions
    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        var report = Report(kind: "age")
        try CardSession.run(reader) { client, information in
            try SecretEntry(secret, information).verify(.birthDate, &client)
            report.add("birth", ja: "生年月日", en: "date of birth", .date(try client.readAge().birth))
        }
        try report.print(asJSON: common.json)
    }
}

/// The ways into the card face.
enum FaceAccess {
    /// Verifies number A or B; with the PIN, My Number is read first and becomes number A.
    static func open(_ opener: Opener, _ entry: SecretEntry, _ client: inout Client) throws {
        guard opener == .pin else { return try entry.verify(opener.secret, in: .cardFace, &client) }
        try entry.verify(.input, &client)
        try open(with: try client.readIndividualNumber(), entry, &client)
    }

    static func open(with number: IndividualNumber, _ entry: SecretEntry, _ client: inout Client) throws {
        try entry.verify(try number.asSecret(), in: .cardFace, &client)
    }
}

extension Report {
    mutating func add(_ face: FaceRecord) {
        add("birth", ja: "生年月日", en: "date of birth", .date(face.birth))
        add(face.gender)
        add("expiry", ja: "カードの有効期限", en: "the card ends on", .date(face.expiry))
    }
}

extension Problem {
    static var noPhoto: Problem {
        Problem(
            code: "no-photo",
            outcome: .noCard,
            whatHappened: Text(ja: "このカードには顔写真がありません。", en: "This card has no portrait."),
            whatToDo: Text(ja: "1歳未満で作られたカードには写真がありません。", en: "Cards made before the first birthday have none.")
        )
    }
}
