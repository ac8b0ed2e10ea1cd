/// What a revocation list is to say, before it is signed (RFC 5280, 5.1.2).
public struct CertificateListDraft: Hashable, Sendable {
    public var algorithm: AlgorithmIdentifier
    /// The authority's Name in DER.
    public var issuer: [UInt8]
    /// Seconds since 1970 UTC.
    public var thisUpdate: Int64
    public var nextUpdate: Int64
    public var entries: EncodedEntries
    /// The subject key identifier of the key that signs.
    public var authorityKeyIdentifier: [UInt8]
    /// CRLNumber: rises from list to list of one partition, deltas included.
    public var number: UInt64
    /// Written as a critical extension; `nil` leaves it out.
    public var scope: IssuingDistributionPoint?
    /// Of a delta list: the number of the complete list it adds to; critical.
    public var deltaBase: UInt64?
    /// Where delta lists are: a directory name, a Name in DER.
    public var freshest: [UInt8]?

    public init(
        algorithm: AlgorithmIdentifier,
        issuer: [UInt8],
        thisUpdate: Int64,
        nextUpdate: Int64,
        entries: EncodedEntries,
        authorityKeyIdentifier: [UInt8],
        number: UInt64,
        scope: IssuingDistributionPoint? = nil,
        deltaBase: UInt64? = nil,
        freshest: [UInt8]? = nil
    ) {
        self.algorithm = algorithm
        self.issuer = issuer
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.entries = entries
        self.authorityKeyIdentifier = authorityKeyIdentifier
        self.number = number
        self.scope = scope
        self.deltaBase = deltaBase
        self.freshest = freshest
    }

    /// TBSCertList in DER: what the authority signs.
    ///
    /// The entries are copied once. Throws ``PKIXFlaw/time`` for times outside the years 1 to 9999, ``PKIXFlaw/tooLarge`` for more than 1 GiB.
    public func toBeSigned() throws(PKIXFlaw) -> [UInt8] {
        guard entries.bytes.count < CertificateList.limit - 4096 - issuer.count else { throw .tooLarge }
        var head: [UInt8] = [DERTag.integer, 1, 1]
        head += algorithm.encoded
        head += issuer
        try DERTime.append(thisUpdate, to: &head)
        try DERTime.append(nextUpdate, to: &head)
        // An empty list has no revokedCertificates at all (RFC 5280, 5.1.2.6).
        if entries.count > 0 {
            head.append(DERTag.sequence)
            DERWriter.appendLength(entries.bytes.count, to: &head)
        }
        let tail = extensions
        let length = head.count + entries.bytes.count + tail.count
        var bytes: [UInt8] = []
        // Room for `assemble` to add the outer head, the algorithm and the signature without another copy.
        bytes.reserveCapacity(length + 1024)
        bytes.append(DERTag.sequence)
        DERWriter.appendLength(length, to: &bytes)
        bytes += head
        bytes += entries.bytes
        bytes += tail
        return bytes
    }

    private var extensions: [UInt8] {
        var writer = DERWriter(capacity: 512)
        writer.element(DERTag.contextConstructed(0)) { tagged in
            tagged.sequence { list in
                list.pkixExtension(ObjectIdentifier.authorityKeyIdentifier) { value in
                    value.sequence { $0.append(DERTag.context(0), authorityKeyIdentifier) }
                }
                list.pkixExtension(ObjectIdentifier.crlNumber) { $0.integer(number) }
                if let deltaBase {
                    list.pkixExtension(ObjectIdentifier.deltaCRLIndicator, critical: true) { $0.integer(deltaBase) }
                }
                if let scope {
                    list.pkixExtension(ObjectIdentifier.issuingDistributionPoint, critical: true, scope.write)
                }
                if let freshest {
                    list.pkixExtension(ObjectIdentifier.freshestCRL) { value in
                        value.sequence { points in
                            points.sequence { point in
                                point.element(DERTag.contextConstructed(0)) { $0.fullName([freshest]) }
                            }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }
}

extension CertificateList {
    /// The signed list in DER: `toBeSigned` with its signature.
    ///
    /// Grows the buffer handed in, which should be given up by the caller so that nothing is copied.
    public static func assemble(
        toBeSigned: consuming [UInt8],
        algorithm: AlgorithmIdentifier,
        signature: [UInt8]
    ) -> [UInt8] {
        var tail = DERWriter()
        tail.append(algorithm.encoded)
        tail.bitString(signature)
        var head: [UInt8] = [DERTag.sequence]
        DERWriter.appendLength(toBeSigned.count + tail.bytes.count, to: &head)
        toBeSigned.insert(contentsOf: head, at: 0)
        toBeSigned += tail.bytes
        return toBeSigned
    }
}
