import CardClient
import CardKeys
import CardTrace
import FoundationEssentials
import FudaReader
import PCSC
import Problems
import Terminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

typealias Client = CardClient<SessionChannel, OpenSSLCryptography>

/// The channel of one run of a command: a card in a reader, or a trace; listened to where somebody asked for that.
struct SessionChannel: CardChannel {
    private var inner: any CardChannel
    private let isVerbose: Bool

    init(_ inner: any CardChannel, isVerbose: Bool) {
        self.isVerbose = isVerbose
        if let recorder = unsafe TraceCommand.recorder {
            self.inner = RecordingChannel(ErasedChannel(inner), recorder: recorder)
        } else {
            self.inner = inner
        }
    }

    mutating func transmit(_ command: [UInt8]) throws(ChannelFailure) -> [UInt8] {
        guard isVerbose else { return try inner.transmit(command) }
        do throws(ChannelFailure) {
            let response = try inner.transmit(command)
            Terminal.note(CommandSummary.line(command, response))
            return response
        } catch {
            Terminal.note(CommandSummary.line(command, error))
            throw error
        }
    }
}

/// Any channel under one name.
struct ErasedChannel: CardChannel {
    private var inner: any CardChannel
    init(_ inner: any CardChannel) { self.inner = inner }

    mutating func transmit(_ command: [UInt8]) throws(ChannelFailure) -> [UInt8] { try inner.transmit(command) }
}

/// What a command knows of the card before it asks for anything.
struct SessionInformation {
    let token: TokenInformation
    let readerName: String
    let answerToReset: [UInt8]
    let features: [ReaderFeature]
}

/// One conversation with the card in the reader, from connecting to leaving it as it was found.
enum CardSession {
    /// Runs `body` with the card; afterwards nothing is verified on it any more, however that ended.
    static func run<Result>(
        _ options: ReaderOptions,
        _ body: (inout Client, SessionInformation) throws -> Result
    ) throws -> Result {
        if let path = options.reader.flatMap({ $0.hasPrefix("replay:") ? String($0.dropFirst(7)) : nil }) {
            return try replay(path, options, body)
        }
        let chosen = try ReaderChoice.card(options)
        let connection = try ReaderChoice.connect(chosen)
        let information = (chosen.state.name, chosen.state.answerToReset, connection.features())
        return try converse(SessionChannel(connection, isVerbose: options.verbose), options, information) {
            isUnlocked in
            connection.close(resetting: isUnlocked)
        } body: {
            try body(&$0, $1)
        }
    }

    private static func replay<Result>(
        _ path: String,
        _ options: ReaderOptions,
        _ body: (inout Client, SessionInformation) throws -> Result
    ) throws -> Result {
        let text = String(decoding: try Files.read(path), as: UTF8.self)
        let trace: CardTrace
        do throws(TraceFlaw) {
            trace = try CardTrace(parsing: text)
        } catch {
            throw Problem.notATrace(path, line: error.line)
        }
        let channel = SessionChannel(ReplayChannel(trace), isVerbose: options.verbose)
        return try converse(channel, options, (path, [], [])) { _ in
        } body: {
            try body(&$0, $1)
        }
    }

    private static func converse<Result>(
        _ channel: SessionChannel,
        _ options: ReaderOptions,
        _ reader: (name: String, answerToReset: [UInt8], features: [ReaderFeature]),
        close: (_ isUnlocked: Bool) -> Void,
        body: (inout Client, SessionInformation) throws -> Result
    ) throws -> Result {
        var client = Client(channel, cryptography: OpenSSLCryptography())
        client.readLength = options.extended ? 65_536 : 256
        client.onProgress = Progress.show
        defer {
            Terminal.endProgress()
            close(client.leaveWhereUnlocked())
        }
        do {
            let information = SessionInformation(
                token: try client.recognize(),
                readerName: reader.name,
                answerToReset: reader.answerToReset,
                features: reader.features
            )
            return try body(&client, information)
        } catch let error as CardError {
            Terminal.endProgress()
            if error == .notThisCard { throw Problem.notThisCard(answerToReset: reader.answerToReset) }
            throw error.problem
        }
    }
}

/// The line that tells how far the reading of a long file has come.
enum Progress {
    static func show(_ progress: ReadProgress) {
        guard progress.total > 2048 else { return }
        let name = CardStep.read(progress.file).fileName.inLanguage(Terminal.language)
        Terminal.progress(
            Terminal.say(
                "\(name)を読んでいます。カードを動かさないでください: \(progress.bytesRead) / \(progress.total) バイト",
                "reading the \(name), leave the card where it is: \(progress.bytesRead) of \(progress.total) bytes"
            )
        )
    }
}
