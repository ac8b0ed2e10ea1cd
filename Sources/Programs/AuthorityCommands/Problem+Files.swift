import Problems

extension Problem {
    /// A file that would have to be overwritten; `force` says that an option allows it.
    static func fileIsThere(_ path: String, force: Bool = false) -> Problem {
        Problem(
            code: "file-exists",
            outcome: .inputFile,
            whatHappened: Text(ja: "同名のファイルがすでにあります: \(path)", en: "There is a file at \(path) already."),
            whatToDo: force
                ? Text(ja: "-f で置き換えられます。何も行っていません。", en: "Replace it with -f; nothing was done.")
                : Text(ja: "別の名前にしてください。何も行っていません。", en: "Choose another name; nothing was done.")
        )
    }
}
