import TLV
import VirtualCard

/// Any bytes as data objects and as a journal's changes: an error or objects, and changes that encode back to themselves.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDataObjects(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    var reader = TLVReader(bytes)
    _ = try? reader.all()
    if let changes = try? Change.decodeAll(bytes) {
        let again = try? Change.decodeAll(changes.flatMap(\.encoded))
        precondition(again == changes, "changes survive encoding")
    }
    return 0
}
