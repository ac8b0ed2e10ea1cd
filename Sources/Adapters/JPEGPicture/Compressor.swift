internal import CTurboJPEG

/// Owns one compressor of the library.
@safe struct Compressor: ~Copyable {
    private let handle: tjhandle

    init() throws(JPEGError) {
        guard let handle = unsafe tjInitCompress() else { throw .compressionFailed(call: "tjInitCompress") }
        unsafe self.handle = unsafe handle
    }

    deinit {
        unsafe tjDestroy(handle)
    }

    /// The size, the pixels and the quality were checked by the caller.
    func compress(width: Int, height: Int, grey pixels: [UInt8], quality: Int) throws(JPEGError) -> [UInt8] {
        let subsampling = Int32(TJSAMP_GRAY.rawValue)
        // The greatest size a file of these dimensions can have, so that the library need not ask for more memory.
        var length = tjBufSize(Int32(width), Int32(height), subsampling)
        guard length != UInt.max else { throw .compressionFailed(call: "tjBufSize") }
        var file = [UInt8](repeating: 0, count: Int(length))
        let status = unsafe file.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return unsafe tjCompress2(
                handle,
                pixels,
                Int32(width),
                Int32(width),
                Int32(height),
                TJPF_GRAY.rawValue,
                &start,
                &length,
                subsampling,
                Int32(quality),
                TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT
            )
        }
        guard status == 0 else { throw .compressionFailed(call: "tjCompress2") }
        file.removeLast(file.count - Int(length))
        return file
    }
}
