import ArgumentParser
import FoundationEssentials
import PKIX
import PlainHTTP
import Problems
import Terminal
import Validation

/// Where a verification learns about revocation: lists and answers in files, and a responder that is asked.
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

    init() {}

    /// Reads the files, and asks about the certificate if anybody is to be asked.
    ///
    /// Nobody is asked about a certificate whose issuer is not known: there is no question then.
    func evidence(
        about der: [UInt8],
        _ purpose: CertificatePurpose,
        _ judge: CertificateJudge,
        at instant: Int64,
        now: Int64
    ) throws -> RevocationEvidence {
        let lists = try crl.map(Self.list)
        var evidence = RevocationEvidence(
            lists: RevocationLists(lists, signedUnder: judge.anchors),
            answers: try ocspResponse.map { StatusAnswer(try Files.read($0)) },
            freshness: EvidenceFreshness(gatheredUntil: max(instant, now))
        )
        guard status != "none" else { return evidence }
        let address = try responder(for: purpose)
        guard let facts = try? CertificateFacts(parsing: der), let issuer = judge.issuer(of: facts) else {
            return evidence
        }
        do throws(StatusFailure) {
            evidence.answers.append(try Self.ask(address, about: facts, of: issuer))
        } catch {
            evidence.failure = error
        }
        return evidence
    }

    private static func list(_ path: String) throws -> RevocationList {
        let der = try PEMFile.der(path, "X509 CRL") ?? []
        do throws(PKIXFlaw) {
            return try RevocationList(parsing: der)
        } catch {
            throw Problem.notAList(path)
        }
    }

    /// Asks with a nonce of 32 octets, the length RFC 9654, 2.1, recommends.
    private static func ask(
        _ address: PlainHTTPAddress,
        about facts: CertificateFacts,
        of issuer: TrustAnchor
    ) throws(StatusFailure) -> StatusAnswer {
        var random = SystemRandomNumberGenerator()
        let nonce = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        guard let request = try? issuer.statusRequest(about: facts, nonce: nonce) else { throw .noAnswer }
        let answer: PlainHTTPAnswer
        do throws(PlainHTTPFailure) {
            answer = try PlainHTTP.post(request, type: "application/ocsp-request", to: address)
        } catch {
            switch error {
            case .unreachable, .late, .cutOff: throw .unreachable
            case .tooLong, .garbled: throw .noAnswer
            }
        }
        guard answer.status == 200 else { throw .noAnswer }
        return StatusAnswer(answer.body, nonce: nonce)
    }

    /// The address given, or the one that the file names for the purpose.
    private func responder(for purpose: CertificatePurpose) throws -> PlainHTTPAddress {
        if status.contains("://") {
            guard let address = PlainHTTPAddress(status) else { throw Problem.noResponder(status) }
            return address
        }
        let path = Files.isFolder(status) ? status + "/endpoints.json" : status
        let bytes = try Files.read(path)
        guard let endpoints = try? JSONDecoder().decode(Endpoints.self, from: Data(bytes)),
            let text = purpose == .signature ? endpoints.sign : endpoints.auth, let address = PlainHTTPAddress(text)
        else { throw Problem.noResponder(path) }
        return address
    }

    /// What is needed of the file in which a server says where it listens.
    private struct Endpoints: Decodable {
        let sign: String?
        let auth: String?

        enum CodingKeys: String, CodingKey {
            case sign = "ocsp.sign"
            case auth = "ocsp.auth"
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
