import Glibc

/// Seconds of a clock that only goes forward.
func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

extension [Double] {
    /// The value that so many hundredths of all are no greater than.
    func percentile(_ hundredths: Double) -> Double {
        guard !isEmpty else { return 0 }
        return sorted()[Swift.min(count - 1, Int(Double(count) * hundredths / 100))]
    }

    var median: Double { percentile(50) }
}

func rounded(_ value: Double, _ places: Int = 3) -> String {
    var factor = 1.0
    for _ in 0..<places { factor *= 10 }
    let scaled = (value * factor).rounded()
    return places == 0 ? "\(Int(scaled))" : "\(scaled / factor)"
}

/// States a figure beside its bar and whether the bar is met.
func verdict(_ isMet: Bool, _ bar: String) -> String { "(bar \(bar): \(isMet ? "met" : "MISSED"))" }

/// How the processors are used while something is measured.
enum Condition: CaseIterable {
    /// Client, daemon and cards on one, where no call waits until another processor has woken up.
    case oneProcessor
    /// As the system has it: what waking up takes, which is more than all the rest and different from run to run, stands in
    /// both sides of a comparison.
    case allProcessors

    var words: String { self == .oneProcessor ? "everything on one processor, in turns" : "on all processors" }

    /// The bars are for one processor.
    func verdict(_ isMet: Bool, _ bar: String) -> String {
        self == .oneProcessor ? ReaderBench.verdict(isMet, bar) : "(for comparison)"
    }
}

/// Says a line at once, also into a file.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(1, bytes, bytes.count)
}

/// Which processors this process and all that it starts from now on may use.
func useProcessors(_ wanted: ClosedRange<Int>, in folder: String) throws {
    let list = "\(wanted.lowerBound)-\(wanted.upperBound)"
    try Program.demand(["taskset", "--all-tasks", "--cpu-list", "--pid", list, "\(getpid())"], in: folder)
}

/// Whether this process and all that it starts from now on come before everything else, in turns (SCHED_RR, sched(7)):
/// nobody else's work, and no wake-up in the middle of somebody's turn, stands in the figures then.
///
/// - Returns: whether the system lets it be so.
func comeFirst(_ wanted: Bool, in folder: String) -> Bool {
    let policy = wanted ? ["--rr", "--pid", "10"] : ["--other", "--pid", "0"]
    return (try? Program.demand(["chrt", "--all-tasks"] + policy + ["\(getpid())"], in: folder)) != nil
}

let processors = Int(sysconf(Int32(_SC_NPROCESSORS_CONF)))
