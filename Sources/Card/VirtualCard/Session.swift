import CardProfiles

/// All that a card forgets when power is off.
struct Session: Sendable {
    /// Index of the current application; 0 is the card manager.
    var application = 0
    /// Index of the current file in it.
    var file: Int?
    var status: SecurityStatus = []
    /// The last 16-byte challenge given out, until it is used.
    var challenge: [UInt8]?
    /// The body of a terminal certificate whose signature has not come yet.
    var terminalCertificate: [UInt8]?
    var secureMessaging: SecureMessaging?
    var hasAnswered = false

    /// Selects another application, or the same again: the current file is gone either way, what was proved stays only
    /// with the same application.
    mutating func enter(_ application: Int) {
        if application != self.application {
            status = []
            challenge = nil
        }
        self.application = application
        file = nil
        terminalCertificate = nil
        secureMessaging = nil
    }
}

/// A secure-messaging session of the input-support application: confidentiality only, AES-128.
struct SecureMessaging: Sendable {
    let key: [UInt8]
    /// Number of commands under this session so far; both directions derive their initial value from it.
    var counter: UInt64 = 0
}
