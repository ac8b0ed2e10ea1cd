import Foundation

/// What is repeated: a few times where all tests run, `FUDA_SOAK` times in a soak, which tells how far it is and what it
/// counted.
public enum Soak {
    private static let wanted = ProcessInfo.processInfo.environment["FUDA_SOAK"].flatMap { Int($0) }

    /// How many commands a soak sends to a card; `nil` where all tests run.
    public static let commands = ProcessInfo.processInfo.environment["FUDA_SOAK_COMMANDS"].flatMap { Int($0) }

    public static func rounds(_ few: Int) -> Int { wanted ?? few }

    /// Says in a soak that so many rounds are over.
    public static func progress(_ name: String, _ done: Int, of all: Int) {
        guard wanted != nil, done % max(1, all / 20) == 0 || done == all else { return }
        say("soak: \(name): round \(done) of \(all)")
    }

    /// Says how many things that had been acknowledged were looked for afterwards, and how many were not as acknowledged.
    public static func tell(_ name: String, checked: Int, losses: Int) {
        say("soak: \(name): \(checked) checked, \(losses) losses")
    }

    /// A line that is seen at once.
    public static func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}
