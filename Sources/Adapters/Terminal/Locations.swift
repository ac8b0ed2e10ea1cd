public import Problems

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where programs find each other, their data and the user's.
public enum Locations {
    /// The folder this program stands in.
    public static let programs: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        #if canImport(Glibc)
            let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        #else
            var size = UInt32(buffer.count)
            let count = unsafe _NSGetExecutablePath(&buffer, &size) == 0 ? Int(unsafe strlen(buffer)) : 0
        #endif
        let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }()

    /// The user's data folder of this project (XDG Base Directory Specification), made if need be, mode 0700.
    public static func userData() throws(Problem) -> String {
        let base: String
        if let data = Terminal.environment("XDG_DATA_HOME") {
            base = data
        } else if let home = Terminal.environment("HOME") {
            base = home + "/.local/share"
        } else {
            throw noFolder("$HOME")
        }
        return try makeFolder(base + "/fuda")
    }

    /// Makes a folder and those above it; an existing one is left as it is.
    public static func makeFolder(_ path: String) throws(Problem) -> String {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            if unsafe mkdir(made, 0o700) != 0, errno != EEXIST { throw noFolder(made) }
        }
        return path
    }

    static func noFolder(_ path: String) -> Problem {
        Problem(
            code: "no-folder",
            outcome: .inputFile,
            whatHappened: Text(ja: "フォルダーを作れません: \(path)", en: "The folder \(path) cannot be made."),
            whatToDo: Text(
                ja: "HOME か XDG_DATA_HOME と権限を確かめてください。",
                en: "Check HOME or XDG_DATA_HOME, and permissions."
            )
        )
    }
}
