import ForeignTools
import Foundation

/// One answer to curl.
struct Web {
    let status: Int
    /// By their names in small letters.
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: [String: Any]? { try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] }

    struct Unreadable: Error {
        let notes: String
    }

    /// Asks for a URL as it is written: curl neither resolves dots in it nor follows anywhere.
    static func ask(
        _ url: String,
        _ method: String = "GET",
        headers: [String: String] = [:],
        sending body: [UInt8]? = nil,
        _ options: [String] = []
    ) throws -> Web {
        var arguments = ["--silent", "--show-error", "--include", "--path-as-is", "--max-time", "60", "--noproxy", "*"]
        arguments += method == "HEAD" ? ["--head"] : ["--request", method]
        for (name, value) in headers { arguments += ["--header", "\(name): \(value)"] }
        if body != nil { arguments += ["--header", "Expect:", "--data-binary", "@body"] }
        let answer = try ForeignProgram.run(
            "curl",
            arguments + options + [url],
            files: body.map { ["body": $0] } ?? [:]
        )
        guard let head = Data(answer.output).firstRange(of: Data("\r\n\r\n".utf8)) else {
            throw Unreadable(notes: answer.notes)
        }
        let lines = String(decoding: answer.output[..<head.lowerBound], as: UTF8.self).split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Unreadable(notes: answer.notes)
        }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            fields[parts[0].lowercased()] = parts.last?.trimmingCharacters(in: .whitespaces) ?? ""
        }
        return Web(status: status, headers: fields, body: Array(answer.output[head.upperBound...]))
    }

    /// A date of HTTP, read by Foundation.
    func date(_ header: String) throws -> Date {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        guard let text = headers[header], let date = formatter.date(from: text) else {
            throw Unreadable(notes: "\(header): \(headers[header] ?? "missing")")
        }
        return date
    }

    /// The seconds of `max-age`.
    var maxAge: Int? {
        headers["cache-control"]?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            .first { $0.hasPrefix("max-age=") }.flatMap { Int($0.dropFirst(8)) }
    }
}
