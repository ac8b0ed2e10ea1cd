/// Takes an answer of HTTP/1 apart: status line, fields, and a body by length, by chunks, or to the end.
enum HTTPAnswerReader {
    static func answer(_ bytes: [UInt8]) throws(PlainHTTPFailure) -> PlainHTTPAnswer {
        guard let head = try head(bytes) else { throw bytes.isEmpty ? .cutOff : .garbled }
        let rest = bytes[head.end...]
        switch head.framing {
        case .length(let length):
            guard rest.count >= length else { throw .cutOff }
            return PlainHTTPAnswer(status: head.status, body: Array(rest.prefix(length)))
        case .chunks:
            guard let body = try chunks(rest) else { throw .cutOff }
            return PlainHTTPAnswer(status: head.status, body: body)
        case .untilEnd:
            return PlainHTTPAnswer(status: head.status, body: Array(rest))
        }
    }

    /// Whether nothing is missing; false also for what is no answer, and for a body that only the end ends.
    static func isWhole(_ bytes: [UInt8]) -> Bool {
        guard let head = try? head(bytes) else { return false }
        switch head.framing {
        case .length(let length): return bytes.count - head.end >= length
        case .chunks: return (try? chunks(bytes[head.end...])).flatMap(\.self) != nil
        case .untilEnd: return false
        }
    }

    private struct Head {
        let status: Int
        let framing: Framing
        let end: Int
    }

    private enum Framing {
        case length(Int)
        case chunks
        case untilEnd
    }

    /// `nil` while the empty line is missing.
    private static func head(_ bytes: [UInt8]) throws(PlainHTTPFailure) -> Head? {
        guard let gap = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<gap.lowerBound], as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, words[0] == "HTTP/1.1" || words[0] == "HTTP/1.0", words[1].utf8.count == 3,
            let status = Int(words[1]), (200...599).contains(status)
        else { throw .garbled }
        var (length, isChunked): (Int?, Bool) = (nil, false)
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw .garbled }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            let plain = value.reversed().drop { $0 == " " || $0 == "\t" }.reversed()
            switch line[..<colon].lowercased() {
            case "content-length":
                guard length == nil, plain.allSatisfy({ ("0"..."9").contains($0) }), let number = Int(String(plain))
                else { throw .garbled }
                length = number
            case "transfer-encoding":
                guard String(plain).lowercased() == "chunked", !isChunked else { throw .garbled }
                isChunked = true
            default: break
            }
        }
        // Both at once is how requests are smuggled (RFC 9112, 6.3).
        guard !(isChunked && length != nil) else { throw .garbled }
        let framing: Framing = isChunked ? .chunks : length.map(Framing.length) ?? .untilEnd
        return Head(status: status, framing: framing, end: gap.upperBound)
    }

    /// The body; `nil` while something is missing.
    ///
    /// Trailers are read over.
    private static func chunks(_ bytes: ArraySlice<UInt8>) throws(PlainHTTPFailure) -> [UInt8]? {
        var (rest, body): (ArraySlice<UInt8>, [UInt8]) = (bytes, [])
        while true {
            guard let end = rest.firstRange(of: Array("\r\n".utf8)) else { return nil }
            let size = String(decoding: rest[..<end.lowerBound].prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
            guard !size.isEmpty, size.utf8.count <= 7, size.allSatisfy(\.isHexDigit), let length = Int(size, radix: 16)
            else { throw .garbled }
            rest = rest[end.upperBound...]
            if length == 0 {
                return rest.starts(with: Array("\r\n".utf8)) || rest.firstRange(of: Array("\r\n\r\n".utf8)) != nil
                    ? body : nil
            }
            guard rest.count >= length + 2 else { return nil }
            body += rest.prefix(length)
            rest = rest.dropFirst(length)
            guard rest.starts(with: Array("\r\n".utf8)) else { throw .garbled }
            rest = rest.dropFirst(2)
        }
    }
}
