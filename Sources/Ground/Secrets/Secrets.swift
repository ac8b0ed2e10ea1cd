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

/// Where the padding `80 00 …` of a text begins (ISO/IEC 7816-4, 8.2.3 of the 1995 edition; ISO/IEC 9797-1, method 2).
///
/// `nil` when the text does not end in one. Looks at every byte, in a time that depends on the number of bytes only.
public func startOfPadding(_ bytes: [UInt8]) -> Int? {
    // All ones, as long as nothing but zeros has been met from the end on.
    var isOpen = UInt.max
    var isFound: UInt = 0
    var position: UInt = 0
    for index in bytes.indices.reversed() {
        let isHere = isOpen & onesIfZero(bytes[index] ^ 0x80)
        position |= UInt(index) & isHere
        isFound |= isHere
        isOpen &= onesIfZero(bytes[index])
    }
    return isFound == 0 ? nil : Int(position)
}

/// All ones for zero, zero for anything else, without a branch.
private func onesIfZero(_ byte: UInt8) -> UInt { 0 &- ((UInt(byte) &- 1) >> (UInt(UInt.bitWidth) - 1)) }

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
