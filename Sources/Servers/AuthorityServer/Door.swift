/// Where a request came in.
enum Door: Hashable, Sendable {
    /// A TCP port, where anybody may write anything into a header.
    case port
    /// A Unix socket, where what ends TLS has the word: headers about the client's certificate are believed here only.
    case socket
}
