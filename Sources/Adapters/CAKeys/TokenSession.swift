internal import AuthorityCryptography
internal import CP11Kit
internal import Secrets

/// One session with a token; who opened it closes it.
@safe struct TokenSession {
    let functions: UnsafeMutablePointer<CK_FUNCTION_LIST>
    let handle: CK_SESSION_HANDLE

    init(_ module: TokenModule, slot: CK_SLOT_ID, writing: Bool = false) throws(AuthorityKeyFailure) {
        var handle = CK_SESSION_HANDLE()
        let flags: CK_FLAGS = writing ? CKF_RW_SESSION : 0
        try TokenReturn.check(unsafe fuda_p11_open(module.functions, slot, flags, &handle))
        unsafe functions = module.functions
        self.handle = handle
    }

    func close() { _ = unsafe fuda_p11_close(functions, handle) }

    func isLoggedIn() throws(AuthorityKeyFailure) -> Bool {
        var information = CK_SESSION_INFO()
        try TokenReturn.check(unsafe fuda_p11_session_info(functions, handle, &information))
        return information.state == CKS_RO_USER_FUNCTIONS || information.state == CKS_RW_USER_FUNCTIONS
    }

    func login(_ user: CK_USER_TYPE, _ pin: borrowing SecretBytes) -> CK_RV {
        var bytes = pin.copy()
        defer { wipe(&bytes) }
        let count = CK_ULONG(bytes.count)
        return unsafe fuda_p11_login(functions, handle, user, &bytes, count)
    }

    /// Objects with all of these attributes; at most 64 of them.
    func find(_ attributes: [Attribute]) throws(AuthorityKeyFailure) -> [CK_OBJECT_HANDLE] {
        let template = AttributeTemplate(attributes)
        try TokenReturn.check(unsafe template.pass { unsafe fuda_p11_find_begin(functions, handle, $0, $1) })
        var found = [CK_OBJECT_HANDLE](repeating: 0, count: 64)
        var total = 0
        var value = CK_RV(CKR_OK)
        while total < found.count {
            var count: CK_ULONG = 0
            let room = CK_ULONG(found.count - total)
            value = unsafe found.withUnsafeMutableBufferPointer { buffer in
                unsafe fuda_p11_find(functions, handle, buffer.baseAddress?.advanced(by: total), room, &count)
            }
            guard value == CKR_OK, count > 0 else { break }
            total += min(Int(count), found.count - total)
        }
        _ = unsafe fuda_p11_find_end(functions, handle)
        try TokenReturn.check(value)
        return Array(found.prefix(total))
    }

    /// The value of an attribute; `nil` where the object has none or does not show it.
    func attribute(_ type: CK_ATTRIBUTE_TYPE, of object: CK_OBJECT_HANDLE) throws(AuthorityKeyFailure) -> [UInt8]? {
        var entry = unsafe CK_ATTRIBUTE(type: type, pValue: nil, ulValueLen: 0)
        var value = unsafe fuda_p11_attributes(functions, handle, object, &entry, 1)
        if value == CKR_ATTRIBUTE_TYPE_INVALID || value == CKR_ATTRIBUTE_SENSITIVE { return nil }
        try TokenReturn.check(value)
        // CK_UNAVAILABLE_INFORMATION is all ones; nothing that is read here is longer than a certificate.
        guard unsafe entry.ulValueLen <= 1 << 16 else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(unsafe entry.ulValueLen))
        value = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe entry.pValue = buffer.baseAddress
            return unsafe fuda_p11_attributes(functions, handle, object, &entry, 1)
        }
        try TokenReturn.check(value)
        return bytes
    }

    func flag(_ type: CK_ATTRIBUTE_TYPE, of object: CK_OBJECT_HANDLE) throws(AuthorityKeyFailure) -> Bool? {
        guard let value = try attribute(type, of: object), value.count == 1 else { return nil }
        return value[0] != 0
    }

    /// One signature.
    ///
    /// `longest` is the most bytes it can have.
    func sign(
        _ input: [UInt8],
        _ mechanism: CK_MECHANISM_TYPE,
        key: CK_OBJECT_HANDLE,
        longest: Int
    ) throws(AuthorityKeyFailure) -> [UInt8] {
        try TokenReturn.check(unsafe fuda_p11_sign_begin(functions, handle, mechanism, key))
        var signature = [UInt8](repeating: 0, count: longest)
        var length = CK_ULONG(longest)
        let value = unsafe fuda_p11_sign(functions, handle, input, CK_ULONG(input.count), &signature, &length)
        try TokenReturn.check(value)
        signature.removeLast(longest - min(longest, Int(length)))
        return signature
    }
}
