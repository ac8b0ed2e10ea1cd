import Glibc

// The least card there can be, as the floor of what a reader costs: connects to the virtual reader with the socket options
// of a card of this project (TCP_NODELAY; TCP_QUICKACK after what is not answered) and answers every command at once, whatever
// it is, with as many bytes as P1 and P2 say and 9000.

guard CommandLine.arguments.count == 2, let port = UInt16(CommandLine.arguments[1]) else {
    print("usage: BareCard PORT")
    exit(2)
}

let answerToReset: [UInt8] = [0x3B, 0x80, 0x80, 0x01, 0x01]

func connectToReader(_ port: UInt16) -> Int32 {
    while true {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return descriptor }
        close(descriptor)
        usleep(10_000)
    }
}

let descriptor = connectToReader(port)
var on: Int32 = 1
setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
var once: Int32 = 2
let room = 1 << 18
let input = UnsafeMutablePointer<UInt8>.allocate(capacity: room)
let output = UnsafeMutablePointer<UInt8>.allocate(capacity: 65_537)
output.initialize(repeating: 0, count: 65_537)
var filled = 0

/// Sends what stands in `output` behind the two bytes of the length.
@MainActor func answer(_ count: Int) {
    output[0] = UInt8(count >> 8)
    output[1] = UInt8(count & 0xFF)
    if send(descriptor, output, count + 2, Int32(MSG_NOSIGNAL)) != count + 2 { exit(0) }
}

while true {
    let count = recv(descriptor, input + filled, room - filled, 0)
    guard count > 0 else { exit(0) }
    filled += count
    var start = 0
    var hasAnswered = false
    while filled - start >= 2 {
        let length = Int(input[start]) << 8 | Int(input[start + 1])
        guard filled - start >= 2 + length else { break }
        let frame = input + start + 2
        start += 2 + length
        if length == 1, frame[0] == 4 {
            for (index, byte) in answerToReset.enumerated() { output[2 + index] = byte }
            answer(answerToReset.count)
            hasAnswered = true
        } else if length >= 4 {
            let data = min(Int(frame[2]) << 8 | Int(frame[3]), 65_533)
            output[2 + data] = 0x90
            output[3 + data] = 0x00
            answer(data + 2)
            hasAnswered = true
        }
    }
    if !hasAnswered {
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_QUICKACK, &once, socklen_t(MemoryLayout<Int32>.size))
    }
    if start > 0, start < filled { memmove(input, input + start, filled - start) }
    filled -= start
}
