import VPCD

/// Bytes from the virtual reader's socket: in one piece, one by one, and in pieces as long as the bytes themselves say.
///
/// However they arrive, they are the same messages, those that a reading of the whole by hand finds.
func examineFrames(_ bytes: [UInt8]) throws(FuzzFinding) {
    let byHand = messages(bytes)
    try hold(try decoded(bytes) { _ in bytes.count } == byHand, "framing finds what is there")
    try hold(try decoded(bytes) { _ in 1 } == byHand, "framing does not depend on how bytes arrive: one by one")
    try hold(
        try decoded(bytes) { 1 + Int(bytes[$0]) } == byHand,
        "framing does not depend on how bytes arrive: in pieces"
    )
}

private func decoded(_ bytes: [UInt8], pieces: (Int) -> Int) throws(FuzzFinding) -> [VPCDMessage] {
    var decoder = VPCDDecoder()
    var found: [VPCDMessage] = []
    var position = 0
    while position < bytes.count {
        let end = min(bytes.count, position + pieces(position))
        decoder.append(bytes[position..<end])
        while let message = decoder.next() { found.append(message) }
        try hold(decoder.heldBytes <= 2 * 65_537 + (end - position), "what has been read is let go")
        position = end
    }
    return found
}

/// The rule of the wire, once more: a length in two bytes and so many bytes, again and again.
private func messages(_ bytes: [UInt8]) -> [VPCDMessage] {
    var rest = bytes[...]
    var found: [VPCDMessage] = []
    while rest.count >= 2 {
        let length = Int(rest.removeFirst()) * 256 + Int(rest.removeFirst())
        guard rest.count >= length else { break }
        let frame = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
        switch frame {
        case []: break
        case [0]: found.append(.powerOff)
        case [1]: found.append(.powerOn)
        case [2]: found.append(.reset)
        case [4]: found.append(.answerToReset)
        default: found.append(.command(frame))
        }
    }
    return found
}
