public import AuthorityCryptography

/// What a ceremony shall do, and who takes part; checked before anything is done.
public struct CeremonyPlan: Hashable, Sendable {
    /// What will hold the key.
    public enum Keeper: Hashable, Sendable {
        /// A PKCS #11 token, under the control of two custodians; a blank one is initialised, an existing one is opened.
        case token(label: String, isExisting: Bool)
        /// An encrypted file of that name, under the control of one operator.
        case file(String)
    }

    public let keeper: Keeper
    /// Of the key in its token; for a key file, its name.
    public let keyLabel: String
    public let algorithm: SignatureAlgorithm
    /// Two for a token; for a key file the operator, if named.
    public let custodians: [String]
    public let witnesses: [String]

    /// The ceremony of a key in a token, under dual control.
    public init(
        token: String,
        isExisting: Bool,
        keyLabel: String,
        algorithm: SignatureAlgorithm,
        custodians: [String],
        witnesses: [String]
    ) throws(CeremonyRefusal) {
        guard Self.isLabel(token), Self.isLabel(keyLabel) else { throw .badLabel }
        let custodians = try custodians.map(Self.name)
        let witnesses = try witnesses.map(Self.name)
        guard custodians.count == 2 else { throw .notTwoCustodians }
        guard Self.folded(custodians[0]) != Self.folded(custodians[1]) else { throw .sameCustodian }
        let known = custodians.map(Self.folded)
        guard !witnesses.contains(where: { known.contains(Self.folded($0)) }) else { throw .witnessIsCustodian }
        keeper = .token(label: token, isExisting: isExisting)
        self.keyLabel = keyLabel
        self.algorithm = algorithm
        self.custodians = custodians
        self.witnesses = witnesses
    }

    /// The ceremony of a key in a file: one operator, who need not be named.
    public init(
        file: String,
        algorithm: SignatureAlgorithm,
        operator name: String?,
        witnesses: [String] = []
    ) throws(CeremonyRefusal) {
        keeper = .file(file)
        keyLabel = file
        self.algorithm = algorithm
        custodians = try name.map { (name) throws(CeremonyRefusal) in [try Self.name(name)] } ?? []
        self.witnesses = try witnesses.map(Self.name)
    }

    /// What has to be done, in this order.
    public var steps: [CeremonyStep] {
        switch keeper {
        case .token(_, isExisting: false):
            [.initializeToken, .setUserPIN, .checkUserPIN, .generateKey, .testKey]
        case .token(_, isExisting: true): [.checkUserPIN, .generateKey, .testKey]
        case .file: [.generateKey, .testKey]
        }
    }

    /// Whether a text can be the label of a token or a key.
    public static func isLabel(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count) && text.utf8.first != 0x2E
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || [0x2E, 0x5F, 0x2D].contains(byte)
            }
    }

    // MARK: - Names

    private static func name(_ text: String) throws(CeremonyRefusal) -> String {
        let isPrintable = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
            default: true
            }
        }
        let words = text.split(whereSeparator: \.isWhitespace)
        let name = words.joined(separator: " ")
        guard isPrintable, (1...100).contains(name.count) else { throw .badName }
        return name
    }

    /// A name without what people write differently: spaces and case.
    private static func folded(_ name: String) -> String { name.lowercased().filter { !$0.isWhitespace } }
}
