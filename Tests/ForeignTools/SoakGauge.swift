internal import CMalloc
import Foundation
import Glibc
import Synchronization

/// Watches a long run of commands: memory after its first tenth and at its end, processor time per command in each
/// quarter, which neither a busy machine nor a busy disk lengthens.
///
/// May be told of commands from several threads. What it found stands in ``report()``, once all commands are counted.
public final class SoakGauge: Sendable {
    /// Memory in bytes.
    public struct Memory: Sendable {
        /// Pages of the process that are in memory.
        public let resident: Int
        /// What is allocated and not freed; only of this process itself.
        public let allocated: Int
    }

    public struct Report: Sendable, CustomStringConvertible {
        public let commands: Int
        public let seconds: Double
        /// What was more at the end than after the first tenth; may be less than nothing.
        public let growth: Memory
        public let isOwnProcess: Bool
        /// Processor time for each quarter, over that for the cheapest.
        public let quarters: [Double]

        public var slowestQuarter: Double { quarters.max() ?? 1 }

        public var description: String {
            let allocated = isOwnProcess ? " (allocated \(Self.megabytes(growth.allocated)))" : ""
            let quarters = quarters.map { String(format: "%.2f", $0) }.joined(separator: " ")
            return
                "memory \(Self.megabytes(growth.resident))\(allocated), \(Int(Double(commands) / seconds)) commands/s, "
                + "processor time by quarters \(quarters)"
        }

        private static func megabytes(_ bytes: Int) -> String { String(format: "%+.2f MB", Double(bytes) / 1_048_576) }
    }

    private let name: String
    private let total: Int
    private let process: Int32?
    private let state: Mutex<State>

    private struct State {
        var done = 0
        let start = ContinuousClock.now
        var end: ContinuousClock.Instant?
        /// Seconds of the processor at the start and at the end of each quarter.
        var quarters: [Double] = []
        var early: Memory?
        var late: Memory?
    }

    /// Watches this process, or another one.
    public init(_ name: String, commands total: Int, process: Int32? = nil) {
        self.name = name
        self.total = total
        self.process = process
        state = Mutex(State())
        state.withLock { $0.quarters.append(processorTime()) }
    }

    public func count(_ commands: Int = 1) {
        state.withLock { state in
            let before = state.done
            state.done += commands
            func hasPassed(_ share: Int, of all: Int) -> Bool {
                before < total / all * share && state.done >= total / all * share
            }
            if hasPassed(1, of: 10) { state.early = memory() }
            for quarter in 1...4 where hasPassed(quarter, of: 4) { state.quarters.append(processorTime()) }
            if hasPassed(4, of: 4) {
                state.late = memory()
                state.end = .now
            }
            if Soak.commands != nil, before / (total / 20) != state.done / (total / 20) {
                Soak.say("soak: \(name): \(state.done) of \(total) commands")
            }
        }
    }

    /// `nil` while not all commands are counted.
    public func report() -> Report? {
        state.withLock { state in
            guard let early = state.early, let late = state.late, let end = state.end, state.quarters.count == 5
            else { return nil }
            let times = zip(state.quarters, state.quarters.dropFirst()).map { $1 - $0 }
            let cheapest = max(times.min() ?? 0, 1e-9)
            return Report(
                commands: state.done,
                seconds: (end - state.start) / .seconds(1),
                growth: Memory(
                    resident: late.resident - early.resident,
                    allocated: late.allocated - early.allocated
                ),
                isOwnProcess: process == nil,
                quarters: times.map { $0 / cheapest }
            )
        }
    }

    /// A file of proc(5) about the process that is watched.
    private func about(_ file: String) -> String {
        (try? String(contentsOfFile: "/proc/\(process.map(String.init) ?? "self")/\(file)", encoding: .utf8)) ?? ""
    }

    /// In user and system mode, fields 14 and 15 of proc_pid_stat(5); the second, a name in parentheses, may hold blanks.
    private func processorTime() -> Double {
        let fields = about("stat").split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = fields.dropFirst(11).prefix(2).compactMap { Double($0) }.reduce(0, +)
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private func memory() -> Memory {
        let pages = about("statm").split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Memory(
            resident: pages * sysconf(Int32(_SC_PAGESIZE)),
            allocated: process == nil ? Int(mallinfo2().uordblks) : 0
        )
    }
}
