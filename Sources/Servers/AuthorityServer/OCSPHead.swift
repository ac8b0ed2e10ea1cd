import NIOCore
import NIOHTTP1

/// The head of an HTTP/1 response, written as bytes: with the body behind it an answer leaves in one piece.
struct OCSPHead {
    private(set) var buffer: ByteBuffer

    /// Begins with the status line; `room` is for the body.
    init(_ head: HTTPRequestHead, _ status: HTTPResponseStatus, room: Int, _ allocator: ByteBufferAllocator) {
        buffer = allocator.buffer(capacity: 384 + room)
        if head.version.minor == 0, head.version.major == 1 {
            buffer.writeStaticString("HTTP/1.0 ")
        } else {
            buffer.writeStaticString("HTTP/1.1 ")
        }
        if status == .ok {
            buffer.writeStaticString("200 OK\r\n")
        } else {
            buffer.writeString("\(status.code) \(status.reasonPhrase)\r\n")
        }
    }

    /// A line of the head: name, colon, value, end of line.
    mutating func add(_ line: StaticString) { buffer.writeStaticString(line) }
    mutating func add(_ bytes: [UInt8]) { buffer.writeBytes(bytes) }
    mutating func endLine() { buffer.writeStaticString("\r\n") }

    /// Digits of a number that is not negative.
    mutating func add(decimal number: Int) {
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            buffer.writeInteger(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    /// The head and the body.
    consuming func whole(_ body: [UInt8]) -> ByteBuffer {
        buffer.writeStaticString("\r\n")
        buffer.writeBytes(body)
        return buffer
    }
}
