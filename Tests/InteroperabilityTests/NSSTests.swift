import Foundation
import Testing

/// NSS, the library of Firefox, Thunderbird and Chromium.
@Suite(.serialized) struct NSSTests {
    @Test func `NSS lists the card's tokens, and after login its certificates and keys`() throws {
        let reader = try CardInReader("adult")
        let database = "sql:" + reader.folder.path
        let made = try reader.run(.certutil, ["-N", "-d", database, "--empty-password"])
        try #require(made.status == 0, "\(made.text)")
        let added = try reader.run(
            .modutil,
            ["-dbdir", database, "-add", "OpenSC", "-libfile", try Peer.pkcs11Module(), "-force"]
        )
        try #require(added.status == 0, "\(added.text)")

        let modules = try reader.run(.modutil, ["-dbdir", database, "-list"]).output
        #expect(modules.contains("token: JPKI (User Authentication PIN)"), "\(modules)")
        #expect(modules.contains("token: JPKI (Digital Signature PIN)"), "\(modules)")

        let authentication = "JPKI (User Authentication PIN)"
        let signature = "JPKI (Digital Signature PIN)"
        try reader.write(
            "\(authentication):\(TestSecrets.pin)\n\(signature):\(TestSecrets.password)\n",
            to: "passwords"
        )
        let listing = ["-d", database, "-h", "all", "-f", reader.file("passwords").path]
        let certificates = try reader.run(.certutil, ["-L"] + listing)
        for name in [
            authentication + ":User Authentication Certificate ",
            authentication + ":User Authentication Certificate CA",
            authentication + ":Digital Signature Certificate CA", signature + ":Digital Signature Certificate ",
        ] {
            #expect(certificates.output.contains(name), "\(certificates.text)")
        }
        let keys = try reader.run(.certutil, ["-K"] + listing)
        #expect(keys.output.contains(/rsa +01 +User Authentication Key/), "\(keys.text)")
        #expect(keys.output.contains(/rsa +02 +Digital Signature Key/), "\(keys.text)")
    }
}
