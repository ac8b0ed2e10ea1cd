internal import COpenSSL

/// Textual armour (RFC 7468) by libcrypto.
enum PEM {
    static func armour(_ der: [UInt8], label: String) -> [UInt8] {
        guard let text = unsafe BIO_new(BIO_s_mem()) else { return [] }
        defer { unsafe BIO_free(text) }
        guard unsafe PEM_write_bio(text, label, "", der, der.count) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: der.count * 2 + 128)
        let count = unsafe BIO_read(text, &bytes, Int32(bytes.count))
        return Array(bytes.prefix(max(0, Int(count))))
    }

    /// The content of the one block in a text; `nil` for another label, headers, or anything beside the block.
    static func content(_ text: [UInt8], label: String) -> [UInt8]? {
        let begin = Array("-----BEGIN \(label)-----\n".utf8)
        guard text.starts(with: begin), text.suffix(from: begin.count).last == 0x0A else { return nil }
        return unsafe text.withUnsafeBytes { unsafe block($0, label) }
    }

    @unsafe private static func block(_ text: UnsafeRawBufferPointer, _ label: String) -> [UInt8]? {
        // The source reads from the text itself, which therefore has to stay where it is.
        guard let source = unsafe BIO_new_mem_buf(text.baseAddress, Int32(text.count)) else { return nil }
        defer { unsafe BIO_free(source) }
        var name: UnsafeMutablePointer<CChar>?
        var header: UnsafeMutablePointer<CChar>?
        var data: UnsafeMutablePointer<UInt8>?
        var length = 0
        guard unsafe PEM_read_bio(source, &name, &header, &data, &length) == 1, let data = unsafe data else {
            ERR_clear_error()
            return nil
        }
        defer {
            unsafe CRYPTO_free(name, nil, 0)
            unsafe CRYPTO_free(header, nil, 0)
            unsafe CRYPTO_free(data, nil, 0)
        }
        var rest: UInt8 = 0
        let hasRest = unsafe BIO_read(source, &rest, 1) == 1
        let isAsAsked =
            unsafe name.map { unsafe String(cString: $0) } == label
            && header.map { unsafe String(cString: $0) } == ""
        guard isAsAsked, !hasRest else { return nil }
        return unsafe Array(UnsafeBufferPointer(start: data, count: length))
    }
}
