import TLV
import VirtualCard

/// Any bytes as data objects and as a journal's changes: an error or objects, and changes that encode back to themselves.
func fuzzDataObjects(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    var reader = TLVReader(bytes)
    _ = try? reader.all()
    if let changes = try? Change.decodeAll(bytes) {
        let again = try? Change.decodeAll(changes.flatMap(\.encoded))
        precondition(again == changes, "changes survive encoding")
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

@_cdecl("FuzzDataObjects_main")
public func fuzzDataObjectsMain(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?)
    -> Int32
{
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments, { fuzzDataObjects($0, $1) })
}
