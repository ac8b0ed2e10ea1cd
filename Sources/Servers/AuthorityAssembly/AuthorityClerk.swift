import AuthorityCryptography
import AuthorityRecords
public import AuthorityService
import CardStorage
public import CertificateProfiles
import CivilCalendar
public import EventLog
import FoundationEssentials
import Issuance
import PKIX
import Problems
import Revocation

/// Carries out orders on a running node.
public struct AuthorityClerk: Sendable {
    let service: AuthorityService
    let folder: AuthorityFolder
    private let publishing = Turns()
    let lane = OrderLane()

    private var lists: ListFolder { folder.lists }

    public init(_ service: AuthorityService, _ folder: AuthorityFolder) {
        self.service = service
        self.folder = folder
    }

    /// Carries out an order; a refusal is an answer, too.
    public func carryOut(_ order: AuthorityOrder, by actor: String) async -> AuthorityAnswer {
        do {
            // Nothing keeps a hold waiting.
            if case .revoke = order { return try await answer(order, actor) }
            return try await lane.run { try await answer(order, actor) }
        } catch {
            return .refused(AuthorityAnswer.Refusal(AuthorityProblems.problem(error)))
        }
    }

    private func answer(_ order: AuthorityOrder, _ actor: String) async throws -> AuthorityAnswer {
        switch order {
        case .issue(let order):
            let issued = try await service.issue(try Self.request(order), by: actor)
            return .issued(issued.certificate, certificate: Data(issued.der).base64EncodedString())
        case .release(let certificates):
            try await service.release(certificates, by: actor)
            return .done
        case .revoke(let selection, let reason):
            return .revoked(
                try await service.revoke(Self.selection(selection), reason, by: actor).map { revoked in
                    AuthorityAnswer.RevokedLine(
                        authority: revoked.certificate.authority,
                        serial: revoked.certificate.serial,
                        kind: revoked.kind,
                        reason: revoked.reason,
                        at: revoked.at,
                        wasAlready: revoked.wasAlready
                    )
                }
            )
        case .status(let selection):
            return .status(try await status(selection))
        case .publish(let authority, let partitions):
            var published: [ListPublished] = []
            for one in authority.map({ [$0] }) ?? CertificateAuthority.allCases {
                published += try await publish(one, partitions, by: actor)
            }
            return .published(published)
        case .overview:
            return .overview(try await overview())
        case .begin(let authority, let key):
            return .begun(try await begin(authority, key, actor))
        case .audit(let path):
            return .audited(try await audit(path))
        case .trustClock:
            try await trustClock(actor)
            return .done
        case .admit(let name, let certificate):
            return .verifiers(try await admit(name, certificate, actor))
        case .dismiss(let name):
            return .verifiers(try await dismiss(name, actor))
        case .verifiers:
            return .verifiers(try await verifiers())
        case .usage(let month):
            return .usage(try await usage(month))
        }
    }

    /// Publishes full lists, and the manifest that names them.
    @discardableResult
    public func publish(
        _ authority: CertificateAuthority,
        _ partitions: [String]?,
        by actor: String
    ) async throws -> [ListPublished] {
        try await publishing.take {
            let published = try await service.publishLists(
                authority,
                partitions: partitions,
                by: actor,
                publish: lists.publish
            )
            try await seal(authority)
            return published
        }
    }

    /// Publishes again what a crash left otherwise than the records or the manifest say, and signs the manifest anew.
    public func restorePublished(_ authority: CertificateAuthority, by actor: String) async throws {
        let recorded = try await service.ledger.read { try $0.lists(authority) }
        let stale = try lists.stale(authority, recorded: recorded)
        let full = stale.filter { !$0.isDelta }.map(\.partition).sorted()
        if !full.isEmpty { try await publish(authority, full, by: actor) }
        if stale.contains(where: \.isDelta) { try await publishDelta(authority, by: actor) }
        try await publishing.take { try await seal(authority) }
    }

    /// Publishes what changed since the last full list of the authority.
    public func publishDelta(_ authority: CertificateAuthority, by actor: String) async throws {
        try await publishing.take {
            guard try await service.publishDelta(authority, by: actor, publish: lists.publish) != nil else { return }
            try await seal(authority)
        }
    }

    /// Whether the manifest is known to say what is published; not so after a start, or when it could not be signed.
    public func isSealed(_ authority: CertificateAuthority) -> Bool { lists.isSealed(authority) }

    private func seal(_ authority: CertificateAuthority) async throws {
        try await service.sealLists(authority) { [lists] sign in try lists.seal(authority, sign: sign) }
    }

    // MARK: - Parts of orders and answers

    private static func selection(_ selection: CertificateSelection) -> AuthorityService.Selection {
        switch selection {
        case .card(let serial): .card(serial)
        case .serial(let reference): .certificates([reference])
        }
    }

    private static func request(_ order: IssueOrder) throws -> IssuanceRequest {
        guard let proof = Data(base64Encoded: order.request), let end = CivilDate(order.end),
            let birth = CivilDate(order.holder.birth), let gender = order.holder.gender.first,
            order.holder.gender.count == 1
        else { throw IssuanceError.malformedRequest }
        return IssuanceRequest(
            order.kind,
            subject: .holder(
                HolderFacts(
                    name: order.holder.name,
                    nameSubstitutes: order.holder.nameSubstitutes,
                    address: order.holder.address,
                    addressSubstitutes: order.holder.addressSubstitutes,
                    gender: gender,
                    birth: birth,
                    prefecture: order.holder.prefecture,
                    municipality: order.holder.municipality,
                    municipalityCode: order.holder.municipalityCode
                )
            ),
            key: .proven(Array(proof)),
            notBefore: order.notBefore,
            end: end,
            identifier: order.identifier,
            holder: order.holderReference,
            card: order.card
        )
    }

    /// Nothing is signed by the new time before the log says who had it believed.
    private func trustClock(_ actor: String) async throws {
        try await folder.recordClock.trust { before, after in
            _ = try await service.ledger.record(by: actor, .urgent) { transaction in
                try transaction.append(.clockTrusted(ClockTrusted(before: before, after: after)))
            }
        }
        service.responder.trustClock()
    }

    private func begin(
        _ authority: CertificateAuthority,
        _ key: String?,
        _ actor: String
    ) async throws -> AuthorityAnswer.BegunGeneration {
        let begun = try await service.begin(authority, folder.algorithm, keyAt: key, by: actor)
        try folder.writeAnchors(of: service)
        try folder.write(begun.links, of: authority)
        return AuthorityAnswer.BegunGeneration(
            authority: authority,
            generation: begun.event.generation,
            serial: begun.event.serial,
            notBefore: begun.event.notBefore,
            notAfter: begun.event.notAfter,
            algorithm: begun.event.algorithm,
            key: begun.event.key,
            certificate: begun.event.certificate,
            links: begun.links.map { link in
                AuthorityAnswer.LinkLine(
                    from: link.from,
                    to: link.to,
                    serial: link.certificate.serial,
                    certificate: Data(link.der).base64EncodedString()
                )
            },
            unlinked: begun.unlinked
        )
    }

    private func status(_ selection: CertificateSelection) async throws -> [AuthorityAnswer.StatusLine] {
        let records = try await service.ledger.read { records in
            switch selection {
            case .card(let serial): try records.certificates(card: serial)
            case .serial(let reference): try records.certificate(reference).map { [$0] } ?? []
            }
        }
        guard !records.isEmpty else { throw AuthorityServiceError.nothingToRevoke }
        return records.map { record in
            AuthorityAnswer.StatusLine(
                authority: record.reference.authority,
                serial: record.reference.serial,
                kind: record.kind,
                state: record.state,
                reason: record.reason,
                revokedAt: record.revokedAt,
                notBefore: record.notBefore,
                notAfter: record.notAfter,
                card: record.card,
                generation: record.generation
            )
        }
    }

    /// Everything up to now is under a checkpoint when it is written out.
    private func audit(_ path: String) async throws -> AuthorityAnswer.Audit {
        try await checkpoint()
        guard !SealedFile.exists(path) else { throw CardFileError.alreadyThere(path: path) }
        var audit = AuthorityAnswer.Audit(entries: 0, checkpoints: 0, differences: [])
        var bytes: [UInt8] = []
        try await service.exportLog { line in
            if case .entry = line { audit.entries += 1 } else { audit.checkpoints += 1 }
            bytes += try line.encoded() + [0x0A]
        }
        try SealedFile.writePlain(bytes, to: path)
        audit.differences = try await service.differences().map { "\($0)" }
        return audit
    }

    /// Signs where the log stands, and keeps that beside the folder's records and where the configuration says.
    public func checkpoint() async throws {
        guard let checkpoint = try await service.checkpoint() else { return }
        try CheckpointFile(folder.path + "/checkpoints.jsonl").append(checkpoint)
        if let elsewhere = folder.configuration.checkpoints { try CheckpointFile(elsewhere).append(checkpoint) }
    }

    private func overview() async throws -> AuthorityOverview {
        let status = service.responder.status
        var lines: [AuthorityOverview.Line] = []
        for authority in CertificateAuthority.allCases {
            let generations = status.generations.filter { $0.authority == authority }
            let counts = status.table(of: authority).counts
            let lists = try await service.ledger.read { try $0.lists(authority).count }
            lines.append(
                AuthorityOverview.Line(
                    authority: authority,
                    generations: generations.count,
                    certificate: Data(generations.last?.certificate ?? []).base64EncodedString(),
                    notAfter: (generations.last?.certificate).flatMap { try? CertificateOutline(parsing: $0).notAfter }
                        ?? 0,
                    issued: counts.issued,
                    inactive: counts.inactive,
                    revoked: counts.revoked,
                    lists: lists
                )
            )
        }
        return AuthorityOverview(node: service.ledger.node, authorities: lines)
    }
}
