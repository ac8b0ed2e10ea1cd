import VPCD

/// Bytes from the virtual reader's socket, in one piece and one by one: both give the same messages.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFrames(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    var whole = VPCDDecoder()
    whole.append(bytes[...])
    var inOnePiece: [VPCDMessage] = []
    while let message = whole.next() { inOnePiece.append(message) }

    var split = VPCDDecoder()
    var oneByOne: [VPCDMessage] = []
    for index in bytes.indices {
        split.append(bytes[index...index])
        while let message = split.next() { oneByOne.append(message) }
    }
    precondition(inOnePiece == oneByOne, "framing does not depend on how bytes arrive")
    return 0
}
