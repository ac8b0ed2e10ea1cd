import AuthorityRecords

/// The parameters of one statement as libpq wants them: numbers in digits, everything else in binary, so that its length
/// is told and not looked for.
struct PostgresParameters {
    private var bytes: [UInt8] = []
    private var starts: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ arguments: [SQLValue]) {
        for argument in arguments {
            starts.append(argument == .null ? nil : bytes.count)
            let start = bytes.count
            switch argument {
            case .null: break
            case .integer(let number): bytes += Array("\(number)".utf8)
            case .text(let text): bytes += Array(text.utf8)
            case .bytes(let content): bytes += content
            }
            lengths.append(Int32(bytes.count - start))
            if case .integer = argument { formats.append(0) } else { formats.append(1) }
            // Ends what is in digits; the lengths do not count it.
            bytes.append(0)
        }
    }

    /// The pointers are good until the body returns.
    func withPointers<R>(
        _ body: (
            UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> R
    ) -> R {
        unsafe bytes.withUnsafeBytes { buffer in
            let pointers = unsafe starts.map { start -> UnsafePointer<CChar>? in
                guard let start, let base = buffer.baseAddress else { return nil }
                return unsafe (base + start).assumingMemoryBound(to: CChar.self)
            }
            return unsafe pointers.withUnsafeBufferPointer { pointers in
                unsafe lengths.withUnsafeBufferPointer { lengths in
                    unsafe formats.withUnsafeBufferPointer { formats in
                        unsafe body(pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}
