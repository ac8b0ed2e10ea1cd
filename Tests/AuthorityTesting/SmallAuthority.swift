public import AuthorityCryptography
public import CertificateProfiles
public import CivilCalendar
import CryptoExtras
public import EventLog
public import Issuance

/// An authority in memory whose every step is in a log: what responders, lists and validators are tested with.
public struct SmallAuthority: Sendable {
    public private(set) var log = TestLog()
    public private(set) var issuers: [Issuer] = []
    public private(set) var nextSerial: UInt32 = 1
    public let authority: CertificateAuthority
    /// Seconds since 1970 UTC of everything that is issued.
    public var now: Int64

    public static let start: Int64 = 1_761_525_005

    public init(_ authority: CertificateAuthority = .sign, key: any AuthorityKey = TestKey.rsa) throws {
        self.authority = authority
        now = Self.start
        try begin(key)
    }

    public var issuer: Issuer { issuers[issuers.count - 1] }

    /// Begins the next generation.
    public mutating func begin(_ key: any AuthorityKey) throws {
        let new = try NewGeneration(
            of: authority,
            generation: issuers.count + 1,
            serial: nextSerial,
            key: key,
            locator: "file:test",
            at: now
        )
        nextSerial += 1
        issuers.append(new.issuer)
        try log.append(.generationBegan(new.event), at: now)
    }

    /// Issues and hands over; the number and the certificate come back.
    @discardableResult
    public mutating func issue(
        _ request: IssuanceRequest,
        by issuer: Issuer? = nil,
        release: Bool = true
    ) throws -> (reference: CertificateReference, der: [UInt8]) {
        let issuer = issuer ?? self.issuer
        let plan = try issuer.check(request).plan(serial: nextSerial)
        nextSerial += 1
        if case .holder(let holder) = request.subject, opened.insert(holder.municipalityCode).inserted {
            try log.append(
                .partitionOpened(
                    PartitionOpened(
                        authority: authority,
                        code: holder.municipalityCode,
                        prefecture: holder.prefecture,
                        municipality: holder.municipality
                    )
                ),
                at: now
            )
        }
        try log.append(.issuancePlanned(plan.event), at: now)
        let issued = try IssuancePermit(plan, recordedAs: plan.event).sign(with: issuer)
        try log.append(.certificateIssued(issued.event), at: now)
        if release { try log.append(.certificateReleased(plan.event.certificate), at: now) }
        plans[plan.event.certificate.serial] = plan.event
        return (plan.event.certificate, issued.der)
    }

    /// A certificate for the holder of this file, or another municipality's.
    @discardableResult
    public mutating func issueToHolder(
        _ kind: CertificateKind? = nil,
        municipalityCode: String = "13101",
        municipality: String = "Chiyoda-ku",
        release: Bool = true
    ) throws -> (reference: CertificateReference, der: [UInt8]) {
        var holder = Self.holder
        holder.municipalityCode = municipalityCode
        holder.municipality = municipality
        let identifier = "request-\(nextSerial)"
        return try issue(
            try Self.holderKey.get().request(
                kind ?? (authority == .sign ? .sign : .auth),
                for: holder,
                notBefore: now,
                end: Self.end,
                identifier: identifier
            ),
            release: release
        )
    }

    public mutating func release(_ certificate: CertificateReference) throws {
        try log.append(.certificateReleased(certificate), at: now)
    }

    public mutating func revoke(_ certificate: CertificateReference, _ reason: RevocationReason) throws {
        guard let plan = plans[certificate.serial] else { return }
        try log.append(
            .certificateRevoked(
                CertificateRevoked(
                    certificate: certificate,
                    reason: reason,
                    at: now,
                    partition: plan.partition,
                    notAfter: plan.notAfter
                )
            ),
            at: now
        )
    }

    private var plans: [UInt32: IssuancePlanned] = [:]
    private var opened: Set<String> = []

    public static let holderKey = Result { HolderKey(rsa: try _RSA.Signing.PrivateKey(keySize: .bits2048)) }
    public static let end = CivilDate(japaneseDayAt: start + 4 * 365 * 86_400)

    public static let holder = HolderFacts(
        name: "番号　花子",
        nameSubstitutes: "01000",
        address: "東京都千代田区霞が関２－１－２",
        addressSubstitutes: "000000000100000",
        gender: "2",
        birth: CivilDate(japaneseDayAt: start - 30 * 365 * 86_400),
        prefecture: "Tokyo-to",
        municipality: "Chiyoda-ku",
        municipalityCode: "13101"
    )
}
