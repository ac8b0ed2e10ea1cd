import Glibc
import PKIX
import Validation

// Certificates judged a second on one core: parsing, the issuer's signature, all checks, and a look at a revocation list
// that grows; and what writing and reading such a list takes.

let sample = try Sample()
let certificates = try (0..<500).map { try sample.certificate(1_000_000 + UInt64($0) * 2) }
let anchors = try TrustAnchors(pinning: sample.certificate(1))
let judge = CertificateJudge(anchors)

/// Seconds that this process has had a core: what others on the machine take does not count.
func coreSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Calls a second and core, best of three runs of at least half a second.
func rate(_ body: (Int) -> Void) -> Double {
    var best = 0.0
    for _ in 0..<3 {
        let start = coreSeconds()
        var count = 0
        while coreSeconds() - start < 0.5 {
            for _ in 0..<64 {
                body(count)
                count += 1
            }
        }
        best = max(best, Double(count) / (coreSeconds() - start))
    }
    return best
}

func measured<Value>(_ what: String, _ body: () throws -> Value) rethrows -> Value {
    let start = coreSeconds()
    let value = try body()
    print("\(what): \(Int((coreSeconds() - start) * 1000)) ms")
    return value
}

func require(_ holds: Bool, _ what: @autoclosure () -> String) {
    if !holds { fatalError(what()) }
}

/// What is asked of a figure, and whether that is so.
func judged(_ bar: String, _ passes: Bool) -> String { "; bar \(bar): \(passes ? "pass" : "MISS")" }

var rates: [Double] = []
for size: UInt32 in [0, 1_000, 1_000_000] {
    var evidence = RevocationEvidence.none
    if size > 0 {
        let draft = try measured("\(size) entries, encoded") { try sample.draft(size) }
        let signed = try measured("\(size) entries, put into a list") { try draft.toBeSigned() }
        let signature = try sample.sign(signed)
        let list = CertificateList.assemble(toBeSigned: signed, algorithm: draft.algorithm, signature: signature)
        let read = try measured("\(size) entries, read and indexed (\(list.count) bytes)") {
            try RevocationList(parsing: list)
        }
        evidence.lists = measured("\(size) entries, signature checked") {
            RevocationLists([read], signedUnder: anchors)
        }
    }
    let expected: CertificateConclusion = size == 0 ? .undecided : .valid
    let verdicts = rate { round in
        let verdict = judge.judge(certificates[round % 500], as: .signature, at: sample.now, by: evidence)
        require(verdict.conclusion == expected, "\(verdict.findings)")
    }
    rates.append(verdicts)
    print(
        "judged with a list of \(size): \(Int(verdicts)) certificates a second and core"
            + judged("10,000", verdicts >= 10_000)
    )
}
let apart = (rates[1] / rates[2] - 1) * 100
print("a list of 1,000,000 beside one of 1,000: \(Int(apart.rounded())) % slower" + judged("10 %", apart <= 10))
let read = rate { require((try? CertificateFacts(parsing: certificates[$0 % 500])) != nil, "unread") }
print("read alone: \(Int(read)) certificates a second and core")

let request = try OCSPRequest.encode(
    [
        CertID(
            .sha1,
            issuerNameHash: [UInt8](repeating: 1, count: 20),
            issuerKeyHash: [UInt8](repeating: 2, count: 20),
            serial: [0x01, 0x32, 0xC4, 0xAB]
        )
    ],
    nonce: [UInt8](repeating: 3, count: 32)
)
print("OCSP requests read: \(Int(rate { _ in require((try? OCSPRequest(parsing: request)) != nil, "") })) a second")
