internal import AuthorityCryptography
public import Problems

extension CeremonyRecord {
    /// The record for printing, with lines for signatures by hand, and the fingerprint of the JSON that belongs to it.
    public func text(_ language: Language) throws -> String {
        func say(_ ja: String, _ en: String) -> String { Text(ja: ja, en: en).inLanguage(language) }
        var lines = [
            say("鍵生成式の記録（模擬）", "Record of a key ceremony (simulated)"), "",
            say("開始", "Started") + ": " + started, say("終了", "Ended") + ": " + ended,
            say("結果", "Result") + ": " + (result == .done ? say("完了", "done") : say("失敗", "failed")),
            say("管理", "Control") + ": "
                + (control == .dual
                    ? say("二人の秘密がそろって初めて使える", "takes the secrets of two people") : say("一人", "one person")),
        ]
        for name in custodians {
            lines.append((control == .dual ? say("管理者", "Custodian") : say("操作者", "Operator")) + ": " + name)
        }
        for name in witnesses { lines.append(say("立会人", "Witness") + ": " + name) }
        if let token {
            lines += [
                "", say("トークン", "Token") + ": " + token.label, say("製造者", "Manufacturer") + ": " + token.manufacturer,
                say("型式", "Model") + ": " + token.model, say("製造番号", "Serial number") + ": " + token.serial,
                say("ライブラリー", "Library") + ": " + token.library,
            ]
        }
        if let key {
            lines += [
                "", say("鍵", "Key") + ": " + key.locator,
                say("アルゴリズム", "Algorithm") + ": " + key.algorithm.rawValue,
                say("公開鍵のSHA-256", "SHA-256 of the public key") + ":", "  " + key.fingerprint,
            ]
        }
        lines.append("")
        for (number, entry) in steps.enumerated() {
            let outcome =
                switch entry.outcome {
                case .done: say("済み", "done")
                case .failed: say("失敗", "failed")
                case .notReached: say("未実施", "not reached")
                }
            let details = [entry.at, entry.reason].compactMap(\.self).joined(separator: " ")
            lines.append("\(number + 1). \(entry.step.title.inLanguage(language)): \(outcome) \(details)")
        }
        lines += [
            "", say("record.json のSHA-256", "SHA-256 of record.json") + ":", "  " + Fingerprint.hexadecimal(try json()),
        ]
        for name in custodians + witnesses {
            lines += ["", say("署名", "Signature") + " (\(name)): ____________________"]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
