import ArgumentParser
import CardClient
import CardKeys
import CardProfiles
import CommandBasics
import Problems
import SmartCard
import Terminal
import Validation

/// `fuda sign`: signatures by the card's keys.
struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: Terminal.say("カードの鍵で署名する", "sign with a key of the card"),
        subcommands: [SignRawCommand.self]
    )
}

/// The card's two signing keys.
enum SigningKeyName: String, ExpressibleByArgument, CaseIterable {
    case auth
    case sign
}

enum SignatureScheme: String, ExpressibleByArgument, CaseIterable {
    /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2).
    case pkcs1
    /// RSASSA-PSS with SHA-256 (RFC 8017, 8.1).
    case pss
}

/// `fuda sign raw`: a bare signature over a file.
struct SignRawCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "raw",
        abstract: Terminal.say("ファイルへの署名だけを作る（256バイト）", "make a bare signature over a file, 256 bytes"),
        discussion: Terminal.say(
            "検証は openssl dgst -verify でできます。署名用の鍵 (--key sign) の証明書には氏名・住所・生年月日・性別が含まれます。",
            "openssl dgst -verify checks it. The certificate of the signature key (--key sign) holds name, address, date of birth and gender."
        )
    )

    @Argument(help: ArgumentHelp(Terminal.say("署名するファイル、または -", "file to sign, or -"), valueName: "file"))
    var input: String

    @Option(help: ArgumentHelp(Terminal.say("どの鍵か", "which key"), valueName: "auth|sign"))
    var key: SigningKeyName = .sign

    @Option(help: ArgumentHelp(Terminal.say("署名方式", "signature scheme"), valueName: "pkcs1|pss"))
    var scheme: SignatureScheme = .pkcs1

    @Option(
        help: ArgumentHelp(
            Terminal.say("ハッシュ関数（pssはsha256だけ）", "hash function (pss: sha256 only)"),
            valueName: "sha256|sha384|sha512|sha1"
        )
    )
    var hash: HashName = .sha256

    @Flag(help: ArgumentHelp(Terminal.say("入力はハッシュ値そのもの", "the input is the digest itself")))
    var digest = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var secret: SecretOptions
    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if scheme == .pss, hash != .sha256 {
            throw ValidationError(Terminal.say("pssはsha256だけです。", "pss goes with sha256 only"))
        }
    }

    func run() throws {
        // Everything that can be known to fail fails before the card is touched.
        if let path = output.output, path != "-", !output.force, Files.exists(path) { throw Problem.outputExists(path) }
        if output.output == nil, Terminal.resultsGoToTerminal { throw Problem.binaryToTerminal }
        let bytes = try Files.read(input)
        let digest = try digest ? bytes : hash.digest(bytes)
        guard digest.count == hash.length else { throw Problem.notADigest(hash.length) }
        Terminal.note(
            Terminal.say(
                "\(input) に署名します。\(hash.rawValue): \(Hex(digest))",
                "signing \(input), \(hash.rawValue): \(Hex(digest))"
            )
        )
        let signature = try CardSession.run(reader) { client, information in
            try SecretEntry(secret, information).verify(key == .auth ? .auth : .sign, &client)
            let file = key == .auth ? ObjectID.authenticationKey : ObjectID.signatureKey
            return try client.sign(
                scheme == .pss ? .pss(sha256: digest) : .digestInfo(hash.digestInfo(digest)),
                with: file
            )
        }
        try Files.deliver(signature, to: output, isText: false)
    }
}

/// The hash functions a signature can be over.
enum HashName: String, ExpressibleByArgument, CaseIterable {
    case sha256
    case sha384
    case sha512
    case sha1

    var length: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    func digest(_ bytes: [UInt8]) throws -> [UInt8] {
        let algorithm: HashAlgorithm =
            switch self {
            case .sha1: .sha1
            case .sha256: .sha256
            case .sha384: .sha384
            case .sha512: .sha512
            }
        return try OpenSSLCryptography().digest(bytes, by: algorithm)
    }

    func digestInfo(_ digest: [UInt8]) -> [UInt8] {
        switch self {
        case .sha1: DigestInfo.sha1(digest)
        case .sha256: DigestInfo.sha256(digest)
        case .sha384: DigestInfo.sha384(digest)
        case .sha512: DigestInfo.sha512(digest)
        }
    }
}

extension Problem {
    static func notADigest(_ length: Int) -> Problem {
        Problem(
            code: "not-a-digest",
            outcome: .inputFile,
            whatHappened: Text(ja: "入力は\(length)バイトのハッシュ値ではありません。", en: "The input is no digest of \(length) bytes."),
            whatToDo: Text(
                ja: "--hash を合わせるか、--digest を外してください。",
                en: "Choose the right --hash, or leave --digest out."
            )
        )
    }
}
