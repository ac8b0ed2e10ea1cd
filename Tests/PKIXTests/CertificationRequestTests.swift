import Crypto
import CryptoExtras
import ForeignTools
import PKIX
import Testing

/// Requests for certificates, as openssl writes them (RFC 2986).
@Suite struct CertificationRequestTests {
    /// A request by openssl, in DER.
    private static func request(_ key: [String], subject: String, _ more: [String] = []) throws -> [UInt8] {
        let arguments =
            ["req", "-new", "-nodes", "-keyout", "key.pem", "-outform", "DER", "-subj", subject, "-newkey"] + key + more
        let program = try OpenSSLProgram.run(arguments)
        #expect(program.status == 0)
        return program.output
    }

    private static let p384 = ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]

    @Test func `one by an RSA key is read whole, and its signature is over what is said to be signed`() throws {
        let der = try Self.request(["rsa:2048"], subject: "/CN=request-1")
        let request = try CertificationRequest(parsing: der)
        #expect(request.onlyCommonName == "request-1")
        #expect(request.algorithm == .sha256WithRSAEncryption)
        let key = try _RSA.Signing.PublicKey(derRepresentation: request.subjectPublicKeyInfo)
        #expect(
            key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: request.signature),
                for: SHA256.hash(data: request.signed),
                padding: .insecurePKCS1v1_5
            )
        )
        let numbers = try key.getKeyPrimitives()
        #expect(
            try PublicKeyOutline(subjectPublicKeyInfo: request.subjectPublicKeyInfo)
                == .rsa(modulus: Array(numbers.modulus)[...], exponent: Array(numbers.publicExponent)[...])
        )
    }

    @Test func `one by a P-384 key is read whole, with the key's point`() throws {
        let request = try CertificationRequest(
            parsing: try Self.request(Self.p384, subject: "/CN=日本", ["-utf8", "-sha384"])
        )
        #expect(request.onlyCommonName == "日本")
        #expect(request.algorithm == .ecdsaWithSHA384)
        let key = try P384.Signing.PublicKey(derRepresentation: request.subjectPublicKeyInfo)
        let point = Array(key.x963Representation)[...]
        #expect(try PublicKeyOutline(subjectPublicKeyInfo: request.subjectPublicKeyInfo) == .p384(point))
    }

    @Test(arguments: [["rsa-pss"], ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], ["ed25519"]])
    func `a key of another kind is none that certificates are about`(key: [String]) throws {
        let request = try CertificationRequest(parsing: try Self.request(key, subject: "/CN=a"))
        #expect(throws: PKIXFlaw.structure) {
            try PublicKeyOutline(subjectPublicKeyInfo: request.subjectPublicKeyInfo)
        }
    }

    @Test(arguments: ["/", "/O=a", "/CN=a/CN=b", "/CN=a+O=b"])
    func `a subject that is not one CN alone is no common name`(subject: String) throws {
        let request = try CertificationRequest(
            parsing: try Self.request(Self.p384, subject: subject, subject.contains("+") ? ["-multivalue-rdn"] : [])
        )
        #expect(request.onlyCommonName == nil)
    }

    @Test func `cut short anywhere, or with anything after it, one is refused`() throws {
        let der = try Self.request(Self.p384, subject: "/CN=a")
        for length in 0..<der.count {
            #expect(throws: PKIXFlaw.self) { try CertificationRequest(parsing: Array(der[..<length])) }
        }
        #expect(throws: PKIXFlaw.self) { try CertificationRequest(parsing: der + [0]) }
    }

    @Test func `no changed octet makes a request read that is not DER, and none that is traps`() throws {
        let der = try Self.request(Self.p384, subject: "/CN=a")
        var refused = 0
        for place in der.indices {
            var changed = der
            changed[place] ^= 0x55
            guard let request = try? CertificationRequest(parsing: changed) else {
                refused += 1
                continue
            }
            #expect(DERReader.isWellFormed(changed[...]))
            _ = request.onlyCommonName
            _ = try? PublicKeyOutline(subjectPublicKeyInfo: request.subjectPublicKeyInfo)
        }
        #expect(refused > 0)
    }
}
