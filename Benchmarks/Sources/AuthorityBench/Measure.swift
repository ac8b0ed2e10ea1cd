import Foundation

enum Measure {
    static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let began = ContinuousClock.now
        try body()
        return (ContinuousClock.now - began).seconds
    }

    /// Seconds of the processor that this thread spent: what others do on the machine is not in it.
    static func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let began = now()
        try body()
        return now() - began
    }

    /// Resident memory of this process, in bytes.
    static var resident: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
    }

    static func say(_ name: String, _ value: String) {
        print(name.padding(toLength: 62, withPad: " ", startingAt: 0) + value)
        fflush(nil)
    }

    /// A figure with what is asked of it, and whether that is so.
    static func say(_ name: String, _ value: String, bar: String, _ passes: Bool) {
        say(name, "\(value); bar \(bar): \(passes ? "pass" : "MISS")")
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
    var milliseconds: Double { seconds * 1000 }
}

extension Double {
    func rounded(_ places: Int) -> String { String(format: "%.\(places)f", self) }
}

extension Measure {
    /// Processor time of this process so far, in seconds.
    static func processorSeconds() -> Double {
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}

extension [Double] {
    func quantile(_ part: Double) -> Double {
        let sorted = sorted()
        return sorted.isEmpty ? 0 : sorted[Swift.min(sorted.count - 1, Int(Double(sorted.count) * part))]
    }

    var median: Double { quantile(0.5) }
    /// How far the greatest is above the smallest, in parts of it.
    var spread: Double { (self.max() ?? 0) / (self.min() ?? 1) - 1 }
}
