import AuthorityAssembly
import AuthorityRecords
import AuthorityService
import CardStorage
import CertificateProfiles
import EventLog
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import Revocation

/// What is served beside OCSP: lists, time stamps, look-ups between certificates, health and figures.
struct Routes: Sendable {
    private let service: AuthorityService
    private let folder: AuthorityFolder
    private let counters: ServerCounters
    private let keeper: Housekeeper
    private let gate: VerifierGate
    private let meter: UsageMeter
    let stamps: TimeStampDesk
    private let door: Door
    private let lookUps = LookUpLane()

    init(
        _ service: AuthorityService,
        _ folder: AuthorityFolder,
        _ counters: ServerCounters,
        _ keeper: Housekeeper,
        _ gate: VerifierGate,
        _ meter: UsageMeter,
        _ stamps: TimeStampDesk,
        _ door: Door
    ) {
        self.service = service
        self.folder = folder
        self.counters = counters
        self.keeper = keeper
        self.gate = gate
        self.meter = meter
        self.stamps = stamps
        self.door = door
    }

    var router: Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.get("health") { _, _ in "ok\n" }
        router.get("ready") { _, _ in self.ready() }
        router.get("metrics") { _, _ in self.metrics() }
        router.get("crl/{authority}/{file}") { request, context in
            try self.list(request, try context.parameters.require("authority"), try context.parameters.require("file"))
        }
        router.get("ca/{authority}") { _, context in try self.authority(try context.parameters.require("authority")) }
        router.get("link/successor") { request, _ in try await self.link(request, .successor) }
        router.get("link/pair") { request, _ in try await self.link(request, .pair) }
        addTimeStamps(to: router)
        return router
    }

    // MARK: - Verifiers

    /// Who asks, where that has to be known; refusals are thrown.
    func asker(_ request: Request) throws -> Asker? {
        let admission = gate.admit(door) { name in
            request.headers.filter { $0.name.canonicalName == name }.map(\.value)
        }
        switch admission {
        case .anybody: return nil
        case .verifier(let asker): return asker
        case .refused(.forbidden): throw HTTPError(.forbidden)
        case .refused(.badRequest):
            throw HTTPError(.badRequest, message: "X-Purpose has to be signature or liveness")
        case .refused(.unavailable): throw HTTPError(.serviceUnavailable)
        }
    }

    func count(_ request: Request, _ asker: Asker?, _ method: UsageMeter.Method, _ of: CertificateAuthority) {
        guard let asker, request.method != .head else { return }
        meter.count(asker, method, of)
    }

    // MARK: - Health

    private struct Readiness: Encodable {
        let ready: Bool
        let responder: String
        let troubles: [String: String]
    }

    /// Whether the node answers, and what does not work; 503 where it does not.
    private func ready() -> Response {
        let readiness = service.responder.readiness
        let body = Readiness(
            ready: readiness == .ready,
            responder: "\(readiness)",
            troubles: keeper.troubles
        )
        return Self.json(body, readiness == .ready ? .ok : .serviceUnavailable)
    }

    private func metrics() -> Response {
        var lines = counters.lines
        let status = service.responder.status
        lines.append("# TYPE fuda_certificates gauge")
        for authority in CertificateAuthority.allCases {
            let counts = status.table(of: authority).counts
            for (state, count) in [
                ("issued", counts.issued), ("inactive", counts.inactive), ("revoked", counts.revoked),
            ] {
                lines.append(
                    "fuda_certificates{authority=\"\(authority.rawValue)\",state=\"\(state)\"} \(count)"
                )
            }
        }
        lines.append("# TYPE fuda_log_sequence counter")
        for head in status.heads.values.sorted(by: { $0.writer < $1.writer }) {
            lines.append("fuda_log_sequence{writer=\"\(head.writer)\"} \(head.sequence)")
        }
        lines.append("# TYPE fuda_ready gauge")
        lines.append("fuda_ready \(service.responder.readiness == .ready ? 1 : 0)")
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; version=0.0.4", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: lines.joined(separator: "\n") + "\n"))
        )
    }

    // MARK: - Lists and certificates

    /// A list or the manifest; an entity tag saves sending what the other side has.
    private func list(_ request: Request, _ authority: String, _ file: String) throws -> Response {
        let asker = try asker(request)
        guard let authority = CertificateAuthority(rawValue: authority), Self.isName(file) else {
            throw HTTPError(.notFound)
        }
        let path = folder.lists.path + "/" + authority.rawValue + "/" + file
        guard SealedFile.exists(path) else { throw HTTPError(.notFound) }
        // A list's tag is in the manifest: its file is read where it is sent, and not before.
        let line = try folder.lists.published(authority)[file]
        let other = try line == nil ? SealedFile.readPlain(path) : []
        let tag = "\"" + (line?.sha256 ?? Fingerprint.of(other)) + "\""
        var headers: HTTPFields = [.eTag: tag, .cacheControl: "public, no-cache"]
        if let line {
            headers[.lastModified] = HTTPDate.text(line.thisUpdate)
            headers[.expires] = HTTPDate.text(line.nextUpdate)
        }
        headers[.contentType] =
            file.hasSuffix(".json")
            ? "application/json" : file.hasSuffix(".crl") ? "application/pkix-crl" : "application/octet-stream"
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        if file.hasSuffix(".crl") { count(request, asker, .crl, authority) }
        let bytes = try line == nil ? other : SealedFile.readPlain(path)
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Letters, digits, `-` and one point: nothing that leads out of the folder.
    private static func isName(_ file: String) -> Bool {
        let ends = [".crl", ".json", ".sig"]
        guard let end = ends.first(where: { file.hasSuffix($0) }) else { return false }
        return file.dropLast(end.count).utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
        }
    }

    private func authority(_ name: String) throws -> Response {
        let word = name.hasSuffix(".der") ? String(name.dropLast(4)) : name
        guard let authority = CertificateAuthority(rawValue: word),
            let newest = service.responder.status.generations.last(where: { $0.authority == authority })
        else { throw HTTPError(.notFound) }
        return Response(
            status: .ok,
            headers: [.contentType: "application/pkix-cert", .cacheControl: "public, max-age=3600"],
            body: .init(byteBuffer: ByteBuffer(bytes: newest.certificate))
        )
    }

    // MARK: - Between certificates

    private struct Linked: Encodable {
        let authority: String
        let serial: UInt32
        let kind: String
        let state: String
    }

    /// The newest certificate of the same kind, or the one of the other kind, of the same holder; 503 where the log cannot
    /// take down who looked.
    private func link(_ request: Request, _ relation: CertificateLookedUp.Relation) async throws -> Response {
        let asker = try asker(request)
        let query = request.uri.queryParameters
        guard let authority = query["issuer"].flatMap({ CertificateAuthority(rawValue: String($0)) }),
            let serial = query["serial"].flatMap({ UInt32($0) })
        else { throw HTTPError(.badRequest, message: "issuer=sign|auth and serial=NUMBER are needed") }
        let found: CertificateRecord?
        do {
            found = try await lookUps.run {
                try await service.linked(
                    CertificateReference(authority, serial),
                    relation,
                    by: asker?.name ?? CertificateLookedUp.anybody,
                    purpose: asker?.purpose.rawValue
                )
            }
        } catch is RecordsError {
            throw HTTPError(.serviceUnavailable)
        }
        count(request, asker, .link, authority)
        guard let found else { throw HTTPError(.notFound) }
        return Self.json(
            Linked(
                authority: found.reference.authority.rawValue,
                serial: found.reference.serial,
                kind: found.kind.rawValue,
                state: found.state.rawValue
            ),
            .ok
        )
    }

    private static func json(_ value: some Encodable, _ status: HTTPResponse.Status) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = (try? encoder.encode(value)).map { Array($0) } ?? []
        return Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: text + [0x0A]))
        )
    }
}
