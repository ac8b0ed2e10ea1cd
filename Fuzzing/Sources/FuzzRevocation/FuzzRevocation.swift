import PKIX

/// Any bytes as an OCSP request, an OCSP response, a revocation list, and both of a time stamp: an error, or a value that is what it says.
func fuzzRevocation(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    if let request = try? OCSPRequest(parsing: bytes) {
        let nonce = request.nonce.map(Array.init)
        guard let again = try? OCSPRequest(parsing: OCSPRequest.encode(request.certificates, nonce: nonce)) else {
            preconditionFailure("what was read can be asked")
        }
        precondition(again.certificates == request.certificates && again.nonce == request.nonce, "the same is asked")
    }
    if case .answered(let basic)? = try? OCSPResponse(parsing: bytes) {
        precondition(!basic.answers.isEmpty, "an answer answers something")
    }
    if let list = try? CertificateList(parsing: bytes) {
        precondition(list.entry(serial: []) == nil || list.count > 0, "an empty list has no entries")
    }
    if let request = try? TimeStampRequest(parsing: bytes) {
        precondition(request.algorithm.map { $0.size == request.hash.count } ?? true, "a hash is as long as its kind")
    }
    if case .granted(let token)? = try? TimeStampResponse(parsing: bytes) {
        precondition(token.toBeSigned.first == DERTag.set, "what is signed is a set")
        precondition((0..<1_000_000_000).contains(token.info.nanoseconds), "a fraction is less than a second")
        guard let again = try? TimeStampToken(token.encoded) else { preconditionFailure("a token is read alone, too") }
        precondition(again.info == token.info && again.attributes == token.attributes, "it says the same")
    }
    return 0
}

/// libFuzzer's own loop around the function above (clang's compiler-rt, `LLVMFuzzerRunDriver`).
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>, Int) -> Int32
) -> Int32

@_cdecl("FuzzRevocation_main")
public func fuzzRevocationMain(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?)
    -> Int32
{
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments, { fuzzRevocation($0, $1) })
}
