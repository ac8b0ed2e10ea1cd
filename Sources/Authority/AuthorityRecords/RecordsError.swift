public import Problems

/// Why the records could not be read or written.
///
/// No case carries a value of any row, a password or an address.
public enum RecordsError: Error, Hashable, Sendable {
    /// The database cannot be reached; nothing was recorded, and trying later may help.
    case unavailable(String)
    /// The connection was lost or the storage failed during COMMIT: it may have taken place or not.
    case outcomeUnknown
    /// It was recorded, but the server stopped waiting for its replicas: it may be lost if another takes over.
    case notReplicated
    /// Another transaction was in the way: nothing was recorded; trying again helps.
    case conflict
    /// Something that may be there once only is there already; nothing was recorded.
    case duplicate
    /// No room on the disk; nothing was recorded.
    case full
    /// The storage failed to keep what it was given. Nothing is recorded any more until the program is started again.
    case storageFailed
    /// Another process is that node.
    case nodeTaken(String)
    /// The file or database belongs to another program.
    case notOurs
    /// Written by a later version of this program.
    case newer(found: Int, known: Int)
    /// The database would acknowledge what is not on the disk.
    case notDurable
    /// Something stored is not as it was written: a column's name, or what is wrong with the log.
    case corrupt(String)
    /// More work is waiting than will be done in reasonable time.
    case overloaded
    /// The records were closed.
    case closed
    /// The statement failed; the database's own code, such as `23502`.
    case statement(String)
}

extension RecordsError {
    public var problem: Problem {
        Problem(code: code, outcome: outcome, whatHappened: whatHappened, whatToDo: whatToDo)
    }

    private var code: String {
        switch self {
        case .unavailable: "records-unavailable"
        case .outcomeUnknown: "records-outcome-unknown"
        case .notReplicated: "records-not-replicated"
        case .conflict: "records-conflict"
        case .duplicate: "records-duplicate"
        case .full: "records-full"
        case .storageFailed: "records-storage"
        case .nodeTaken: "records-node-taken"
        case .notOurs: "records-not-ours"
        case .newer: "records-newer"
        case .notDurable: "records-not-durable"
        case .corrupt: "records-corrupt"
        case .overloaded: "records-overloaded"
        case .closed: "records-closed"
        case .statement: "records-statement"
        }
    }

    private var outcome: Outcome {
        switch self {
        case .outcomeUnknown, .notReplicated: .outcomeUnknown
        case .unavailable: .network
        case .nodeTaken, .notDurable: .refusedForSafety
        case .full, .storageFailed, .notOurs, .newer, .corrupt: .inputFile
        case .conflict, .duplicate, .overloaded, .closed, .statement: .other
        }
    }

    private var whatHappened: Text {
        switch self {
        case .unavailable(let reason):
            Text(ja: "データベースに接続できません(\(reason))。", en: "The database cannot be reached (\(reason)).")
        case .outcomeUnknown:
            Text(ja: "記録されたかどうか分かりません。", en: "It is not known whether it was recorded.")
        case .notReplicated:
            Text(ja: "記録されましたが、複製は確認されていません。", en: "It was recorded, but no replica confirmed it.")
        case .conflict: Text(ja: "別の処理と競合し、記録されませんでした。", en: "Other work was in the way; nothing was recorded.")
        case .duplicate: Text(ja: "すでにあるため、記録されませんでした。", en: "It is there already; nothing was recorded.")
        case .full: Text(ja: "空き容量がなく、記録されませんでした。", en: "There is no room left; nothing was recorded.")
        case .storageFailed:
            Text(ja: "記憶装置が書き込みに失敗しました。", en: "The storage failed to keep what was written.")
        case .nodeTaken(let name):
            Text(ja: "ノード \(name) は別のプロセスが動かしています。", en: "Another process is node \(name).")
        case .notOurs: Text(ja: "認証局の記録ではありません。", en: "These are not the records of an authority.")
        case .newer(let found, let known):
            Text(
                ja: "記録は新しい版(\(found))で書かれています。この版は\(known)まで。",
                en: "The records are of version \(found); this program knows up to \(known)."
            )
        case .notDurable:
            Text(ja: "データベースが書き込みを確実に保存しません。", en: "The database does not keep its writes safely.")
        case .corrupt(let what):
            Text(ja: "記録が壊れているか書き換えられています: \(what)", en: "The records are damaged or were altered: \(what).")
        case .overloaded: Text(ja: "混み合っています。", en: "There is too much work waiting.")
        case .closed: Text(ja: "記録は閉じられています。", en: "The records are closed.")
        case .statement(let code):
            Text(ja: "データベースが処理を拒みました(\(code))。", en: "The database refused the statement (\(code)).")
        }
    }

    private var whatToDo: Text {
        switch self {
        case .unavailable, .conflict, .overloaded: Text(ja: "しばらくしてやり直してください。", en: "Try again later.")
        case .outcomeUnknown, .notReplicated, .duplicate:
            Text(ja: "状態を確かめてからやり直してください。", en: "Look at the state before trying again.")
        case .full: Text(ja: "空き容量を増やしてください。", en: "Make room on the disk.")
        case .storageFailed:
            Text(ja: "記憶装置を調べ、起動し直してください。", en: "Examine the storage, then start the program again.")
        case .nodeTaken: Text(ja: "先にそちらを止めるか、別の名前にしてください。", en: "Stop it first, or take another name.")
        case .notOurs: Text(ja: "場所を確かめてください。", en: "Check where it is.")
        case .newer: Text(ja: "fudaを新しくしてください。", en: "Update fuda.")
        case .notDurable:
            Text(ja: "fsync と synchronous_commit を有効にしてください。", en: "Turn on fsync and synchronous_commit.")
        case .corrupt: Text(ja: "`fuda verify log` で調べてください。", en: "Examine it with `fuda verify log`.")
        case .closed, .statement: Text(ja: "起動し直してください。", en: "Start the program again.")
        }
    }
}
