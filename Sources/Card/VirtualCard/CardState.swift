public import CardCryptography
public import CardProfiles
import SmartCard

/// All that a card keeps when power is off.
///
/// It changes only by ``apply(_:using:)``, one ``Change`` at a time; the list of changes that would make it anew
/// (``changes()``) is at the same time its snapshot.
public struct CardState<Cryptography: CardCryptography>: Sendable {
    public let kind: CardKind
    public private(set) var isClosed = false
    public private(set) var dataObjects: [(tag: UInt16, bytes: [UInt8])] = []
    private(set) var terminalKey: [UInt8] = []
    /// Parallel to the profile's applications and their files.
    private(set) var files: [[FileState]]

    let profile: CardProfile

    enum FileState: Sendable {
        case bytes([UInt8])
        case records([[UInt8]])
        case reference(Reference)
        case key(Cryptography.Key?)
        case publicKey([UInt8])
        case placeholder
    }

    /// A blank card of one kind: every file there, every file empty.
    public init(blank kind: CardKind) {
        self.kind = kind
        profile = CardProfile.of(kind)
        files = profile.applications.map { application in
            application.files.map { file in
                switch file.kind {
                case .transparent: .bytes([])
                case .records: .records([])
                case .reference: .reference(Reference())
                case .privateKey: .key(nil)
                case .publicKey: .publicKey([])
                case .placeholder: .placeholder
                }
            }
        }
    }

    /// Builds a card again from its changes, in order.
    public init(_ kind: CardKind, replaying changes: [Change], using cryptography: Cryptography) throws(StateFailure) {
        self.init(blank: kind)
        for change in changes { try apply(change, using: cryptography) }
    }

    func state(_ object: ObjectID) -> FileState? {
        guard let position = position(of: object) else { return nil }
        return files[position.application][position.file]
    }

    func reference(_ object: ObjectID) -> Reference {
        guard case .reference(let reference)? = state(object) else { return Reference() }
        return reference
    }

    /// The value kept under a GET DATA tag.
    public func dataObject(_ tag: UInt16) -> [UInt8]? {
        for object in dataObjects where object.tag == tag { return object.bytes }
        return nil
    }

    /// The content of a file that anybody may read, without its filler; `nil` when there is none or it is protected.
    public func freeContent(_ object: ObjectID) -> [UInt8]? {
        guard let position = position(of: object),
            case .transparent(_, let read) = profile.applications[position.application].files[position.file].kind,
            read == .always, case .bytes(let bytes) = files[position.application][position.file]
        else { return nil }
        return bytes
    }

    /// Tries left on a PIN, password or number; `nil` when the object is none.
    public func triesLeft(_ object: ObjectID) -> Int? {
        guard case .reference(let reference)? = state(object) else { return nil }
        return reference.triesLeft
    }

    private func position(of object: ObjectID) -> (application: Int, file: Int)? {
        guard let application = profile.applications.firstIndex(where: { $0.place == object.place }),
            let file = profile.applications[application].files.firstIndex(where: { $0.id == object.file })
        else { return nil }
        return (application, file)
    }
}

/// A PIN, password or number as the card keeps it: not the value but a salted verifier, and the tries left.
struct Reference: Hashable, Sendable {
    var salt: [UInt8] = []
    var verifier: [UInt8] = []
    var triesLeft = 0

    var isSet: Bool { !verifier.isEmpty }
}

/// One durable step of a card's life.
///
/// What a command changes is a short list of these; the host makes the list durable as a whole before the card goes on.
public enum Change: Hashable, Sendable {
    case tries(ObjectID, Int)
    case reference(ObjectID, salt: [UInt8], verifier: [UInt8], tries: Int)
    case content(ObjectID, [UInt8])
    case record(ObjectID, [UInt8])
    /// A private key's secret bytes.
    case key(ObjectID, [UInt8])
    case publicKey(ObjectID, [UInt8])
    case dataObject(UInt16, [UInt8])
    case terminalKey([UInt8])
    /// Personalisation is over.
    case closed
}

/// Changes that do not fit the card they are applied to: the file they came from is not this program's work.
public enum StateFailure: Error, Hashable, Sendable {
    case unknownObject(ObjectID)
    case wrongKind(ObjectID)
    case undecodable(at: Int)
    case cryptography(CryptographyFailure)
}

extension CardState {
    public mutating func apply(_ change: Change, using cryptography: Cryptography) throws(StateFailure) {
        switch change {
        case .tries(let object, let tries):
            guard case .reference(var reference) = try existing(object) else { throw .wrongKind(object) }
            reference.triesLeft = tries
            replace(object, by: .reference(reference))
        case .reference(let object, let salt, let verifier, let tries):
            guard case .reference = try existing(object) else { throw .wrongKind(object) }
            replace(object, by: .reference(Reference(salt: salt, verifier: verifier, triesLeft: tries)))
        case .content(let object, let bytes):
            guard case .bytes = try existing(object) else { throw .wrongKind(object) }
            replace(object, by: .bytes(bytes))
        case .record(let object, let bytes):
            guard case .records(let records) = try existing(object) else { throw .wrongKind(object) }
            replace(object, by: .records(records + [bytes]))
        case .key(let object, let bytes):
            guard case .key = try existing(object) else { throw .wrongKind(object) }
            do throws(CryptographyFailure) {
                replace(object, by: .key(try cryptography.key(decoding: bytes)))
            } catch {
                throw .cryptography(error)
            }
        case .publicKey(let object, let modulus):
            guard case .publicKey = try existing(object) else { throw .wrongKind(object) }
            replace(object, by: .publicKey(modulus))
        case .dataObject(let tag, let bytes):
            dataObjects.removeAll { $0.tag == tag }
            dataObjects.append((tag, bytes))
        case .terminalKey(let key):
            terminalKey = key
        case .closed:
            isClosed = true
        }
    }

    /// The changes that make this state out of a blank card.
    public func changes() throws(StateFailure) -> [Change] {
        var changes: [Change] = dataObjects.map { .dataObject($0.tag, $0.bytes) }
        if !terminalKey.isEmpty { changes.append(.terminalKey(terminalKey)) }
        for (application, states) in zip(profile.applications, files) {
            for (file, state) in zip(application.files, states) {
                let object = ObjectID(application.place, file.id)
                do throws(CryptographyFailure) {
                    changes += try Self.changes(making: state, of: object)
                } catch {
                    throw .cryptography(error)
                }
            }
        }
        if isClosed { changes.append(.closed) }
        return changes
    }

    private static func changes(making state: FileState, of object: ObjectID) throws(CryptographyFailure) -> [Change] {
        switch state {
        case .bytes(let bytes): bytes.isEmpty ? [] : [.content(object, bytes)]
        case .records(let records): records.map { .record(object, $0) }
        case .reference(let reference):
            reference.isSet || reference.triesLeft > 0
                ? [
                    .reference(
                        object,
                        salt: reference.salt,
                        verifier: reference.verifier,
                        tries: reference.triesLeft
                    )
                ] : []
        case .key(let key): if let key { [.key(object, try key.encoded())] } else { [] }
        case .publicKey(let modulus): modulus.isEmpty ? [] : [.publicKey(object, modulus)]
        case .placeholder: []
        }
    }

    private func existing(_ object: ObjectID) throws(StateFailure) -> FileState {
        guard let state = state(object) else { throw .unknownObject(object) }
        return state
    }

    private mutating func replace(_ object: ObjectID, by state: FileState) {
        guard let position = position(of: object) else { return }
        files[position.application][position.file] = state
    }
}
