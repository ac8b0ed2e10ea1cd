import COpenJPEG

/// A file in memory that the library reads or writes: owns the library's stream.
///
/// The library gets an unretained pointer to the bytes; this object holds them at least as long as the stream.
@safe final class ByteStream {
    private let file: MemoryFile
    private let stream: UnsafeMutablePointer<opj_stream_t?>

    init(reading bytes: [UInt8]) throws(FacePictureError) {
        unsafe (file, stream) = unsafe try Self.open(bytes, reading: true)
    }

    /// Begins an empty file.
    init() throws(FacePictureError) {
        unsafe (file, stream) = unsafe try Self.open([], reading: false)
    }

    deinit {
        unsafe opj_stream_destroy(stream)
    }

    /// What the file holds now.
    var bytes: [UInt8] { file.bytes }

    func withStream<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeMutablePointer<opj_stream_t?>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe try body(stream)
    }

    private static func open(
        _ bytes: [UInt8],
        reading: Bool
    ) throws(FacePictureError) -> (MemoryFile, UnsafeMutablePointer<opj_stream_t?>) {
        guard let stream = unsafe opj_stream_create(bufferSize, reading ? 1 : 0) else {
            throw .compressionFailed(call: "opj_stream_create")
        }
        let file = MemoryFile(bytes, reading: reading)
        unsafe opj_stream_set_user_data(stream, Unmanaged.passUnretained(file).toOpaque(), nil)
        unsafe opj_stream_set_user_data_length(stream, UInt64(bytes.count))
        unsafe opj_stream_set_read_function(stream, readFile)
        unsafe opj_stream_set_write_function(stream, writeFile)
        unsafe opj_stream_set_skip_function(stream, skipInFile)
        unsafe opj_stream_set_seek_function(stream, seekInFile)
        return unsafe (file, stream)
    }

    private static let bufferSize = 65_536
}

/// Bytes with a place to read or write next.
private final class MemoryFile {
    private(set) var bytes: [UInt8]
    private var position = 0
    private let isReading: Bool

    init(_ bytes: [UInt8], reading: Bool) {
        self.bytes = bytes
        isReading = reading
    }

    /// The next bytes, at most `count`; none at the end.
    func read(_ count: Int) -> ArraySlice<UInt8> {
        let piece = bytes[position...].prefix(max(count, 0))
        position = piece.endIndex
        return piece
    }

    /// Puts bytes in place of those that are here, and lengthens the file as needed.
    func write(_ piece: UnsafeRawBufferPointer) {
        unsafe bytes.replaceSubrange(position..<min(position + piece.count, bytes.count), with: piece)
        position += piece.count
    }

    /// Goes to a place within the file or at its end, and nowhere else.
    func seek(to place: Int) -> Bool {
        guard (0...bytes.count).contains(place) else { return false }
        position = place
        return true
    }

    /// Goes on by `count` bytes and gives how many that could be.
    ///
    /// At the end a file that is read gives fewer; one that is written gets zeros, because the writer leaves room in
    /// this way for what it comes back to fill in.
    func skip(_ count: Int) -> Int {
        if !isReading, count > bytes.count - position {
            bytes += [UInt8](repeating: 0, count: count - (bytes.count - position))
        }
        let place = min(max(position + min(count, bytes.count), 0), bytes.count)
        defer { position = place }
        return place - position
    }
}

// MARK: - Callbacks

/// What the library takes for "nothing more" or "not possible": all bits set, for Swift sees `size_t` as signed.
private let failed: OPJ_SIZE_T = -1

private func file(_ data: UnsafeMutableRawPointer) -> MemoryFile {
    unsafe Unmanaged<MemoryFile>.fromOpaque(data).takeUnretainedValue()
}

private func readFile(
    _ buffer: UnsafeMutableRawPointer?,
    _ count: OPJ_SIZE_T,
    _ data: UnsafeMutableRawPointer?
) -> OPJ_SIZE_T {
    guard let buffer = unsafe buffer, let data = unsafe data else { return failed }
    let piece = unsafe file(data).read(count)
    guard !piece.isEmpty else { return failed }
    unsafe UnsafeMutableRawBufferPointer(start: buffer, count: piece.count).copyBytes(from: piece)
    return piece.count
}

private func writeFile(
    _ buffer: UnsafeMutableRawPointer?,
    _ count: OPJ_SIZE_T,
    _ data: UnsafeMutableRawPointer?
) -> OPJ_SIZE_T {
    guard let buffer = unsafe buffer, let data = unsafe data else { return failed }
    unsafe file(data).write(UnsafeRawBufferPointer(start: buffer, count: count))
    return count
}

private func skipInFile(_ count: OPJ_OFF_T, _ data: UnsafeMutableRawPointer?) -> OPJ_OFF_T {
    guard let data = unsafe data else { return -1 }
    let skipped = unsafe file(data).skip(Int(clamping: count))
    return skipped == 0 && count != 0 ? -1 : OPJ_OFF_T(skipped)
}

private func seekInFile(_ place: OPJ_OFF_T, _ data: UnsafeMutableRawPointer?) -> OPJ_BOOL {
    guard let data = unsafe data else { return 0 }
    return unsafe file(data).seek(to: Int(clamping: place)) ? 1 : 0
}
