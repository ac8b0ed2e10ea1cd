public import CertificateProfiles
public import EventLog
import FoundationEssentials

/// What the log says about every certificate of both authorities, and where in the log that is.
///
/// A value that follows the log entry by entry. Whoever answers for the authorities keeps one, and answers nothing before
/// it is complete.
public struct StatusState: Sendable {
    private var sign = StatusTable()
    private var auth = StatusTable()
    public private(set) var generations: [StatusGeneration] = []
    /// The municipalities that have a list, by authority and code.
    public private(set) var municipalities: [CertificateAuthority: [String: RevocationListName]] = [:]
    /// Certificates of another generation than the newest at their time: links, responders.
    private var outOfTurn: [CertificateReference: Int] = [:]
    /// Where each writer's chain stands.
    public private(set) var heads: [String: LogHead] = [:]

    public init() {}

    public func table(of authority: CertificateAuthority) -> StatusTable {
        switch authority {
        case .sign: sign
        case .auth: auth
        }
    }

    public func status(of certificate: CertificateReference) -> CertificateStatus {
        switch certificate.authority {
        case .sign: sign.status(of: certificate.serial)
        case .auth: auth.status(of: certificate.serial)
        }
    }

    /// The generation whose key signed a certificate; `nil` before the first.
    public func generation(of certificate: CertificateReference) -> Int? {
        if let known = outOfTurn[certificate] { return known }
        return generations.last { $0.authority == certificate.authority && $0.firstSerial <= certificate.serial }?
            .number
    }

    /// Takes the next entry of a writer; says which certificate changed, if one did.
    ///
    /// An entry that was taken before is passed over. Throws ``StatusLogError`` when entries are missing or the chain is
    /// broken; then nothing changed.
    @discardableResult
    public mutating func apply(_ entry: LogEntry) throws(StatusLogError) -> CertificateReference? {
        let head = heads[entry.writer] ?? LogHead(of: entry.writer)
        if entry.sequence <= head.sequence { return nil }
        guard entry.sequence == head.sequence + 1 else {
            throw .gap(writer: entry.writer, after: head.sequence)
        }
        guard entry.previous == head.hash, entry.hasRightHash else {
            throw .broken(writer: entry.writer, sequence: entry.sequence)
        }
        guard let event = try? entry.event() else {
            throw .unreadable(writer: entry.writer, sequence: entry.sequence)
        }
        heads[entry.writer] = LogHead(after: entry)
        return apply(event)
    }

    private mutating func apply(_ event: AuthorityEvent) -> CertificateReference? {
        switch event {
        case .generationBegan(let began):
            generations.append(StatusGeneration(began))
            let own = CertificateReference(began.authority, began.serial)
            change(own) { $0.release(own.serial) }
            return own
        case .partitionOpened(let opened):
            municipalities[opened.authority, default: [:]][opened.code] = .municipality(
                prefecture: opened.prefecture,
                municipality: opened.municipality
            )
            return nil
        case .issuancePlanned(let plan):
            change(plan.certificate) { $0.add(plan.certificate.serial) }
            let isInTurn = generation(of: plan.certificate) == plan.generation
            if !isInTurn { outOfTurn[plan.certificate] = plan.generation }
            return plan.certificate
        case .issuanceAbandoned(let plan):
            revoke(plan.certificate, .unspecified, plan.at, plan.partition, plan.notAfter)
            return plan.certificate
        case .certificateReleased(let certificate):
            change(certificate) { $0.release(certificate.serial) }
            return certificate
        case .certificateRevoked(let revoked):
            revoke(revoked.certificate, revoked.reason, revoked.at, revoked.partition, revoked.notAfter)
            return revoked.certificate
        case .certificateIssued, .holdMadeFinal, .listPublished, .verifierAdmitted, .verifierDismissed, .serviceStarted,
            .serviceStopped, .clockTrusted, .certificateLookedUp:
            return nil
        }
    }

    private mutating func revoke(
        _ certificate: CertificateReference,
        _ reason: RevocationReason,
        _ at: Int64,
        _ partition: String,
        _ notAfter: Int64
    ) {
        let revocation = Revocation(reason: reason, at: at, partition: partition, notAfter: notAfter)
        change(certificate) { $0.revoke(certificate.serial, revocation) }
    }

    /// Changes a table where it lies: a copy of it would be tens of megabytes.
    private mutating func change(_ certificate: CertificateReference, _ body: (inout StatusTable) -> Void) {
        switch certificate.authority {
        case .sign: body(&sign)
        case .auth: body(&auth)
        }
    }
}

/// A generation as whoever answers for it knows it.
public struct StatusGeneration: Hashable, Sendable {
    public let authority: CertificateAuthority
    public let number: Int
    /// The generation issues from this serial number on, until the next begins.
    public let firstSerial: UInt32
    /// The authority's own certificate in DER.
    public let certificate: [UInt8]

    init(_ began: GenerationBegan) {
        authority = began.authority
        number = began.generation
        firstSerial = began.serial
        certificate = Data(base64Encoded: began.certificate).map { Array($0) } ?? []
    }

    init(authority: CertificateAuthority, number: Int, firstSerial: UInt32, certificate: [UInt8]) {
        self.authority = authority
        self.number = number
        self.firstSerial = firstSerial
        self.certificate = certificate
    }
}

/// Why the log could not be followed.
public enum StatusLogError: Error, Hashable, Sendable {
    /// Entries between this one and what was read before are missing; they must be read first.
    case gap(writer: String, after: UInt64)
    /// The chain does not hold: an entry was altered.
    case broken(writer: String, sequence: UInt64)
    /// An event that this program does not know; a newer one wrote it.
    case unreadable(writer: String, sequence: UInt64)
}

// MARK: - Stored form

extension StatusState {
    func write(into writer: inout SnapshotWriter) {
        writer.put(UInt32(heads.count))
        for head in heads.values.sorted(by: { $0.writer < $1.writer }) {
            writer.put(head.writer)
            writer.put(head.sequence)
            writer.put(head.instant)
            writer.put(bytes: head.hash)
        }
        writer.put(UInt32(generations.count))
        for generation in generations {
            writer.put(generation.authority.rawValue)
            writer.put(UInt32(generation.number))
            writer.put(generation.firstSerial)
            writer.put(UInt32(generation.certificate.count))
            writer.put(bytes: generation.certificate)
        }
        let lists = CertificateAuthority.allCases.flatMap { authority in
            municipalities[authority, default: [:]].map { (authority, $0.key, $0.value) }
        }
        writer.put(UInt32(lists.count))
        for case (let authority, let code, .municipality(let prefecture, let municipality)) in lists {
            for text in [authority.rawValue, code, prefecture, municipality] { writer.put(text) }
        }
        writer.put(UInt32(outOfTurn.count))
        for (certificate, generation) in outOfTurn {
            writer.put(certificate.authority.rawValue)
            writer.put(certificate.serial)
            writer.put(UInt32(generation))
        }
        sign.write(into: &writer)
        auth.write(into: &writer)
    }

    init(from reader: inout SnapshotReader) throws(StatusSnapshotError) {
        for _ in 0..<(try reader.number() as UInt32) {
            let writer = try reader.text()
            heads[writer] = LogHead(
                of: writer,
                sequence: try reader.number(),
                instant: try reader.number(),
                hash: Array(try reader.take(32))
            )
        }
        for _ in 0..<(try reader.number() as UInt32) {
            generations.append(
                StatusGeneration(
                    authority: try Self.authority(&reader),
                    number: Int(try reader.number() as UInt32),
                    firstSerial: try reader.number(),
                    certificate: Array(try reader.take(Int(try reader.number() as UInt32)))
                )
            )
        }
        for _ in 0..<(try reader.number() as UInt32) {
            let (authority, code) = (try Self.authority(&reader), try reader.text())
            municipalities[authority, default: [:]][code] = .municipality(
                prefecture: try reader.text(),
                municipality: try reader.text()
            )
        }
        for _ in 0..<(try reader.number() as UInt32) {
            let certificate = CertificateReference(try Self.authority(&reader), try reader.number())
            outOfTurn[certificate] = Int(try reader.number() as UInt32)
        }
        sign = try StatusTable(from: &reader)
        auth = try StatusTable(from: &reader)
    }

    private static func authority(_ reader: inout SnapshotReader) throws(StatusSnapshotError) -> CertificateAuthority {
        guard let authority = CertificateAuthority(rawValue: try reader.text()) else { throw .damaged }
        return authority
    }
}
