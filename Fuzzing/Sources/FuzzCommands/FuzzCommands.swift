import CardKeys
import CardProfiles
import VirtualCard

/// A sequence of commands, each behind its length in two bytes, for one card: whatever comes, the answer is a status.
func fuzzCommands(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    var card = VirtualCard(CardState(blank: .plastic), cryptography: OpenSSLCryptography())
    var store = VolatileStore()
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    // The first byte says whether the card is closed before the rest arrives.
    if bytes.first.map({ $0 & 1 == 1 }) == true {
        _ = card.respond(to: [0x80, 0xF0, 0x80, 0x0F], committingTo: &store)
    }
    var position = 1
    while position + 2 <= bytes.count {
        let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
        let end = min(position + 2 + length, bytes.count)
        let answer = card.respond(to: Array(bytes[(position + 2)..<end]), committingTo: &store)
        precondition((2...65_538).contains(answer.count), "an answer is a status at least")
        precondition(answer[answer.count - 2] >> 4 == 6 || answer[answer.count - 2] == 0x90, "a legal status")
        position = end
    }
    return 0
}

/// libFuzzer's own loop around the function above (clang's compiler-rt, `LLVMFuzzerRunDriver`).
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>, Int) -> Int32
) -> Int32

@_cdecl("FuzzCommands_main")
public func fuzzCommandsMain(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32
{
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments, { fuzzCommands($0, $1) })
}
