public import CardProfiles
public import SmartCard

/// What was being done when something went wrong, so that an error can name it.
public enum CardStep: Hashable, Sendable {
    case select(Place)
    case selectFile(ObjectID)
    case read(ObjectID)
    /// Asking for the tries that are left, which spends none.
    case query(ObjectID)
    case verify(ObjectID)
    case change(ObjectID)
    case unblock(ObjectID)
    case sign(ObjectID)
    /// GET DATA with this tag.
    case getData(UInt16)
    case challenge
    case authenticateTerminal
    case openSecureMessaging

    /// The file concerned, if it is one.
    public var file: ObjectID? {
        switch self {
        case .selectFile(let file), .read(let file), .query(let file), .verify(let file), .change(let file),
            .unblock(let file), .sign(let file):
            file
        case .select, .getData, .challenge, .authenticateTerminal, .openSecureMessaging: nil
        }
    }
}

/// Why a conversation with a card did not come to its end.
///
/// Nothing in it is secret or personal: it may be shown and logged.
public enum CardError: Error, Hashable, Sendable {
    /// No response came; nothing that spends a try was under way.
    case channel(ChannelFailure, CardStep)
    /// The card has no JPKI application: it is another kind of card.
    case notThisCard
    /// The application, file, record or object is not on this card (6A82, 6A83, 6A88).
    case missing(CardStep)
    /// Something has to be verified first (6982).
    case notPermitted(CardStep)
    /// The card answered with another status than the step allows.
    case refused(CardStep, StatusWord)
    /// The card broke a rule of the interface.
    case misbehaved(CardStep, Misbehaviour)
    /// The file was read, and what it holds is not what it should be.
    case malformed(ObjectID, RecordFlaw)
    /// A secret that was sent is not the right one; `nil` tries: the card does not count.
    case wrongSecret(SecretKind, triesLeft: Int?)
    /// No tries are left.
    case blocked(SecretKind)
    /// One try is left, and nobody has said that it may be spent.
    case lastTry(SecretKind)
    /// A secret does not have the shape it must have; nothing was sent.
    case badShape(SecretKind, ShapeFlaw)
    /// The command was sent and the answer did not come: whether a try was spent, or the secret changed, is not known.
    case outcomeUnknown(SecretKind, ChannelFailure)
    /// The cryptographic library failed.
    case cryptography(CardStep)
}

/// How a card broke the rules.
public enum Misbehaviour: Hashable, Sendable {
    /// More bytes came than were asked for.
    case tooManyBytes
    /// 61xx without end, or without data.
    case endlessResponse
    /// 6Cxx for a length the card itself had named.
    case alwaysAnotherLength
    /// An answer under secure messaging does not decipher or has the wrong form.
    case brokenSecureMessage
    /// A signature of another length than the key's.
    case wrongSignatureLength
}

/// What is wrong with the contents of a file.
public enum RecordFlaw: Hashable, Sendable {
    /// Nothing but filler.
    case empty
    /// The file does not begin with a data object, or its length cannot be.
    case notADataObject
    /// The file ends before the data object does.
    case cutOff
    /// The data objects inside do not add up.
    case badStructure
    /// The outer object has another tag.
    case wrongTag(UInt32)
    case missing(UInt32)
    case wrongLength(UInt32)
    /// Not text in UTF-8.
    case notText(UInt32)
    /// Not a date in eight digits.
    case notADate(UInt32)
    /// Not digits where digits must be, or a check digit that does not fit.
    case notANumber(UInt32)
}
