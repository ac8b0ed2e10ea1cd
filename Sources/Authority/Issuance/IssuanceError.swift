public import AuthorityCryptography
public import CertificateProfiles

/// Why something was not issued, or not read back.
///
/// No case carries a name, an address or any byte of a key.
public enum IssuanceError: Error, Hashable, Sendable {
    // What the caller asked for is not to be had.
    case modulusNot2048Bit(bits: Int)
    case exponentNot65537
    /// The numbers are of the right size and still no RSA key.
    case unusableKey
    case endBeforeIssue
    /// The certificate would outlive the certificate of its authority.
    case endBeyondAuthority
    /// The instant cannot be written as UTCTime of this project: before 1970 or after 2049.
    case timeOutOfRange
    case missing(Field)
    /// The flags are not one `0` or `1` for each Unicode scalar of the text.
    case substitutesDoNotMatch(Field)
    /// A locality has something other than printable ASCII in it.
    case localityNotRoman(Field)
    case municipalityCodeNotFiveDigits
    case genderNotADigit
    case serialsExhausted
    /// More bytes than one RSA block takes.
    case tooLong(limit: Int)
    /// Not the digests of three records: not 96 bytes.
    case notThreeDigests
    /// The kind belongs to the other authority, or the plan to another generation.
    case otherAuthority(CertificateKind)
    /// A holder's certificate for a service, or the like.
    case subjectOfOtherKind(CertificateKind)
    /// Not a CertificationRequest (RFC 2986).
    case malformedRequest
    /// The CertificationRequest was made for another request than this one.
    case requestForOther
    /// Whoever asks has not shown to have the key.
    case notProven
    /// The key is of another algorithm than the generation issues for.
    case keyOfOtherGeneration

    // What was to be read is not what it was taken for.
    case malformedCertificate
    case malformedAuthority
    case unknownVersion(UInt8)

    // Between the plan and the certificate.
    /// The record is not that of the plan to be signed.
    case notRecorded
    /// The authority's key gave no signature.
    case keyFailed(AuthorityKeyFailure)
    /// The authority's key gave a signature that its public half does not confirm.
    case wrongSignature

    /// The cryptographic library failed at something that cannot fail with a sound key.
    case cryptographyFailed

    /// A part of the facts about a holder.
    public enum Field: String, Hashable, Sendable {
        case name, address, prefecture, municipality
    }
}
