import VPCD

/// Bytes from the virtual reader's socket, in one piece and one by one: both give the same messages.
func fuzzFrames(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
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

/// libFuzzer's own loop around the function above (clang's compiler-rt, `LLVMFuzzerRunDriver`).
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>, Int) -> Int32
) -> Int32

@_cdecl("FuzzFrames_main")
public func fuzzFramesMain(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32 {
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments, { fuzzFrames($0, $1) })
}
