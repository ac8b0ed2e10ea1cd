import SmartCard

/// What a command means, once its bytes have been understood: the closed set the card acts on.
///
/// P1 and P2 end at the parser; nothing behind it sees them.
enum CardCommand: Hashable, Sendable {
    case selectApplication(name: [UInt8], next: Bool, answer: FileControl)
    case selectCardManager(answer: FileControl)
    /// `00 A4 00 00`: changes nothing, and works only inside an application.
    case selectCurrentApplication
    /// `00 A4 00 xx` with an identifier: there is no master file and nothing is found under it.
    case selectUnderMasterFile
    case selectFile(FileID, answer: FileControl)
    case readBinary(FileReference, offset: Int, count: Int)
    case readRecord(FileReference, number: Int, count: Int)
    case queryTries(FileReference)
    case verify(FileReference, [UInt8])
    case change(FileReference, to: [UInt8])
    case unblock(FileReference, to: [UInt8])
    case resetCounter(FileReference)
    case computeSignature(KeyReference, SignatureForm, [UInt8])
    case internalAuthenticate(FileReference, challenge: [UInt8])
    case getChallenge(count: Int)
    case externalAuthenticate([UInt8])
    case getData(tag: UInt16, count: Int)
    case setSessionKey([UInt8])
    case presentTerminalCertificate([UInt8])
    case presentTerminalSignature([UInt8])
    /// A command that only the issuer's protocol may use.
    case issuerOnly
    case lastCommandIndicator
    case generateKeyPair(FileReference, count: Int)
    case storeData(StoredData)
    case close
}

/// Which file a command is about.
enum FileReference: Hashable, Sendable {
    case current
    /// A short identifier, 1–30.
    case short(UInt8)
}

enum KeyReference: Hashable, Sendable {
    case file(FileReference)
    case applicationDefault
}

/// Whether SELECT answers with file control information, and how many bytes of it are wanted.
enum FileControl: Hashable, Sendable {
    case none
    case information(count: Int)
}

/// The six ways COMPUTE DIGITAL SIGNATURE takes its input (P1 00–05).
enum SignatureForm: UInt8, Hashable, Sendable {
    /// PKCS #1 v1.5 padding around whatever is given, normally a DigestInfo.
    case padded = 0
    /// PKCS #1 v1.5 padding around the bare SHA-256 of the message.
    case bareDigest = 1
    /// PKCS #1 v1.5 over a SHA-256 digest that is given.
    case digest = 2
    /// PKCS #1 v1.5 over the SHA-256 of the message.
    case message = 3
    /// PSS over a SHA-256 digest that is given.
    case pssDigest = 4
    /// PSS over the SHA-256 of the message.
    case pssMessage = 5
}

/// What STORE DATA puts onto a blank card.
enum StoredData: Hashable, Sendable {
    /// Into the current file: content, a further record, a reference value, or a CA's modulus.
    case currentFile([UInt8])
    case dataObject(tag: UInt16, [UInt8])
    case terminalKey([UInt8])
}

/// Why a command was not carried out: the status the terminal will see, and nothing else.
struct Refusal: Error, Hashable, Sendable {
    let status: StatusWord
    init(_ status: StatusWord) { self.status = status }
}
