/// What a responder says of one certificate (RFC 6960, 4.2.1).
public struct OCSPAnswer: Hashable, Sendable {
    public enum Status: Hashable, Sendable {
        case good
        /// Seconds since 1970 UTC; a hold is a revocation with reason `certificateHold`.
        case revoked(at: Int64, reason: CRLReason?)
        /// The responder does not know the certificate.
        case unknown
    }

    public var certificate: CertID
    public var status: Status
    /// Since when this is known to be right; seconds since 1970 UTC.
    public var thisUpdate: Int64
    /// When there will be newer information.
    public var nextUpdate: Int64?
    /// How far back the responder keeps the status of certificates that have expired (RFC 6960, 4.4.4).
    public var archiveCutoff: Int64?

    public init(
        _ certificate: CertID,
        _ status: Status,
        thisUpdate: Int64,
        nextUpdate: Int64? = nil,
        archiveCutoff: Int64? = nil
    ) {
        self.certificate = certificate
        self.status = status
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.archiveCutoff = archiveCutoff
    }

    /// SingleResponse, as DER; throws ``PKIXFlaw/time`` for times outside the years 1 to 9999.
    func write(to writer: inout DERWriter) throws(PKIXFlaw) {
        try writer.sequence { (single: inout DERWriter) throws(PKIXFlaw) in
            single.append(certificate.encoded)
            switch status {
            case .good:
                single.append(DERTag.context(0), [])
            case .revoked(let time, let reason):
                try single.element(DERTag.contextConstructed(1)) { (info: inout DERWriter) throws(PKIXFlaw) in
                    try info.generalizedTime(time)
                    if let reason { info.element(DERTag.contextConstructed(0)) { $0.enumerated(reason.rawValue) } }
                }
            case .unknown:
                single.append(DERTag.context(2), [])
            }
            try single.generalizedTime(thisUpdate)
            if let nextUpdate {
                try single.element(DERTag.contextConstructed(0)) { (tagged: inout DERWriter) throws(PKIXFlaw) in
                    try tagged.generalizedTime(nextUpdate)
                }
            }
            if let archiveCutoff {
                try single.element(DERTag.contextConstructed(1)) { (tagged: inout DERWriter) throws(PKIXFlaw) in
                    try tagged.sequence { (list: inout DERWriter) throws(PKIXFlaw) in
                        try list.pkixExtension(ObjectIdentifier.ocspArchiveCutoff) {
                            (value: inout DERWriter) throws(PKIXFlaw) in
                            try value.generalizedTime(archiveCutoff)
                        }
                    }
                }
            }
        }
    }

    /// Reads the next element; sets `isCritical` on a critical extension that is not understood.
    init(_ outer: inout DERReader, isCritical: inout Bool) throws(PKIXFlaw) {
        var reader = try outer.enter(DERTag.sequence)
        certificate = try CertID(&reader)
        status = try Self.status(&reader)
        thisUpdate = try reader.readGeneralizedTime()
        nextUpdate = nil
        archiveCutoff = nil
        if var tagged = try reader.enterOptional(DERTag.contextConstructed(0)) {
            nextUpdate = try tagged.readGeneralizedTime()
            try tagged.finish()
        }
        if var tagged = try reader.enterOptional(DERTag.contextConstructed(1)) {
            for one in try PKIXExtension.list(try tagged.enter(DERTag.sequence)) {
                if one.isNamed(ObjectIdentifier.ocspArchiveCutoff) {
                    var value = DERReader(one.value)
                    archiveCutoff = try value.readGeneralizedTime()
                    try value.finish()
                } else if one.isCritical {
                    isCritical = true
                }
            }
            try tagged.finish()
        }
        try reader.finish()
    }

    private static func status(_ reader: inout DERReader) throws(PKIXFlaw) -> Status {
        if var info = try reader.enterOptional(DERTag.contextConstructed(1)) {
            let time = try info.readGeneralizedTime()
            var reason: CRLReason?
            if var tagged = try info.enterOptional(DERTag.contextConstructed(0)) {
                reason = CRLReason(rawValue: try tagged.readEnumerated())
                try tagged.finish()
                if reason == nil { throw .structure }
            }
            try info.finish()
            return .revoked(at: time, reason: reason)
        }
        let isGood = reader.nextTag == DERTag.context(0)
        let content = try reader.read(isGood ? DERTag.context(0) : DERTag.context(2))
        guard content.isEmpty else { throw .structure }
        return isGood ? .good : .unknown
    }
}

extension DERWriter {
    mutating func generalizedTime(_ seconds: Int64) throws(PKIXFlaw) {
        var time: [UInt8] = []
        try DERTime.appendGeneralized(seconds, to: &time)
        append(time)
    }
}
