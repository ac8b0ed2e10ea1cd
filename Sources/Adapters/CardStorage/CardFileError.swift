public import Problems

/// Why a card file cannot be used.
///
/// Each case is one thing a person can act on.
public enum CardFileError: Error, Hashable, Sendable {
    case notFound(path: String)
    case alreadyThere(path: String)
    case notACardFile(path: String)
    /// Made by a later version of this program.
    case unknownVersion(path: String, UInt16)
    case inUse(path: String)
    /// The key does not open the file, or the file's first part was changed.
    case wrongKeyOrAltered(path: String)
    /// The journal holds a block that was not written by this card.
    case altered(path: String, block: Int)
    case badKeyFile(path: String)
    case system(call: String, path: String, errno: Int32)
    case library(String)

    public var problem: Problem {
        switch self {
        case .notFound(let path):
            Problem(
                code: "card-file-not-found",
                outcome: .inputFile,
                whatHappened: Text(ja: "カードファイルがありません: \(path)", en: "There is no card file at \(path)."),
                whatToDo: Text(ja: "`fuda card new -o \(path)` で作れます。", en: "Make one with `fuda card new -o \(path)`.")
            )
        case .alreadyThere(let path):
            Problem(
                code: "card-file-exists",
                outcome: .inputFile,
                whatHappened: Text(ja: "同名のファイルがすでにあります: \(path)", en: "There is a file at \(path) already."),
                whatToDo: Text(ja: "別の名前にするか、-f で置き換えてください。", en: "Choose another name, or replace it with -f.")
            )
        case .notACardFile(let path):
            Problem(
                code: "card-file-not-a-card",
                outcome: .inputFile,
                whatHappened: Text(ja: "カードファイルではないか、壊れています: \(path)", en: "\(path) is no card file, or is damaged."),
                whatToDo: Text(ja: "ファイル名を確かめ、控えがあれば戻してください。", en: "Check the name; restore a copy if you have one.")
            )
        case .unknownVersion(let path, let version):
            Problem(
                code: "card-file-version",
                outcome: .inputFile,
                whatHappened: Text(
                    ja: "\(path) は新しい形式(版\(version))です。",
                    en: "\(path) has a newer format (version \(version))."
                ),
                whatToDo: Text(ja: "fudaを新しくしてください。", en: "Update fuda.")
            )
        case .inUse(let path):
            Problem(
                code: "card-file-in-use",
                outcome: .refusedForSafety,
                whatHappened: Text(ja: "カードは別のリーダーに挿入中です: \(path)", en: "The card in \(path) is inserted elsewhere."),
                whatToDo: Text(ja: "先にそちらを止めてください。", en: "Stop the other `fuda card insert` first.")
            )
        case .wrongKeyOrAltered(let path):
            Problem(
                code: "card-file-key",
                outcome: .inputFile,
                whatHappened: Text(
                    ja: "保管鍵が合わないか、ファイルが書き換えられています: \(path)",
                    en: "The storage key does not open \(path), or the file was altered."
                ),
                whatToDo: Text(
                    ja: "--key-file か --passphrase で作成時の鍵を指定してください。",
                    en: "Name the key it was made with: --key-file or --passphrase."
                )
            )
        case .altered(let path, let block):
            Problem(
                code: "card-file-altered",
                outcome: .inputFile,
                whatHappened: Text(
                    ja: "\(path) の記録\(block)が書き換えられているか壊れています。",
                    en: "Block \(block) of \(path) was altered or is damaged."
                ),
                whatToDo: Text(
                    ja: "このカードは使いません。控えを戻すか作り直してください。",
                    en: "The card is not used. Restore a copy or make it anew."
                )
            )
        case .badKeyFile(let path):
            Problem(
                code: "key-file",
                outcome: .inputFile,
                whatHappened: Text(
                    ja: "保管鍵ファイルは32バイト以上で、本人だけが読めること: \(path)",
                    en: "The key file \(path) must hold 32 bytes or more and be readable by its owner alone."
                ),
                whatToDo: Text(ja: "chmod 600 と中身を確かめてください。", en: "Check its content and chmod 600 it.")
            )
        case .system(let call, let path, let number):
            Problem(
                code: "file-system",
                outcome: .inputFile,
                whatHappened: Text(
                    ja: "\(call) に失敗: \(path) (errno \(number))",
                    en: "\(call) failed on \(path) (errno \(number))."
                ),
                whatToDo: Text(ja: "空き容量と権限を確かめてください。", en: "Check free space and permissions.")
            )
        case .library(let operation):
            Problem(
                code: "cryptography",
                outcome: .other,
                whatHappened: Text(
                    ja: "暗号ライブラリが失敗: \(operation)",
                    en: "The cryptographic library failed: \(operation)."
                ),
                whatToDo: Text(ja: "libcrypto 3 の導入を確かめてください。", en: "Check that libcrypto 3 is installed.")
            )
        }
    }
}
