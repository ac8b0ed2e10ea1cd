import PKIX

/// Any bytes as an OCSP request, an OCSP response, a revocation list, and both halves of a time stamp: an error, or a value
/// that is what it says.
func examineRevocation(_ bytes: [UInt8]) throws(FuzzFinding) {
    if let request = try? OCSPRequest(parsing: bytes) {
        let nonce = request.nonce.map(Array.init)
        guard let again = try? OCSPRequest(parsing: OCSPRequest.encode(request.certificates, nonce: nonce)) else {
            throw FuzzFinding(description: "what was read can be asked")
        }
        try hold(again.certificates == request.certificates && again.nonce == request.nonce, "the same is asked")
    }
    if case .answered(let basic)? = try? OCSPResponse(parsing: bytes) {
        try hold(!basic.answers.isEmpty, "an answer answers something")
    }
    if let list = try? CertificateList(parsing: bytes) {
        try hold(list.entry(serial: []) == nil || list.count > 0, "an empty list has no entries")
    }
    if let request = try? TimeStampRequest(parsing: bytes) {
        try hold(
            request.algorithm.map { $0.size == request.hash.count } ?? true,
            "a hash is as long as its kind"
        )
    }
    if case .granted(let token)? = try? TimeStampResponse(parsing: bytes) {
        try hold(token.toBeSigned.first == DERTag.set, "what is signed is a set")
        try hold((0..<1_000_000_000).contains(token.info.nanoseconds), "a fraction is less than a second")
        guard let again = try? TimeStampToken(token.encoded) else {
            throw FuzzFinding(description: "a token is read alone, too")
        }
        try hold(again.info == token.info && again.attributes == token.attributes, "it says the same")
    }
}
