/// Numbers that are the same on every machine and in every run (SplitMix64), so that a failure can be run again.
struct SeededBytes {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// Bytes in which zeros, small numbers and length marks are as frequent as in real commands.
    mutating func bytes(_ count: Int) -> [UInt8] {
        let frequent: [UInt8] = [0x00, 0x00, 0x01, 0x02, 0x05, 0x81, 0x82, 0x83, 0x84, 0xFF]
        return (0..<count).map { _ in below(3) == 0 ? frequent[below(frequent.count)] : UInt8(below(256)) }
    }
}
