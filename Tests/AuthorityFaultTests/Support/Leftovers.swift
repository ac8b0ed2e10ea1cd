import Foundation

/// Files and folders that go when this process ends, if nothing took them away before.
enum Leftovers {
    private static let paths: Notes<[String]> = {
        atexit { for path in Leftovers.paths.now { try? FileManager.default.removeItem(atPath: path) } }
        return Notes([])
    }()

    /// A new path whose name begins so; short, since the paths of sockets have to be.
    static func path(_ kind: String) -> String {
        let path = "/tmp/fuda-\(kind)-\(UUID().uuidString.prefix(8))"
        paths.change { $0.append(path) }
        return path
    }
}
