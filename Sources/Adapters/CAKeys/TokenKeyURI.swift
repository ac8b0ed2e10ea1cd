internal import CP11Kit

/// A PKCS #11 URI (RFC 7512) of one private key: which token, which key in it, and by which module and PIN file.
///
/// Read by p11-kit. `module-path` and `pin-source` may be left to the configuration.
public struct TokenKeyURI: Hashable, Sendable, CustomStringConvertible {
    /// The parts that name token and key, in p11-kit's spelling.
    public let description: String
    /// Absolute path of the module, if the URI names it.
    public let modulePath: String?
    /// Absolute path of the file that holds the PIN, if the URI names it.
    public let pinFile: String?
    private let tokenLabel: String?
    private let serial: String?
    private let manufacturer: String?
    private let model: String?
    let label: [UInt8]?
    let identifier: [UInt8]?

    public init(_ text: String) throws(KeyLocatorError) {
        guard !text.utf8.contains(0) else { throw .syntax }
        let uri = try ParsedURI(text)
        guard uri.pinValueIsAbsent else { throw .pinValue }
        guard !uri.hasUnknownParts else { throw .unknownAttribute }
        (tokenLabel, serial, manufacturer, model) = uri.token
        guard tokenLabel != nil || serial != nil else { throw .noToken }
        label = uri.attribute(CKA_LABEL)
        identifier = uri.attribute(CKA_ID)
        guard label != nil || identifier != nil else { throw .noObject }
        guard uri.isOfPrivateKeyIfAny else { throw .type }
        modulePath = uri.modulePath
        guard modulePath?.hasPrefix("/") ?? true else { throw .relativeModule }
        pinFile = try uri.pinSource.map(Self.file)
        description = try uri.format()
    }

    /// Whether a token is the one that is meant: every field that the URI names is the token's.
    func names(_ token: TokenFacts) -> Bool {
        (tokenLabel ?? token.label) == token.label && (serial ?? token.serial) == token.serial
            && (manufacturer ?? token.manufacturer) == token.manufacturer && (model ?? token.model) == token.model
    }

    /// `file:/path` and `file:///path` (RFC 8089); a program to be run (`|program`) is not taken.
    private static func file(_ source: String) throws(KeyLocatorError) -> String {
        guard source.hasPrefix("file:") else { throw .pinSource }
        var path = source.dropFirst("file:".count)
        if path.hasPrefix("///") { path = path.dropFirst(2) }
        guard path.hasPrefix("/"), !path.hasPrefix("//"), path.utf8.count > 1 else { throw .pinSource }
        return String(path)
    }
}

/// What p11-kit makes of a URI.
@safe struct ParsedURI: ~Copyable {
    private let uri: OpaquePointer

    init(_ text: String) throws(KeyLocatorError) {
        guard let uri = unsafe p11_kit_uri_new() else { throw .syntax }
        guard unsafe p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, uri) == P11_KIT_URI_OK.rawValue else {
            unsafe p11_kit_uri_free(uri)
            throw .syntax
        }
        unsafe self.uri = uri
    }

    deinit { unsafe p11_kit_uri_free(uri) }

    var pinValueIsAbsent: Bool { unsafe p11_kit_uri_get_pin_value(uri) == nil }
    var modulePath: String? { unsafe p11_kit_uri_get_module_path(uri).map { unsafe String(cString: $0) } }
    var pinSource: String? { unsafe p11_kit_uri_get_pin_source(uri).map { unsafe String(cString: $0) } }

    var hasUnknownParts: Bool {
        unsafe p11_kit_uri_any_unrecognized(uri) != 0 || p11_kit_uri_get_module_name(uri) != nil
            || p11_kit_uri_get_slot_id(uri) != CK_SLOT_ID.max
    }

    /// The fields of CK_TOKEN_INFO that the URI names; those it does not name are all zeros.
    var token: (label: String?, serial: String?, manufacturer: String?, model: String?) {
        guard let token = unsafe p11_kit_uri_get_token_info(uri) else { return (nil, nil, nil, nil) }
        return unsafe (
            TokenFacts.named(&token.pointee.label), TokenFacts.named(&token.pointee.serialNumber),
            TokenFacts.named(&token.pointee.manufacturerID), TokenFacts.named(&token.pointee.model)
        )
    }

    var isOfPrivateKeyIfAny: Bool {
        guard let value = attribute(CKA_CLASS) else { return true }
        return value == Attribute.number(CKA_CLASS, CKO_PRIVATE_KEY).value
    }

    func attribute(_ type: CK_ATTRIBUTE_TYPE) -> [UInt8]? {
        guard let entry = unsafe p11_kit_uri_get_attribute(uri, type) else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: entry.pointee.pValue, count: Int(entry.pointee.ulValueLen))
        return unsafe Array(bytes)
    }

    /// The URI without what is not part of the key's name.
    func format() throws(KeyLocatorError) -> String {
        unsafe p11_kit_uri_set_pin_source(uri, nil)
        unsafe p11_kit_uri_set_module_path(uri, nil)
        var text: UnsafeMutablePointer<CChar>?
        let status = unsafe p11_kit_uri_format(uri, P11_KIT_URI_FOR_OBJECT_ON_TOKEN, &text)
        guard status == P11_KIT_URI_OK.rawValue, let text = unsafe text else { throw .syntax }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }
}
