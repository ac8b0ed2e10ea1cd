import CardModel
import CardProfiles
import CardTesting
import SmartCard
import Testing

/// Who may do what: every file against every security status a terminal can really reach.
struct AccessRuleTests {
    /// Everything one application can have verified: each subset of its reference files, with and without the terminal.
    struct Status: Sendable, CustomTestStringConvertible {
        let place: ModelPlace
        let verified: [UInt16]
        let terminal: Bool

        var testDescription: String {
            let files = verified.map { FileID($0).description }.joined(separator: "+")
            return "\(place) \(files.isEmpty ? "nothing" : files)\(terminal ? " terminal" : "")"
        }
    }

    /// The reference files with the right values, by application; text 0012 never has one.
    static let values: [ModelPlace: [(file: UInt16, value: [UInt8])]] = [
        .manager: [],
        .common: [(0x1C, SampleContents.pin)],
        .jpki: [(0x18, SampleContents.pin), (0x1B, SampleContents.password)],
        .face: [(0x11, SampleContents.birthKey), (0x12, SampleContents.numberB), (0x13, SampleContents.myNumber)],
        .text: [(0x11, SampleContents.pin), (0x14, SampleContents.myNumber), (0x15, SampleContents.numberB)],
        .juki: [(0x1C, SampleContents.pin)],
    ]

    static let statuses: [Status] = ModelPlace.allCases.flatMap { place in
        let files = (values[place] ?? []).map(\.file)
        return (0..<(1 << files.count)).flatMap { subset in
            let verified = files.indices.filter { subset >> $0 & 1 == 1 }.map { files[$0] }
            return [false, true].map { Status(place: place, verified: verified, terminal: $0) }
        }
    }

    private func dialogue(in status: Status) throws -> CardDialogue<FakeCryptography> {
        var dialogue = try SampleCards.fast().dialogue()
        try #require(dialogue.select(status.place.aid).status == 0x9000)
        for (file, value) in Self.values[status.place] ?? [] where status.verified.contains(file) {
            try #require(dialogue.verify(file, value).status == 0x9000)
        }
        if status.terminal { try #require(dialogue.authenticateTerminal().status == 0x9000) }
        return dialogue
    }

    private func mayUse(_ rule: ModelFile.Readers, _ status: Status) -> Bool {
        switch rule {
        case .all: true
        case .nobody: false
        case .after(let files): !status.verified.filter(files.contains).isEmpty
        case .afterAndTerminal(let file): status.verified.contains(file) && status.terminal
        }
    }

    @Test(arguments: statuses)
    func `READ BINARY and READ RECORD are refused exactly when the rule says so`(_ status: Status) throws {
        let start = try dialogue(in: status)
        for id in UInt16(0)...0x1F {
            var dialogue = start
            let selected = dialogue.select(id).status
            let binary = dialogue.read(id).status
            let record = dialogue.send([0x00, 0xB2, 0x01, UInt8(id) << 3 | 4, 0x00]).status
            // With identifier 0, the current file is meant: there is none, or P1 is wrong.
            guard id != 0 else { continue }
            let name = "\(status.testDescription), file \(FileID(id))"
            switch ReferenceModel.files[status.place]?[id] {
            case nil:
                #expect([selected, binary, record] == [0x6A82, 0x6A82, 0x6A82], "\(name)")
            case .binary(_, let rule):
                #expect(binary == (mayUse(rule, status) ? 0x9000 : 0x6982), "\(name)")
                #expect(record == 0x6981, "\(name)")
            case .records(let rule):
                #expect(record == (mayUse(rule, status) ? 0x9000 : 0x6982), "\(name)")
                #expect(binary == 0x6981, "\(name)")
            default:
                #expect([selected, binary, record] == [0x9000, 0x6981, 0x6981], "\(name)")
            }
        }
    }

    @Test(arguments: statuses)
    func `signing and INTERNAL AUTHENTICATE are refused exactly when the rule says so`(_ status: Status) throws {
        let start = try dialogue(in: status)
        let signs: Set<ModelPlace> = [.jpki, .face, .text]
        let authenticates: Set<ModelPlace> = [.common, .jpki, .face, .text]
        for id in UInt16(1)...0x1F {
            for form in UInt8(0)...5 {
                var dialogue = start
                let body = [UInt8](repeating: 0x3A, count: 32)
                let answer = dialogue.send(commandBytes([0x80, 0x2A, form, 0x80 | UInt8(id)], body, le: 256))
                let expected: UInt16 =
                    switch ReferenceModel.files[status.place]?[id] {
                    case _ where !signs.contains(status.place): 0x6D00
                    case nil: 0x6A82
                    case .key(let rule, _): mayUse(rule, status) ? 0x9000 : 0x6982
                    case .binary, .records: 0x6981
                    default: 0x6985
                    }
                #expect(answer.status == expected, "\(status.testDescription), file \(FileID(id)), P1 \(form)")
                #expect(answer.data.count == (expected == 0x9000 ? 256 : 0))
            }
            var dialogue = start
            let answer = dialogue.send([0x00, 0x88, 0x00, 0x80 | UInt8(id), 0x01, 0x41, 0x00])
            let expected: UInt16 =
                switch ReferenceModel.files[status.place]?[id] {
                case _ where !authenticates.contains(status.place): 0x6D00
                case nil: 0x6A82
                case .key(_, let status): status
                case .binary, .records: 0x6981
                default: 0x6985
                }
            #expect(answer.status == expected, "\(status.testDescription), file \(FileID(id)), INTERNAL AUTHENTICATE")
        }
    }

    @Test(arguments: statuses)
    func `CHANGE and unblocking are refused exactly when the rule says so`(_ status: Status) throws {
        let start = try dialogue(in: status)
        for (file, value) in Self.values[status.place] ?? [] {
            let p2 = 0x80 | UInt8(file)
            let isPIN = value == SampleContents.pin || value == SampleContents.password
            var dialogue = start
            let change: [UInt8] =
                status.place == .common || status.place == .juki ? [0x80, 0x32, 0x00, p2] : [0x00, 0x24, 0x01, p2]
            let mayChange = isPIN && status.verified.contains(file)
            let changed = dialogue.send(commandBytes(change, value)).status
            // The card-face application knows no command for it.
            let refusal: UInt16 = status.place == .face ? 0x6D00 : 0x6982
            #expect(changed == (mayChange ? 0x9000 : refusal), "\(status.testDescription) CHANGE \(FileID(file))")
            for header in [[0x00, 0x2C, 0x02, p2], [0x80, 0x54, 0x00, p2]] as [[UInt8]] {
                dialogue = start
                let unblocked = dialogue.send(commandBytes(header, value)).status
                let expected: UInt16 = status.terminal ? isPIN ? 0x9000 : 0x6985 : 0x6982
                #expect(unblocked == expected, "\(status.testDescription) \(Hex(header))")
            }
            dialogue = start
            let reset = dialogue.send([0x00, 0x2C, 0x03, p2]).status
            #expect(reset == (status.terminal ? 0x9000 : 0x6982), "\(status.testDescription) 00 2C 03")
        }
    }

    @Test(arguments: statuses)
    func `SET SESSION KEY asks for the PIN of the input-support application and for nothing else`(
        _ status: Status
    ) throws {
        var dialogue = try dialogue(in: status)
        let sealed = FakeKey.sealed([0xA0, 0x22, 0x80, 0x20] + [UInt8](repeating: 7, count: 32))
        let expected: UInt16 =
            switch status.place {
            case .manager: 0x6D00
            case .common, .face: 0x66F1
            case .jpki, .juki: 0x6982
            case .text: status.verified.contains(0x11) ? 0x9000 : 0x6982
            }
        #expect(dialogue.send("80 AE 00 00", sealed).status == expected)
    }

    // MARK: - The profiles against a table written from docs/card alone

    struct Row: Sendable, CustomTestStringConvertible {
        let place: Place
        let file: UInt16
        /// `free`, `never`, files joined by `or`; for keys, who may sign.
        let rule: String
        /// Tries of reference data.
        let tries: Int?
        let size: Int?

        init(_ place: Place, _ file: UInt16, _ rule: String, tries: Int? = nil, size: Int? = nil) {
            self.place = place
            self.file = file
            self.rule = rule
            self.tries = tries
            self.size = size
        }

        var testDescription: String { "\(place) \(FileID(file))" }
    }

    // swift-format-ignore
    static let table: [Row] = [
        Row(.cardManager, 0x001E, "placeholder"),
        Row(.common, 0x0001, "records free"), Row(.common, 0x0002, "records free"), Row(.common, 0x0019, "key never"),
        Row(.common, 0x001C, "value", tries: 3), Row(.common, 0x001E, "placeholder"),
        Row(.jpki, 0x0001, "binary 001B", size: 3000), Row(.jpki, 0x0002, "binary free", size: 2000),
        Row(.jpki, 0x0005, "placeholder"), Row(.jpki, 0x0006, "binary free", size: 160), Row(.jpki, 0x0008, "binary free"),
        Row(.jpki, 0x0009, "binary never"), Row(.jpki, 0x000A, "binary free", size: 3000),
        Row(.jpki, 0x000B, "binary free", size: 2000), Row(.jpki, 0x0010, "placeholder"), Row(.jpki, 0x0016, "public key"),
        Row(.jpki, 0x0017, "key 0018 or terminal certificate"), Row(.jpki, 0x0018, "value", tries: 3),
        Row(.jpki, 0x0019, "placeholder"), Row(.jpki, 0x001A, "key 001B"), Row(.jpki, 0x001B, "value", tries: 5),
        Row(.jpki, 0x001C, "placeholder"), Row(.jpki, 0x001E, "placeholder"),
        Row(.cardFace, 0x0001, "binary 0011", size: 600), Row(.cardFace, 0x0002, "binary 0012 or 0013", size: 24_576),
        Row(.cardFace, 0x0003, "binary free", size: 512), Row(.cardFace, 0x0004, "binary free", size: 568),
        Row(.cardFace, 0x0005, "binary 0013", size: 1_024), Row(.cardFace, 0x0006, "binary free", size: 16),
        Row(.cardFace, 0x0011, "value", tries: 10), Row(.cardFace, 0x0012, "value", tries: 10),
        Row(.cardFace, 0x0013, "value", tries: 10), Row(.cardFace, 0x001A, "key free"),
        Row(.cardFace, 0x001C, "placeholder"), Row(.cardFace, 0x001E, "placeholder"),
        Row(.inputSupport, 0x0001, "binary 0011 or 0014", size: 17),
        Row(.inputSupport, 0x0002, "binary 0011 or 0015", size: 1_024),
        Row(.inputSupport, 0x0003, "binary 0011 or 0014 or 0015", size: 336),
        Row(.inputSupport, 0x0004, "binary free", size: 568), Row(.inputSupport, 0x0005, "binary free", size: 256),
        Row(.inputSupport, 0x0006, "binary 0011 or 0014 or 0015", size: 269),
        Row(.inputSupport, 0x0007, "binary 0011 or 0014 or 0015", size: 536),
        Row(.inputSupport, 0x0008, "binary free", size: 16), Row(.inputSupport, 0x0010, "placeholder"),
        Row(.inputSupport, 0x0011, "value", tries: 3), Row(.inputSupport, 0x0012, "void"),
        Row(.inputSupport, 0x0013, "key free"), Row(.inputSupport, 0x0014, "value", tries: 10),
        Row(.inputSupport, 0x0015, "value", tries: 10), Row(.inputSupport, 0x001C, "placeholder"),
        Row(.inputSupport, 0x001E, "placeholder"), Row(.inputSupport, 0x0106, "key never"),
        Row(.residentRegister, 0x0001, "records 001C + terminal"), Row(.residentRegister, 0x0002, "records free"),
        Row(.residentRegister, 0x001C, "value", tries: 3),
    ]

    @Test(arguments: table)
    func `a file's profile is what docs/card says`(_ row: Row) throws {
        let application = try #require(CardProfile.of(.plastic).application(row.place))
        let file = try #require(application.file(FileID(row.file)))
        switch file.kind {
        case .transparent(let size, let read):
            #expect("binary \(read)" == row.rule)
            if row.size != nil || row.file == 0x0008 { #expect(size == row.size) }
        case .records(let read): #expect("records \(read)" == row.rule)
        case .reference(let rule):
            #expect((rule.isVoid ? "void" : "value") == row.rule)
            if let tries = row.tries { #expect(rule.tries == tries) }
        case .privateKey(let rule): #expect("key \(rule.sign)" == row.rule)
        case .publicKey: #expect(row.rule == "public key")
        case .placeholder: #expect(row.rule == "placeholder")
        }
    }

    @Test func `no profile has a file that the table does not have`() {
        let listed = Set(Self.table.map { ObjectID($0.place, FileID($0.file)) })
        for application in CardProfile.of(.plastic).applications {
            for file in application.files {
                #expect(listed.contains(ObjectID(application.place, file.id)), "\(application.place) \(file.id)")
            }
            #expect(application.files.count == listed.filter { $0.place == application.place }.count)
        }
    }

    @Test(arguments: ModelPlace.allCases)
    func `applications have their registered names`(_ place: ModelPlace) {
        let applications = CardProfile.of(.plastic).applications
        #expect(applications[place.rawValue].aid.bytes == place.aid)
        #expect(applications.count == ModelPlace.allCases.count)
    }

    @Test func `in an Android phone only the authentication certificate is behind its PIN`() throws {
        let phone = try #require(CardProfile.of(.android).application(.jpki))
        let card = try #require(CardProfile.of(.iphone).application(.jpki))
        for (left, right) in zip(phone.files, card.files) {
            if left.id == 0x000A {
                #expect(left.kind == .transparent(size: 3000, read: .verified(0x0018)))
            } else {
                #expect(left.kind == right.kind, "\(left.id)")
            }
        }
    }

    @Test(arguments: [CardKind.android, .iphone])
    func `a phone has JPKI-AP and a card manager and nothing else`(_ kind: CardKind) throws {
        var dialogue = try makeCard(kind, using: FakeCryptography()).dialogue()
        for place in ModelPlace.allCases {
            let isThere = place == .manager || place == .jpki
            #expect(dialogue.select(place.aid).status == (isThere ? 0x9000 : 0x6A82), "\(place)")
        }
        _ = dialogue.select(SampleContents.jpkiAID)
        #expect(dialogue.read(0x000A).status == (kind == .android ? 0x6982 : 0x9000))
        #expect(dialogue.verify(0x0018, SampleContents.pin).status == 0x9000)
        #expect(dialogue.read(0x000A).status == 0x9000)
    }

    @Test func `the last-command indicator ends the exchange on an iPhone only`() throws {
        var iphone = try makeCard(.iphone, using: FakeCryptography()).dialogue()
        _ = iphone.select(SampleContents.jpkiAID)
        _ = iphone.verify(0x0018, SampleContents.pin)
        #expect(iphone.send("80 FC 00 00").status == 0x9000)
        #expect(iphone.send("80 2A 00 97 01 41 00").status == 0x6D00)
        _ = iphone.select(SampleContents.jpkiAID)
        #expect(iphone.send("80 2A 00 97 01 41 00").status == 0x6982)
        var android = try makeCard(.android, using: FakeCryptography()).dialogue()
        #expect(android.send("80 FC 00 00").status == 0x6700)
    }
}
