import ArgumentParser
import CardClient
import CardProfiles
import CommandBasics
import Problems
import Terminal

/// `fuda read certs`: all certificates.
struct ReadCertificatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certs",
        abstract: Terminal.say("電子証明書のすべて", "all certificates"),
        discussion: Terminal.say(
            "署名用電子証明書は --sign を付けたときだけ読みます（署名用パスワードが必要）。",
            "The signature certificate is read with --sign only, which needs the signature password."
        )
    )

    @Flag(help: ArgumentHelp(Terminal.say("署名用電子証明書も読む", "read the signature certificate, too")))
    var sign = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var secret: SecretOptions
    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        var survey = CardSurvey(kind: "certificates")
        try CardSession.run(reader) { client, information in
            let entry = SecretEntry(secret, information)
            let wanted: [CardCertificate] = [.auth, .authCA, .signCA] + (sign ? [.sign] : [])
            for certificate in wanted {
                guard let der = try survey.certificate(certificate, entry, &client), let folder = output.output else {
                    continue
                }
                let path = try Files.folder(folder) + "/" + certificate.fileName
                try Files.write(der, to: path, replacing: output.force)
            }
        }
        try survey.finish(asJSON: common.json)
    }
}

/// `fuda read all`: everything the input-support PIN opens, and everything that needs none.
struct ReadAllCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all",
        abstract: Terminal.say("読めるすべて（入力補助の暗証番号で）", "everything, with the input-support PIN"),
        discussion: Terminal.say(
            "-o フォルダー で画像と証明書、生のファイルを保存します。署名用電子証明書は --sign-pin を付けたときだけ読みます。",
            "-o FOLDER keeps pictures, certificates and the files as they are. The signature certificate is read with --sign-pin only."
        )
    )

    @Option(
        help: ArgumentHelp(
            Terminal.say(
                "署名用パスワードの出所 (env:名前, fd:番号, file:パス)",
                "source of the signature password (env:NAME, fd:N, file:PATH)"
            ),
            valueName: "source"
        )
    )
    var signPin: String?

    @Flag(help: ArgumentHelp(Terminal.say("JSONに画像を含める", "put the pictures into the JSON")))
    var images = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var secret: SecretOptions
    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func validate() throws { SecretOptions.check(signPin) }

    func run() throws {
        var survey = CardSurvey(kind: "all")
        var evidence = CardEvidence()
        try CardSession.run(reader) { client, information in
            guard !information.token.kind.isPhone else { return try survey.readFree(&client, information) }
            survey.add(information)
            // Every application once, and every file once.
            for place in [Place.jpki, .common, .residentRegister, .cardManager] {
                try survey.readFree(place, &client)
            }
            try client.gatherManagerEvidence(into: &evidence)
            let entry = SecretEntry(secret, information)
            try survey.readFree(.inputSupport, &client, last: .input)
            try entry.verify(.input, &client)
            try client.gatherTextEvidence(into: &evidence)
            survey.add(try Self.read(.fourFacts, try evidence.fourFacts()))
            let number = try Self.read(.individualNumber, try evidence.individualNumber())
            survey.add(number)
            try survey.readFree(.cardFace, &client, last: .numberA)
            try FaceAccess.open(with: number, entry, &client)
            try client.gatherFaceEvidence(into: &evidence)
            var pictures = FacePictures(try Self.read(.faceRecord, try evidence.face()))
            pictures.number = try Self.read(.numberImage, try evidence.numberImage()).image
            try survey.add(pictures, inFull: images && common.json)
            if let folder = output.output {
                try pictures.save(in: folder, replacing: output.force)
                try EvidenceFolder.save(evidence, in: folder, replacing: output.force)
            }
            if let signPin {
                var entry = entry
                entry.source = signPin
                _ = try survey.certificate(.sign, entry, &client)
            }
        }
        try survey.finish(asJSON: common.json)
    }

    /// What a file says, where it was there to be read.
    private static func read<Record>(_ file: ObjectID, _ record: Record?) throws(CardError) -> Record {
        guard let record else { throw .notPermitted(.read(file)) }
        return record
    }
}

extension CardSurvey {
    mutating func add(_ facts: FourFacts) {
        var inner = Report()
        inner.add(facts)
        add("basic", ja: "4情報", en: "the four facts", .report(inner))
    }

    mutating func add(_ number: IndividualNumber) {
        add("individualNumber", ja: "個人番号", en: "My Number", .text(number.digits))
    }

    mutating func add(_ pictures: FacePictures, inFull: Bool) throws {
        var inner = Report()
        inner.add(pictures.record)
        try pictures.add(to: &inner, inFull: inFull)
        add("face", ja: "券面情報", en: "the card's face", .report(inner))
    }

    /// Adds a certificate, where there is one, and gives its DER.
    mutating func certificate(
        _ certificate: CardCertificate,
        _ entry: SecretEntry,
        _ client: inout Client
    ) throws -> [UInt8]? {
        let names: (String, String, String) =
            switch certificate {
            case .sign: ("signCertificate", "署名用電子証明書", "signature certificate")
            case .auth: ("authCertificate", "利用者証明用電子証明書", "authentication certificate")
            case .signCA: ("signCACertificate", "署名用CA証明書", "CA certificate for signatures")
            case .authCA: ("authCACertificate", "利用者証明用CA証明書", "its CA's certificate")
            }
        do {
            let der = try certificate.read(&client, entry)
            add(names.0, ja: names.1, en: names.2, .report(CertificateReport.summary(der)))
            return der
        } catch let error as CardError {
            add(names.0, ja: names.1, en: names.2, .absent(try note(error)))
            return nil
        }
    }
}
