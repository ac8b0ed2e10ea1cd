/// Welch's t of two classes of times, after the way of dudect (Reparaz, Balasch, Verbauwhede: "Dude, is my code constant
/// time?", DATE 2017): once with all, and once for each of several bounds above which times are cropped, since what the
/// machine did beside stands in the longest.
struct Welch {
    /// The t of largest magnitude.
    let t: Double
    /// How many times there were in each class.
    let counts: (Int, Int)
    /// Difference of the two medians in nanoseconds.
    let difference: Double

    private static let percentiles = [100.0, 99.5, 99, 97, 95, 90, 80, 70, 60, 50]

    init(_ first: [Double], _ second: [Double]) {
        counts = (first.count, second.count)
        let all = (first + second).sorted()
        var worst = 0.0
        for percentile in Self.percentiles {
            let bound = all[min(all.count - 1, Int(Double(all.count) * percentile / 100))]
            let t = Self.t(first.filter { $0 <= bound }, second.filter { $0 <= bound })
            if abs(t) > abs(worst) { worst = t }
        }
        t = worst
        difference = Self.median(first) - Self.median(second)
    }

    private static func median(_ times: [Double]) -> Double { times.sorted()[times.count / 2] }

    private static func t(_ first: [Double], _ second: [Double]) -> Double {
        guard first.count > 100, second.count > 100 else { return 0 }
        let one = moments(first)
        let two = moments(second)
        let error = (one.variance / Double(first.count) + two.variance / Double(second.count)).squareRoot()
        return error == 0 ? 0 : (one.mean - two.mean) / error
    }

    private static func moments(_ times: [Double]) -> (mean: Double, variance: Double) {
        let mean = times.reduce(0, +) / Double(times.count)
        let squares = times.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, squares / Double(times.count - 1))
    }
}
