import Crypto
public import PKIX

/// A revocation list that was read, before anybody looked whose it is.
public struct RevocationList: Sendable {
    public let content: CertificateList
    /// SHA-256 of the whole list, in upper-case hexadecimal.
    public let fingerprint: String
    /// The least number that is taken: the highest seen before of this partition, so that no old list is played back.
    public let minimumNumber: UInt64

    /// Reads one list in DER and nothing after it.
    public init(parsing der: [UInt8], minimumNumber: UInt64 = 0) throws(PKIXFlaw) {
        content = try CertificateList(parsing: der)
        fingerprint = hexadecimal(SHA256.hash(data: der))
        self.minimumNumber = minimumNumber
    }
}

/// Lists that may be asked about many certificates: each signature was checked once, when this was made.
public struct RevocationLists: Sendable {
    /// By issuer and partition.
    private let shelves: [Shelf: [SignedList]]
    private let issuers: Set<[UInt8]>

    private struct Shelf: Hashable {
        let issuer: [UInt8]
        /// `nil` for lists of a whole authority.
        let partition: [UInt8]?
    }

    /// No list.
    public init() {
        shelves = [:]
        issuers = []
    }

    /// Looks for the authority behind each list: by name, narrowed by key identifier, decided by signature.
    ///
    /// Any generation of an authority may sign for certificates of any other, since all share one name.
    public init(_ lists: [RevocationList], signedUnder anchors: TrustAnchors) {
        var shelves: [Shelf: [SignedList]] = [:]
        for list in lists {
            let issuer = Array(list.content.issuer)
            let signed = SignedList(list, anchors)
            let names: [[UInt8]?] = list.content.scope?.names ?? []
            for partition in names.isEmpty ? [nil] : names {
                shelves[Shelf(issuer: issuer, partition: partition), default: []].append(signed)
            }
        }
        self.shelves = shelves
        issuers = Set(lists.map { Array($0.content.issuer) })
    }

    var isEmpty: Bool { shelves.isEmpty }

    func hasIssuer(_ name: [UInt8]) -> Bool { issuers.contains(name) }

    /// The lists that speak of a certificate of this issuer in one of these partitions, and those of the whole authority.
    func lists(issuer: [UInt8], partitions: [[UInt8]]) -> [SignedList] {
        var found: [SignedList] = []
        for partition in partitions { found += shelves[Shelf(issuer: issuer, partition: partition)] ?? [] }
        return found + (shelves[Shelf(issuer: issuer, partition: nil)] ?? [])
    }
}

/// A list, and the authority that signed it; a class, because a list of a nation is too long to be copied about.
final class SignedList: Sendable {
    let list: RevocationList
    let signer: Signer

    enum Signer: Sendable {
        case authority(TrustAnchor)
        /// The name is known, and none of its keys at hand is the one meant.
        case unknownGeneration
        /// The key is the one meant, and it did not make the signature.
        case wrongSignature
        /// No authority has the name.
        case foreign
    }

    var content: CertificateList { list.content }

    init(_ list: RevocationList, _ anchors: TrustAnchors) {
        self.list = list
        let content = list.content
        let namesakes = anchors.anchors.filter { $0.name.encoded.elementsEqual(content.issuer) }
        let fitting = namesakes.filter { anchor in
            content.authorityKeyIdentifier.map { $0.elementsEqual(anchor.facts.extensions.subjectKeyIdentifier ?? []) }
                ?? true
        }
        signer =
            if namesakes.isEmpty {
                .foreign
            } else if let author = fitting.first(where: {
                $0.hasSigned(content.toBeSigned, content.algorithm, content.signature)
            }) {
                .authority(author)
            } else {
                fitting.isEmpty ? .unknownGeneration : .wrongSignature
            }
    }
}
