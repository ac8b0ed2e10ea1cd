import FuzzHarness

/// libFuzzer's own loop (clang's compiler-rt, `LLVMFuzzerRunDriver`).
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>, Int) -> Int32
) -> Int32

/// What is attacked; set once, before the loop begins.
nonisolated(unsafe) private var attacked = FuzzTarget.commands

/// Searches for bytes for which a rule of the target does not hold; such bytes end the program as a trap would.
public func search(
    _ target: FuzzTarget,
    _ count: Int32,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    attacked = target
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments) { data, count in
        do {
            try attacked.examine(Array(UnsafeBufferPointer(start: data, count: count)))
        } catch {
            fatalError("does not hold: \(error)")
        }
        return 0
    }
}
