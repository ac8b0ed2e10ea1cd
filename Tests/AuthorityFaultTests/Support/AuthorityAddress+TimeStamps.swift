import PKIX

extension AuthorityAddress {
    /// A request for a time stamp by POST, whole.
    static let stampRequest: [UInt8] = {
        var writer = DERWriter()
        writer.sequence { request in
            request.integer(1)
            request.sequence { imprint in
                imprint.append(HashAlgorithm.sha256.encoded)
                imprint.append(DERTag.octetString, [UInt8](repeating: 7, count: HashAlgorithm.sha256.size))
            }
        }
        let head = "POST /tsa HTTP/1.1\r\nHost: fuda\r\nContent-Type: application/timestamp-query\r\n"
        return Array("\(head)Content-Length: \(writer.bytes.count)\r\n\r\n".utf8) + writer.bytes
    }()

    /// What the time-stamping authority answers now.
    func stamp() throws -> TimeStampResponse {
        let connection = try HTTPConnection(port: port)
        try connection.send(Self.stampRequest)
        guard let answer = try connection.receive(), answer.status == 200 else { throw Unfit(what: "no stamp") }
        return try TimeStampResponse(parsing: answer.body)
    }

    /// The time in a stamp that is made now, in seconds since 1970 UTC; `nil` when there is none.
    func stampedTime() throws -> Int64? {
        guard case .granted(let token) = try stamp() else { return nil }
        return token.info.time
    }
}
