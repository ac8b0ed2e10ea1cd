/// Text for the formatter of manual pages: groff, with the macros of man(7).
enum Roff {
    /// Text that reads as it stands, wherever in a line it is put: nothing in it is a request or an escape.
    static func text(_ text: String) -> String {
        var out = ""
        for character in text {
            switch character {
            case "\\": out += "\\e"
            // A hyphen that can be copied into a shell and where no line is broken.
            case "-": out += "\\-"
            case "'": out += "\\(aq"
            case "\"": out += "\\(dq"
            case "`": out += "\\(ga"
            case "^": out += "\\(ha"
            case "~": out += "\\(ti"
            case "\n", "\r\n": out += " "
            // Harmless inside a line, a request at its beginning.
            case ".": out += out.isEmpty ? "\\&." : "."
            default: out.append(character)
            }
        }
        return out
    }

    static func bold(_ text: String) -> String { "\\fB\(Self.text(text))\\fR" }
    static func italic(_ text: String) -> String { "\\fI\(Self.text(text))\\fR" }

    /// What was given to ``text(_:)``, ``bold(_:)`` and ``italic(_:)``.
    static func plain(_ line: String) -> String {
        let escapes = [
            ("\\fB", ""), ("\\fI", ""), ("\\fR", ""), ("\\&", ""), ("\\-", "-"), ("\\(aq", "'"), ("\\(dq", "\""),
            ("\\(ga", "`"), ("\\(ha", "^"), ("\\(ti", "~"), ("\\e", "\\"),
        ]
        var out = ""
        var rest = line[...]
        while let first = rest.first {
            if let (escape, meaning) = escapes.first(where: { rest.hasPrefix($0.0) }) {
                out += meaning
                rest = rest.dropFirst(escape.count)
            } else {
                out.append(first)
                rest = rest.dropFirst()
            }
        }
        return out
    }

    /// Lines for paragraphs that are separated by empty lines; indented lines keep their shape.
    ///
    /// `separator` is the request between paragraphs.
    static func paragraphs(_ text: String, separator: String) -> [String] {
        var lines: [String] = []
        var isShaped = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let shaped = line.hasPrefix("  ") && line.contains { $0 != " " }
            if shaped != isShaped { lines += shaped ? [".RS 4", ".nf"] : [".fi", ".RE"] }
            isShaped = shaped
            if line.allSatisfy({ $0 == " " }) {
                if lines.last != separator { lines.append(separator) }
            } else {
                // Two spaces say that a line has a shape; those that follow are the shape.
                let indentation = shaped ? 2 : line.prefix { $0 == " " }.count
                lines.append(Self.text(String(line.dropFirst(indentation))))
            }
        }
        if isShaped { lines += [".fi", ".RE"] }
        while lines.last == separator { lines.removeLast() }
        while lines.first == separator { lines.removeFirst() }
        return lines
    }
}
