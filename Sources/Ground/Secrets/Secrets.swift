#if canImport(Glibc)
    import Glibc
#endif

/// Compares two byte strings in a time that depends on their lengths only.
///
/// For verifiers and checksums: the time taken says nothing about where the bytes differ.
public func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
}

/// Overwrites bytes that were secret, in a way the optimiser may not remove, and leaves the array empty.
///
/// Reaches the array's own memory only when nobody else holds a copy of it; whoever handles a secret keeps it in one
/// variable and wipes that.
public func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { unsafe clear($0) }
    bytes = []
}

/// Overwrites memory in a way the optimiser may not remove.
@unsafe func clear(_ buffer: UnsafeMutableRawBufferPointer) {
    guard let base = buffer.baseAddress else { return }
    #if canImport(Glibc)
        unsafe explicit_bzero(base, buffer.count)
    #else
        for index in 0..<buffer.count { unsafe base.storeBytes(of: 0, toByteOffset: index, as: UInt8.self) }
    #endif
}
