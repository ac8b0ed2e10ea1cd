public import CertificateProfiles
public import EventLog

/// Why an event was not recorded: what it says would contradict what was recorded before.
public enum LedgerRefusal: Error, Hashable, Sendable {
    /// No such certificate was ever planned.
    case unknownCertificate(CertificateReference)
    case transition(CertificateReference, TransitionRefusal)
    /// The number is spent.
    case serialTaken(CertificateReference)
    /// The number was not handed out by ``LedgerTransaction/nextSerial(_:)``.
    case serialNotReserved(CertificateReference)
    /// The request was planned before, as this certificate.
    case requestTaken(CertificateReference)
    /// The authority has no such generation.
    case unknownGeneration(CertificateAuthority, Int)
    /// Generations follow one another: this one was expected.
    case generationNotNext(CertificateAuthority, expected: Int)
    /// A list number never falls and is never used twice; the one that stands is given.
    case listNumber(CertificateAuthority, partition: String, published: UInt64)
    case unknownVerifier(String)
    /// The municipality's list has other names already.
    case partitionNamed(CertificateAuthority, code: String)
    /// The event does not say what it must: a field's name.
    case malformed(String)
}

/// What came of an event that was not refused.
public enum Appended: Hashable, Sendable {
    /// It is an entry of the log, at this place.
    case written(LogPosition)
    /// The records said so already, by this entry; nothing was written.
    case alreadySo(LogPosition)
}
