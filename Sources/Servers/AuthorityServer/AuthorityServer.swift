public import AuthorityAssembly
import AuthorityRecords
import AuthorityService
import CardStorage
import CertificateProfiles
import ControlSocket
import FoundationEssentials
import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Problems
import Revocation
import ServiceLifecycle
import UnixSignals

/// `fuda-server authority`: runs an authority's folder as a service until it is told to stop.
///
/// OCSP is answered on a port of its own; lists, time stamps, look-ups, health and figures on another; orders come through the control
/// socket in the folder. All of it is plain HTTP: what ends TLS stands in front.
public struct AuthorityServer: Sendable {
    let folder: AuthorityFolder
    let host: String
    let port: Int
    /// Connections for lists, look-ups and figures at a time; more wait until one has ended.
    static let pageConnections = 128

    public init(_ folder: AuthorityFolder, host: String, port: Int) {
        self.folder = folder
        self.host = host
        self.port = port
    }

    /// Runs until SIGTERM or SIGINT; then finishes what was accepted.
    ///
    /// `ready` is told the folder's endpoints as soon as everything answers.
    public func run(ready: @escaping @Sendable (Endpoints) -> Void) async throws {
        let log = ServerLog.make()
        // A file that may not grow any more is an error to be told, and no end of the process.
        _ = signal(SIGXFSZ, SIG_IGN)
        let counters = ServerCounters()
        let service = try await folder.start()
        log.info("started", metadata: ["node": "\(service.ledger.node)"])
        if case .aheadOfLastRecord(let seconds) = service.responder.clockVerdict {
            let days = "\(seconds / 86_400)"
            log.warning("clock not believed: nothing is signed", metadata: ["daysSinceLastRecord": "\(days)"])
        }
        do {
            try await serve(service, counters, log, ready)
        } catch let error as IOError {
            await service.stop()
            let reason = unsafe String(cString: strerror(error.errnoCode))
            throw listenFailed(at: "\(host):\(port)", reason)
        } catch is SocketAddressError.UnknownHost {
            await service.stop()
            throw listenFailed(at: "\(host):\(port)", "no such address")
        } catch let failure as DoorSocket.Failure {
            await service.stop()
            throw DoorSocket.problem(failure)
        } catch {
            await service.stop()
            throw error
        }
        try? folder.writeSnapshot(of: service)
        await service.stop()
        log.info("stopped")
    }

    private func listenFailed(at place: String, _ reason: String) -> Problem {
        Problem(
            code: "listen-failed",
            outcome: .network,
            whatHappened: Text(
                ja: "\(place) で待ち受けられません: \(reason)",
                en: "The server cannot listen at \(place): \(reason)."
            ),
            whatToDo: Text(
                ja: "--listen に空いているポートを指定してください。ポート0は空きポートを選びます。",
                en: "Name free ports with --listen; port 0 picks them."
            )
        )
    }

    private func serve(
        _ service: AuthorityService,
        _ counters: ServerCounters,
        _ log: Logger,
        _ ready: @escaping @Sendable (Endpoints) -> Void
    ) async throws {
        try await service.catchUp()
        let clerk = AuthorityClerk(service, folder)
        let gate = VerifierGate(wantsAccounts: folder.configuration.verifiers == "accounts", roll: VerifierRoll())
        let meter = UsageMeter()
        if gate.wantsAccounts { try await gate.roll.refresh(from: service.ledger) }
        for path in [folder.statusSocket, folder.webSocket] { try DoorSocket.check(path) }
        let status = try await OCSPListener(
            service.responder,
            host: host,
            port: port == 0 ? 0 : port + 1,
            socket: folder.statusSocket,
            gate: gate,
            meter: meter,
            counters: counters
        )
        let control = try ControlServer(folder.controlSocket)
        let orders = OrderDesk(control, clerk)
        let stamps = TimeStampDesk(service, counters)
        let keeper = Housekeeper(service, folder, clerk, gate, meter, log)
        func router(_ door: Door) -> Router<BasicRequestContext> {
            Routes(service, folder, counters, keeper, gate, meter, stamps, door).router
        }
        let (opened, opening) = AsyncStream.makeStream(of: Void.self)
        let behind = Application(
            router: router(.socket),
            server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(30))),
            configuration: ApplicationConfiguration(
                address: .unixDomainSocket(path: folder.webSocket),
                serverName: "fuda",
                availableConnectionsDelegate: MaximumAvailableConnections(Self.pageConnections)
            ),
            onServerRunning: { [folder] _ in
                do { try DoorSocket.admitGroup(folder.webSocket) } catch { log.error("web.sock keeps its mode") }
                opening.finish()
            },
            logger: log
        )
        var application = Application(
            router: router(.port),
            server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(30))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                serverName: "fuda",
                availableConnectionsDelegate: MaximumAvailableConnections(Self.pageConnections)
            ),
            services: [keeper, behind],
            onServerRunning: { [folder, host] channel in
                let endpoints = Endpoints(host: host, port: channel.localAddress?.port ?? 0, status: status.port)
                do {
                    try folder.write(endpoints)
                    ready(endpoints)
                } catch {
                    log.error("endpoints.json cannot be written")
                }
            },
            logger: log
        )
        // `endpoints.json` says that everything answers, so the socket comes first.
        application.beforeServerStarts { for await _ in opened {} }
        let result: Result<Void, any Error>
        do {
            result = .success(try await application.runService(gracefulShutdownSignals: [.sigterm, .sigint]))
        } catch {
            result = .failure(error)
        }
        if case .success = result { folder.removeEndpoints() }
        await orders.stop()
        await status.stop()
        await stamps.stop()
        for path in [folder.statusSocket, folder.webSocket] { SealedFile.remove(path) }
        do { try await meter.flush(into: service.ledger) } catch { log.error("the last counts of usage are lost") }
        try result.get()
    }
}

/// What a server serves and where: `endpoints.json` in the folder.
public struct Endpoints: Hashable, Sendable, Codable {
    public var ocspSign: String
    public var ocspAuth: String
    public var crl: String
    public var link: String
    public var tsa: String
    public var health: String
    public var metrics: String

    enum CodingKeys: String, CodingKey {
        case ocspSign = "ocsp.sign"
        case ocspAuth = "ocsp.auth"
        case crl, link, tsa, health, metrics
    }

    init(host: String, port: Int, status: Int) {
        let base = "http://\(host):\(port)"
        ocspSign = "http://\(host):\(status)/ocsp/sign"
        ocspAuth = "http://\(host):\(status)/ocsp/auth"
        crl = base + "/crl"
        link = base + "/link"
        tsa = base + "/tsa"
        health = base + "/health"
        metrics = base + "/metrics"
    }
}

extension AuthorityFolder {
    fileprivate func write(_ endpoints: Endpoints) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try SealedFile.writePlain(Array(try encoder.encode(endpoints)) + [0x0A], to: self.endpoints)
    }

    fileprivate func removeEndpoints() { SealedFile.remove(endpoints) }
}
