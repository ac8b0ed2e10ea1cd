import AuthorityAssembly
import CertificateProfiles
import EventLog
import ForeignTools
import Foundation
import Problems
import Testing

extension Faults {
    @Suite struct `An authority with its keys in a token` {
        @Test func `goes on holding and answering while the token is away, and issues again when it is back`() throws {
            let token = try TokenOfAuthority()
            defer { token.remove() }
            let authority = try RunningAuthority(keysIn: { token.uri($0) }, environment: token.environment)
            let address = try authority.start(environment: token.environment)
            let certificates = try (0..<4).map { _ in try address.certificate() }
            // In mid-flight: somebody issues all the time.
            let isOver = Notes(false)
            let outcomes = Notes<[Result<CertificateReference, any Error>]>([])
            let clients = Threads.start([
                {
                    var number = 0
                    while !isOver.now {
                        let outcome = Result { try address.issue("token-\(number)").reference }
                        outcomes.change { $0.append(outcome) }
                        number += 1
                    }
                }
            ])
            #expect(eventually { outcomes.now.count > 3 })
            try token.takeAway()
            #expect(eventually { outcomes.now.contains { (try? $0.get()) == nil } }, "issuing has stopped")
            isOver.change { $0 = true }
            clients.wait()

            try Self.expectRefusal(address)
            for certificate in certificates.prefix(2) {
                #expect(try address.word(certificate) == .good)
                try address.hold(certificate)
                #expect(try address.word(certificate) == .revoked)
            }
            // A server that starts without the token answers and holds all the same.
            authority.stop()
            let again = try authority.start(environment: token.environment)
            #expect(try again.word(certificates[0]) == .revoked)
            #expect(try again.word(certificates[2]) == .good)
            try again.hold(certificates[2])
            #expect(try again.word(certificates[2]) == .revoked)
            try Self.expectRefusal(again)

            try token.putBack()
            var issued: CertificateReference?
            #expect(
                eventually {
                    issued = try? again.certificate()
                    return issued != nil
                },
                "without a restart of the server"
            )
            #expect(try again.word(try #require(issued)) == .good)
            // What was refused meanwhile has spent numbers, and none of them is good.
            for case .success(let reference) in outcomes.now { #expect(try again.word(reference) == .unknown) }
            let greatest = try #require(issued).serial
            let known = Set(
                outcomes.now.compactMap { (try? $0.get())?.serial } + certificates.map(\.serial) + [greatest]
            )
            for serial in 2..<greatest where !known.contains(serial) {
                let state = try again.state(CertificateReference(.auth, serial))
                #expect(state == .abandoned || state == .valid && serial < certificates[0].serial, "\(serial)")
            }
        }

        /// A word for people about the key, and no time-out.
        private static func expectRefusal(_ address: AuthorityAddress) throws {
            let problem = try #require(throws: Problem.self) { _ = try address.issue() }
            #expect(problem.code.contains("key"), "\(problem.code): \(problem.whatHappened.en)")
            #expect(throws: Problem.self) { try address.order(.publish(.auth, partitions: nil)) }
        }
    }
}

/// A SoftHSM token with the keys of both authorities, in a folder that can be moved away.
final class TokenOfAuthority {
    private let folder: String
    let module =
        ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"]
        .first { FileManager.default.fileExists(atPath: $0) } ?? "/usr/lib/softhsm/libsofthsm2.so"
    private static let pin = "correct-user-pin"

    var environment: [String: String] { ["SOFTHSM2_CONF": folder + "/softhsm2.conf"] }

    init() throws {
        folder = Leftovers.path("t")
        try FileManager.default.createDirectory(atPath: folder + "/tokens", withIntermediateDirectories: true)
        try write(
            "directories.tokendir = \(folder)/tokens\nobjectstore.backend = file\nlog.level = ERROR\n",
            "softhsm2.conf"
        )
        try write(Self.pin + "\n", "pin")
        try run(
            "softhsm2-util",
            ["--init-token", "--free", "--label", "fuda-ca", "--so-pin", "correct-officer-pin", "--pin", Self.pin]
        )
        for (name, identifier) in [("sign-ca", "01"), ("auth-ca", "02")] {
            try run(
                "pkcs11-tool",
                [
                    "--module", module, "--token-label", "fuda-ca", "--login", "--pin", Self.pin, "--keypairgen",
                    "--key-type", "RSA:2048", "--label", name, "--id", identifier, "--usage-sign",
                ]
            )
        }
    }

    func uri(_ name: String, module: String? = nil) -> String {
        "pkcs11:token=fuda-ca;object=\(name)?module-path=\(module ?? self.module)&pin-source=file:\(folder)/pin"
    }

    /// The one folder of the token, beneath that of all tokens.
    func takeAway() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/tokens")
        try FileManager.default.createDirectory(atPath: folder + "/away", withIntermediateDirectories: true)
        for name in names {
            try FileManager.default.moveItem(atPath: "\(folder)/tokens/\(name)", toPath: "\(folder)/away/\(name)")
        }
    }

    func putBack() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder + "/away") {
            try FileManager.default.moveItem(atPath: "\(folder)/away/\(name)", toPath: "\(folder)/tokens/\(name)")
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    private func write(_ text: String, _ name: String) throws {
        let path = folder + "/" + name
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    private func run(_ program: String, _ arguments: [String]) throws {
        let answer = try ForeignProgram.run(program, arguments, environment: environment)
        guard answer.status == 0 else {
            throw AuthorityPrograms.Failed(what: program, notes: answer.notes + answer.text)
        }
    }
}
