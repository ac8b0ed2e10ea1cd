/// Where a server on this machine listens: `http://127.0.0.1:8080/ocsp/sign`, `http://localhost/`, `http://[::1]:80/x`.
///
/// Nothing here leaves the machine: what goes over a network goes through somebody who does TLS.
public struct PlainHTTPAddress: Hashable, Sendable {
    /// `127.0.0.1` or `::1`.
    public let host: String
    public let port: UInt16
    /// Begins with `/`; printable ASCII without spaces.
    public let path: String

    /// Reads an address; `nil` for other schemes, hosts that are not loopback, users, and characters that a request line
    /// must not have.
    public init?(_ text: String) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), text.lowercased().hasPrefix("http://") else {
            return nil
        }
        let rest = text.dropFirst(7)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let target = rest.dropFirst(authority.count).prefix { $0 != "#" }
        guard let (name, port) = Self.split(authority), let host = Self.loopback[name.lowercased()] else { return nil }
        self.host = host
        self.port = port
        path = target.hasPrefix("/") ? String(target) : "/" + target
    }

    private static func split(_ authority: Substring) -> (name: String, port: UInt16)? {
        let end: Substring.Index
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { return nil }
            end = authority.index(after: bracket)
        } else {
            end = authority.firstIndex(of: ":") ?? authority.endIndex
        }
        let name = String(authority[..<end])
        guard end < authority.endIndex else { return (name, 80) }
        let digits = authority[end...].dropFirst()
        guard authority[end] == ":", digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits),
            port != 0
        else { return nil }
        return (name, port)
    }

    private static let loopback = ["127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "[::1]": "::1"]
}

/// Why there is no answer.
public enum PlainHTTPFailure: Error, Hashable, Sendable {
    /// Nobody listens there; the system's error number.
    case unreachable(errno: Int32)
    /// No whole answer came in time.
    case late
    /// The other side hung up before its answer was whole.
    case cutOff
    /// The answer is longer than was allowed.
    case tooLong
    /// What came is no answer of HTTP/1.
    case garbled
}

/// An answer: its status, and its body.
public struct PlainHTTPAnswer: Hashable, Sendable {
    public let status: Int
    public let body: [UInt8]
}
