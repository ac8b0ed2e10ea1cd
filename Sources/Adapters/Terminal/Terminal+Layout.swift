internal import CLinux

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Terminal {
    /// How many columns a text takes: two for most East Asian characters, none for combining ones (wcwidth(3)).
    public static func width(_ text: String) -> Int {
        _ = hasCharacterTable
        return text.unicodeScalars.reduce(0) { $0 + max(0, Int(fuda_columns($1.value))) }
    }

    /// A text filled up with spaces to so many columns.
    public static func padded(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - width(text)))
    }

    /// Lines in columns, each as wide as its widest cell; the last is not filled up.
    public static func table(_ rows: [[String]]) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? width($0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += column == row.count - 1 ? cell : padded(cell, to: widths[column] + 2)
            }
            return line
        }
    }

    /// A text from outside as a terminal may show it: control characters would move the cursor or change what stands
    /// there.
    public static func harmless(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let category = scalar.properties.generalCategory
                    let isControl = [.control, .lineSeparator, .paragraphSeparator].contains(category)
                    let isDirection =
                        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
                    return isControl || isDirection ? "\u{FFFD}" : scalar
                }
            )
        )
    }

    /// Colours of words on a terminal; the words alone always say enough.
    public enum Colour: String, Sendable {
        case green = "32"
        case red = "31"
        case yellow = "33"
    }

    /// Colours a word where standard output is a terminal that takes it (NO_COLOR, no-color.org; TERM=dumb).
    public static func coloured(_ text: String, _ colour: Colour) -> String {
        guard takesColour else { return text }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }

    private static let takesColour =
        resultsGoToTerminal && environment("NO_COLOR") == nil && environment("TERM") != "dumb"

    /// The C library knows widths only after it was told that texts are UTF-8.
    private static let hasCharacterTable: Bool = unsafe setlocale(LC_CTYPE, "C.UTF-8") != nil
}
