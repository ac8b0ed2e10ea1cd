import Foundation
import PCSC

/// RSA-2048 signatures, one command each, beside the library's own rate on one processor.
struct SigningBench {
    let readers: Readers
    let folder: String
    let condition: String

    func run() throws {
        let own = try readers.own()
        defer { own.close(resetting: true) }
        let jpki: [UInt8] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01]
        _ = try own.transmit([0x00, 0xA4, 0x04, 0x0C, 0x0A] + jpki)
        let verified = try own.transmit([0x00, 0x20, 0x00, 0x98, 0x04] + Array("1234".utf8))
        guard verified == [0x90, 0x00] else { throw ExchangeBench.WrongAnswer(command: [], answer: verified) }
        let sign: [UInt8] = [0x80, 0x2A, 0x00, 0x97, 51] + [UInt8](repeating: 7, count: 51) + [0x00]
        var limits: [Double] = []
        var rates: [Double] = []
        for _ in 0..<5 {
            limits.append(try limit())
            let start = now()
            var count = 0
            while now() - start < 2 {
                let answer = try own.transmit(sign)
                guard answer.count == 258 else { throw ExchangeBench.WrongAnswer(command: sign, answer: answer) }
                count += 1
            }
            rates.append(Double(count) / (now() - start))
        }
        let ratio = rates.median / limits.median
        say(
            "RSA-2048 signature through pcscd, \(condition): \(Int(rates.median)) a second, \(rounded(ratio)) of "
                + "openssl speed on one processor (\(Int(limits.median))) " + verdict(ratio >= 0.85, "0.85")
        )
    }

    /// Signatures a second by `openssl speed`, by the clock as ours are: whoever else uses the processor takes from both.
    private func limit() throws -> Double {
        let text = try Program.demand(["openssl", "speed", "-elapsed", "-seconds", "2", "rsa2048"], in: folder).output
        let line = text.split(separator: "\n").first { $0.hasPrefix("rsa 2048") }
        let words = line?.split(separator: " ") ?? []
        guard words.count > 5, let rate = Double(words[5]) else { throw Program.Failed(notes: text) }
        return rate
    }
}
