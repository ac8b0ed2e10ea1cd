import Crypto
import CryptoExtras
import ForeignTools
import PKIX

/// A time-stamping authority whose key is in the test; its certificate is openssl's, by ``Authority/shared``.
struct Stamper: Sendable {
    let signer: TimeStampSigner
    let keyPEM: [UInt8]
    /// PEM.
    let certificate: [UInt8]
    let sign: @Sendable ([UInt8]) throws -> [UInt8]
    /// Whether a signature over bytes is the key's, by the certificate's public key.
    let verifies: @Sendable (_ signature: ArraySlice<UInt8>, _ signed: [UInt8]) -> Bool

    static func make(_ algorithm: AlgorithmIdentifier) throws -> Stamper {
        switch algorithm {
        case .sha256WithRSAEncryption:
            let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
            return try Stamper(
                algorithm,
                keyPEM: key.pemRepresentation,
                hash: { Array(SHA256.hash(data: $0)) },
                sign: { Array(try key.signature(for: $0, padding: .insecurePKCS1v1_5).rawRepresentation) },
                verifies: { signature, signed in
                    let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
                    return key.publicKey.isValidSignature(signature, for: signed, padding: .insecurePKCS1v1_5)
                }
            )
        case .ecdsaWithSHA384:
            let key = P384.Signing.PrivateKey()
            return try Stamper(
                algorithm,
                keyPEM: key.pemRepresentation,
                hash: { Array(SHA384.hash(data: $0)) },
                sign: { Array(try key.signature(for: $0).derRepresentation) },
                verifies: { signature, signed in
                    guard let signature = try? P384.Signing.ECDSASignature(derRepresentation: signature) else {
                        return false
                    }
                    return key.publicKey.isValidSignature(signature, for: signed)
                }
            )
        }
    }

    private init(
        _ algorithm: AlgorithmIdentifier,
        keyPEM: String,
        hash: @escaping @Sendable ([UInt8]) -> [UInt8],
        sign: @escaping @Sendable ([UInt8]) throws -> [UInt8],
        verifies: @escaping @Sendable (ArraySlice<UInt8>, [UInt8]) -> Bool
    ) throws {
        let authority = try Authority.shared
        let made = try OpenSSLProgram.run(
            ["req", "-new", "-x509", "-key", "key", "-CA", "ca", "-CAkey", "cakey", "-days", "100", "-set_serial", "9"]
                + ["-subj", "/CN=stamper", "-addext", "extendedKeyUsage=critical,timeStamping", "-outform", "DER"],
            files: ["key": Array(keyPEM.utf8), "ca": authority.certificate, "cakey": authority.keyPEM]
        ).output
        signer = TimeStampSigner(
            certificate: try CertificateOutline(parsing: made),
            algorithm: algorithm,
            hash: hash
        )
        certificate = OpenSSLProgram.pem(made)
        self.keyPEM = Array(keyPEM.utf8)
        self.sign = sign
        self.verifies = verifies
    }

    /// A request by openssl about `stamp this`.
    static func request(_ arguments: [String] = []) throws -> [UInt8] {
        try OpenSSLProgram.run(
            ["ts", "-query", "-data", "text", "-out", "/dev/stdout"] + arguments,
            files: ["text": Array("stamp this".utf8)]
        ).output
    }

    /// TimeStampResp by this authority.
    func response(to query: [UInt8], at time: Int64, accuracy: UInt64? = 1) throws -> [UInt8] {
        let asked = try TimeStampRequest(parsing: query)
        let draft = TimeStampDraft(
            policy: [0x2A, 0x03, 0x04],
            imprint: asked.imprint,
            serial: [0x80, 1],
            time: time,
            accuracy: accuracy,
            nonce: asked.nonce
        )
        return try signer.granted(draft, withCertificate: asked.wantsCertificate, sign: sign)
    }

    /// TimeStampResp by openssl with this key, under a configuration of its own.
    func responseOfOpenSSL(to query: [UInt8], _ settings: String) throws -> [UInt8] {
        let configuration = """
            [tsa]
            serial = serial
            signer_cert = certificate
            signer_key = key
            default_policy = 1.2.3.4
            digests = sha256, sha384, sha512
            \(settings)
            """
        return try OpenSSLProgram.run(
            [
                "ts", "-reply", "-config", "configuration", "-section", "tsa", "-queryfile", "query", "-out",
                "/dev/stdout",
            ],
            files: [
                "configuration": Array(configuration.utf8), "certificate": certificate, "key": keyPEM, "query": query,
                "serial": Array("0A1B\n".utf8),
            ]
        ).output
    }

    /// What algorithms make of bytes, by swift-crypto.
    static func hash(_ algorithm: HashAlgorithm, _ bytes: ArraySlice<UInt8>) -> [UInt8] {
        switch algorithm {
        case .sha1: Array(Insecure.SHA1.hash(data: bytes))
        case .sha256: Array(SHA256.hash(data: bytes))
        case .sha384: Array(SHA384.hash(data: bytes))
        case .sha512: Array(SHA512.hash(data: bytes))
        }
    }
}
