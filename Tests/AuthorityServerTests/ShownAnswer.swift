import ForeignTools
import Foundation

extension AuthorityServed {
    /// An OCSP answer as openssl shows it.
    static func shown(_ answer: [UInt8]) throws -> ShownAnswer {
        let shown = try ForeignProgram.run(
            "openssl",
            ["ocsp", "-respin", "answer", "-noverify", "-resp_text"],
            files: ["answer": answer]
        )
        return ShownAnswer(text: shown.text)
    }
}

struct ShownAnswer {
    let text: String

    /// A time such as `This Update: Nov 25 03:00:00 2026 GMT`.
    func time(_ name: String) throws -> Date {
        let line = text.split(separator: "\n").first { $0.contains(name + ":") }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "MMM d HH:mm:ss yyyy zzz"
        let words = line?.split(separator: " ").drop { !$0.hasSuffix(":") || !name.hasSuffix($0.dropLast()) }
            .dropFirst()
        guard let words, let date = formatter.date(from: words.joined(separator: " ")) else {
            throw RunningAuthority.Failed(description: "\(name) in \(text)")
        }
        return date
    }
}
