import ForeignTools
import Foundation

/// The time of day of one server, which can be set while it runs; the time since the machine started stays as it is.
struct FakeClock {
    private let file: FileHandle
    let environment: [String: String]

    /// The library that is put before the system's; made once.
    private static let library: Result<String, any Error> = Result {
        let source = Bundle.module.bundlePath + "/Shims/clock.c"
        let library = Leftovers.path("clock.so")
        // Swift's own compiler of C.
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let made = try ForeignProgram.run(
            "clang",
            ["-shared", "-fPIC", "-O1", "-o", library, source],
            environment: ["PATH": path]
        )
        guard made.status == 0 else { throw AuthorityPrograms.Failed(what: "clang", notes: made.notes) }
        return library
    }

    init(_ folder: String) throws {
        let path = folder + "/clock"
        try Data(count: 8).write(to: URL(filePath: path))
        file = try FileHandle(forUpdating: URL(filePath: path))
        environment = ["LD_PRELOAD": try Self.library.get(), "FUDA_CLOCK": path]
    }

    /// By so many seconds from the time that it is.
    func set(by seconds: Int) throws {
        try file.seek(toOffset: 0)
        try file.write(contentsOf: unsafe withUnsafeBytes(of: Int64(seconds)) { unsafe Data($0) })
    }
}
