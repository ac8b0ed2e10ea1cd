import Foundation
import Glibc
import Synchronization

/// The cards of this test run: made once per persona, by one test authority, and copied for each test.
final class CardLibrary: Sendable {
    static let shared = CardLibrary()

    private let made = Mutex<Set<String>>([])

    /// Holds everything the tests write, at a short path because a socket's is limited to 107 bytes.
    static let folder: URL = {
        var template = Array("/tmp/fuda-XXXXXX".utf8CString)
        guard let path = unsafe mkdtemp(&template) else { fatalError("mkdtemp: errno \(errno)") }
        atexit { try? FileManager.default.removeItem(at: CardLibrary.folder) }
        return unsafe URL(filePath: String(cString: path))
    }()

    /// A folder for one test.
    static func makeFolder() throws -> URL {
        let number = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        let folder = folder.appending(path: number)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Where `fuda` is: the folder in `FUDA_BIN`, else the debug build of this repository.
    static func program() throws -> String {
        let folder = ProcessInfo.processInfo.environment["FUDA_BIN"] ?? repository.appending(path: ".build/debug").path
        let path = folder + "/fuda"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw ProgramFailure(description: "\(path) is not built: swift build, or set FUDA_BIN to where it is")
        }
        return path
    }

    /// What a program is started with: nothing of the user's own settings, data or reader.
    static func environment(home: URL) -> [String: String] {
        var environment = [
            "PATH": Peer.searchPath,
            "HOME": home.path,
            "XDG_DATA_HOME": folder.appending(path: "data").path,
            "LANG": "C.UTF-8",
            "PCSCLITE_CSOCK_NAME": home.appending(path: "no-reader").path,
            "PIN": TestSecrets.pin,
            "WRONG_PIN": TestSecrets.wrongPIN,
            "PASSWORD": TestSecrets.password,
        ]
        environment["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
        return environment
    }

    /// Copies the persona's card, fresh from the authority, to `file`.
    func putCard(_ persona: String, at file: URL) throws {
        let original = Self.folder.appending(path: persona + ".card")
        try made.withLock { made in
            guard !made.contains(persona) else { return }
            let program = try RunningProgram(
                try Self.program(),
                [
                    "card", "new", "--persona", persona, "-o", original.path, "--personas",
                    Self.repository.appending(path: "Personas").path,
                ],
                environment: Self.environment(home: Self.folder),
                folder: Self.folder
            )
            let answer = try program.waitForEnd(timeout: 300)
            guard answer.status == 0 else { throw ProgramFailure(description: "card new: \(answer.text)") }
            made.insert(persona)
        }
        try FileManager.default.copyItem(at: original, to: file)
    }
}

/// What opens the cards of the synthetic persons, and one value that opens none of them.
enum TestSecrets {
    static let pin = "1234"
    static let wrongPIN = "9999"
    static let password = "ABC123"
}
