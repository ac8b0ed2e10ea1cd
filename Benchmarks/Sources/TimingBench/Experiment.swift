import Glibc

/// One decision on a secret, asked whether its time tells two classes of inputs apart.
struct Experiment {
    let name: String
    let measurements: Int
    /// Inputs of the two classes, all of one length; which comes next is drawn by lot.
    let inputs: ([[UInt8]], [[UInt8]])
    /// Brings everything into the same state and gives the input as it is measured; not timed.
    var prepare: ([UInt8]) -> [UInt8] = { $0 }
    let body: ([UInt8]) -> Void

    func run() -> Welch {
        var first: [Double] = []
        var second: [Double] = []
        first.reserveCapacity(measurements)
        second.reserveCapacity(measurements)
        // Every input is measured at the same place in memory, or the time would tell where it lies; and both that might be
        // chosen are read, or it would tell which of them is in the cache.
        var place = prepare(inputs.0[0])
        var ground = [UInt64](repeating: 0, count: 1 << 14)
        var chosen = inputs.0[0]
        let warming = measurements / 20
        for index in 0..<(measurements + warming) {
            let lot = UInt64.random(in: .min ... .max)
            let number = Int(lot >> 1 % UInt64(min(inputs.0.count, inputs.1.count)))
            let mask = UInt8(truncatingIfNeeded: 0 &- (lot & 1))
            let (zero, one) = (inputs.0[number], inputs.1[number])
            for index in chosen.indices { chosen[index] = zero[index] & ~mask | one[index] & mask }
            let input = prepare(chosen)
            for index in place.indices { place[index] = input[index] }
            Self.settle(&ground)
            let start = nanoseconds()
            body(place)
            let time = nanoseconds() - start
            if index < warming { continue }
            if lot & 1 == 0 { first.append(time) } else { second.append(time) }
        }
        return Welch(first, second)
    }

    /// Leaves the processor in one state, whatever the preparation was: 128 kB are gone through, which no level-1 cache
    /// holds beside anything else, in a loop that fills the history of its branches.
    @inline(never) private static func settle(_ ground: inout [UInt64]) {
        for index in stride(from: 0, to: ground.count, by: 8) { ground[index] &+= 1 }
    }
}

func nanoseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// What the whole run found.
struct Verdicts {
    private(set) var isClean = true

    /// Says what was found; a control must be found to leak, everything else must not.
    mutating func add(_ experiment: Experiment, isControl: Bool = false) {
        let welch = experiment.run()
        let magnitude = abs(welch.t)
        let found = magnitude > 10 ? "leak" : magnitude < 4.5 ? "no leak found" : "undecided"
        let isAsItShould = isControl ? magnitude > 10 : magnitude < 4.5
        if !isAsItShould { isClean = false }
        let bar = isControl ? "control, |t| > 10" : "bar |t| < 4.5"
        say(
            "\(experiment.name): |t| = \((magnitude * 100).rounded() / 100) of \(welch.counts.0 + welch.counts.1) times, "
                + "medians \(Int(welch.difference.rounded())) ns apart: \(found) (\(bar): \(isAsItShould ? "met" : "MISSED"))"
        )
    }
}

/// Says a line at once, also into a file.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(1, bytes, bytes.count)
}
