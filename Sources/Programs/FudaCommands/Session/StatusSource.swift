import ArgumentParser
import FoundationEssentials
import PKIX
import PlainHTTP
import Problems
import Terminal
import Validation

/// Where a verification learns about revocation: lists and answers in files, and an authority that is asked.
struct StatusOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Terminal.say("失効リスト（PEM・DER）。何度でも", "a revocation list (PEM or DER); may be given several times"),
            valueName: "file"
        )
    )
    var crl: [String] = []

    @Option(
        help: ArgumentHelp(
            Terminal.say("保存したOCSP応答（DER）。何度でも", "a kept OCSP answer (DER); may be given several times"),
            valueName: "file"
        )
    )
    var ocspResponse: [String] = []

    @Option(
        help: ArgumentHelp(
            Terminal.say(
                "問い合わせ先: 認証局の endpoints.json かそのフォルダー、このマシンのOCSP応答者の http://…、none",
                "whom to ask: the authority's endpoints.json or its folder, an OCSP responder of this machine as http://…, or none"
            ),
            valueName: "path|URL|none"
        )
    )
    var status = "none"

    @Option(
        help: ArgumentHelp(
            Terminal.say(
                "--status で何を使うか（省略時はOCSP、答えがなければ失効リスト）",
                "what to use of --status; OCSP, and lists where that gives no answer, if left out"
            ),
            valueName: "ocsp|crl"
        )
    )
    var by: StatusMethod?

    init() {}

    func validate() throws {
        if by != nil, status == "none" {
            throw ValidationError(Terminal.say("--by には --status が必要です。", "--by needs --status"))
        }
    }

    /// Reads the files, and asks about the certificate if anybody is to be asked; whom comes back as well.
    ///
    /// Nobody is asked about a certificate whose issuer is not known: there is no question then.
    func evidence(
        about der: [UInt8],
        _ purpose: CertificatePurpose,
        _ judge: CertificateJudge,
        at instant: Int64,
        now: Int64
    ) throws -> (evidence: RevocationEvidence, inquiries: [StatusInquiry]) {
        var lists = try crl.map(Self.list)
        var evidence = RevocationEvidence(
            answers: try ocspResponse.map { StatusAnswer(try Files.read($0)) },
            freshness: EvidenceFreshness(gatheredUntil: max(instant, now))
        )
        var inquiries: [StatusInquiry] = []
        if status != "none" {
            let places = try places(for: purpose)
            if let facts = try? CertificateFacts(parsing: der), let issuer = judge.issuer(of: facts) {
                var asker = StatusAsker(facts, issuer)
                ask(places, purpose, &asker, &evidence, &lists)
                inquiries = asker.inquiries
            }
        }
        evidence.lists = RevocationLists(lists, signedUnder: judge.anchors)
        return (evidence, inquiries)
    }

    /// The responder first, and the lists where it tells nothing.
    private func ask(
        _ places: Places,
        _ purpose: CertificatePurpose,
        _ asker: inout StatusAsker,
        _ evidence: inout RevocationEvidence,
        _ lists: inout [RevocationList]
    ) {
        if let responder = places.responder {
            do throws(StatusFailure) {
                let answer = try asker.ask(responder: responder)
                evidence.answers.append(answer)
                if answer.saysSomething { return }
            } catch {
                evidence.failure = error
            }
        }
        guard let base = places.lists else { return }
        do throws(StatusFailure) {
            lists +=
                base.hasSuffix(".crl") ? [try asker.fetchList(base)] : try asker.fetchLists(from: base, purpose)
            evidence.failure = nil
        } catch {
            evidence.failure = evidence.failure ?? error
        }
    }

    private static func list(_ path: String) throws -> RevocationList {
        let der = PEMText.first("X509 CRL", in: try Files.read(path)) ?? []
        do throws(PKIXFlaw) {
            return try RevocationList(parsing: der)
        } catch {
            throw Problem.notAList(path)
        }
    }

    /// Whom to ask, as far as the option and the file it names tell.
    private struct Places {
        var responder: String?
        /// An authority's lists, or one list.
        var lists: String?
    }

    /// The address given, or those that the file names for the purpose; each is of this machine.
    private func places(for purpose: CertificatePurpose) throws -> Places {
        var places = Places()
        var path = status
        if status.contains("://") {
            if by == .crl { places.lists = Self.withoutSlash(status) } else { places.responder = status }
        } else {
            path = Files.isFolder(status) ? status + "/endpoints.json" : status
            let bytes = try Files.read(path)
            guard let endpoints = try? JSONDecoder().decode(Endpoints.self, from: Data(bytes)) else {
                throw Problem.noResponder(path)
            }
            if by != .crl { places.responder = purpose == .signature ? endpoints.sign : endpoints.auth }
            if by != .ocsp { places.lists = endpoints.crl.map(Self.withoutSlash) }
        }
        let all = [places.responder, places.lists].compactMap(\.self)
        guard !all.isEmpty, all.allSatisfy({ PlainHTTPAddress($0) != nil }) else { throw Problem.noResponder(path) }
        return places
    }

    private static func withoutSlash(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }

    /// What is needed of the file in which a server says where it listens.
    private struct Endpoints: Decodable {
        let sign: String?
        let auth: String?
        let crl: String?

        enum CodingKeys: String, CodingKey {
            case sign = "ocsp.sign"
            case auth = "ocsp.auth"
            case crl
        }
    }
}

extension Problem {
    static func notAList(_ path: String) -> Problem {
        Problem(
            code: "not-a-revocation-list",
            outcome: .inputFile,
            whatHappened: Text(ja: "\(path) は失効リストではありません。", en: "\(path) is no revocation list."),
            whatToDo: Text(ja: "PEMかDERのX.509失効リストを指定してください。", en: "Give an X.509 revocation list in PEM or DER.")
        )
    }

    static func noResponder(_ place: String) -> Problem {
        Problem(
            code: "no-responder",
            outcome: .inputFile,
            whatHappened: Text(
                ja: "\(place) からは、このマシンで失効の状態を答えるところがわかりません。",
                en: "\(place) names nobody on this machine who answers about revocation."
            ),
            whatToDo: Text(
                ja: "`fuda-server` の endpoints.json、http://127.0.0.1:…/… の形のアドレス、none のいずれかを指定してください。",
                en: "Give the endpoints.json of `fuda-server`, an address such as http://127.0.0.1:…/…, or none."
            )
        )
    }
}
