import PCSC

/// Rates through pcscd and the vpcd driver, ours and the bare card's in turns, for so many seconds each.
struct ExchangeBench {
    let readers: Readers
    let condition: Condition
    let rounds = 5
    let seconds = 1.0

    private static let jpki: [UInt8] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01]

    func run() throws {
        let own = try readers.own()
        let floor = try readers.floor()
        _ = try own.transmit([0x00, 0xA4, 0x04, 0x0C, 0x0A] + Self.jpki)
        _ = try own.transmit([0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x0A])
        try measure("READ BINARY 256", Exchange(command: [0x00, 0xB0, 0x00, 0x00, 0x00], answer: 256), own, floor)
        try measure("VERIFY query", Exchange(command: [0x00, 0x20, 0x00, 0x98], answer: 0), own, floor, status: 0x63C3)
        try measure("GET CHALLENGE 8", Exchange(command: [0x00, 0x84, 0x00, 0x00, 0x08], answer: 8), own, floor)
        let select = Exchange(command: [0x00, 0xA4, 0x04, 0x0C, 0x0A] + Self.jpki, answer: 0)
        try measure("SELECT", select, own, floor)
        own.close(resetting: true)
        floor.close(resetting: true)
    }

    private func measure(
        _ name: String,
        _ exchange: Exchange,
        _ own: PCSCConnection,
        _ floor: PCSCConnection,
        status: UInt16 = 0x9000
    ) throws {
        var ours = Side()
        var bare = Side()
        for _ in 0..<rounds {
            try ours.run(exchange.command, on: own, expecting: (exchange.answer, status), for: seconds)
            try bare.run(exchange.bare, on: floor, expecting: (exchange.answer, 0x9000), for: seconds)
        }
        let ratio = ours.rates.median / bare.rates.median
        say(
            "\(name) through pcscd, \(condition.words): \(Int(ours.rates.median)) a second, \(ours.latency); the bare card "
                + "\(Int(bare.rates.median)), \(bare.latency): \(rounded(ratio)) of it "
                + condition.verdict(ratio >= 0.9, "0.9")
        )
    }

    struct WrongAnswer: Error {
        let command: [UInt8]
        let answer: [UInt8]
    }

    private struct Side {
        var rates: [Double] = []
        private var times: [Double] = []

        mutating func run(
            _ command: [UInt8],
            on connection: PCSCConnection,
            expecting expected: (count: Int, status: UInt16),
            for seconds: Double
        ) throws {
            for _ in 0..<100 { _ = try connection.transmit(command) }
            let start = now()
            var last = start
            var count = 0
            while last - start < seconds {
                let answer = try connection.transmit(command)
                let end = now()
                guard answer.count == expected.count + 2,
                    UInt16(answer[answer.count - 2]) << 8
                        | UInt16(answer[answer.count - 1]) == expected.status
                else { throw WrongAnswer(command: command, answer: answer) }
                times.append(end - last)
                last = end
                count += 1
            }
            rates.append(Double(count) / (last - start))
        }

        var latency: String {
            "p50 \(rounded(times.percentile(50) * 1e6, 0)) and p99 \(rounded(times.percentile(99) * 1e6, 0)) µs"
        }
    }
}
