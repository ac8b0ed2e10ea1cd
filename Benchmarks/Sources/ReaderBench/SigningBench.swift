import Foundation
import PCSC

/// RSA-2048 signatures, one command each, beside the library's own rate on one processor.
struct SigningBench {
    let readers: Readers
    let folder: String
    let condition: Condition

    func run() throws {
        let own = try readers.own()
        defer { own.close(resetting: true) }
        let jpki: [UInt8] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01]
        _ = try own.transmit([0x00, 0xA4, 0x04, 0x0C, 0x0A] + jpki)
        let verified = try own.transmit([0x00, 0x20, 0x00, 0x98, 0x04] + Array("1234".utf8))
        guard verified == [0x90, 0x00] else { throw ExchangeBench.WrongAnswer(command: [], answer: verified) }
        let sign: [UInt8] = [0x80, 0x2A, 0x00, 0x97, 51] + [UInt8](repeating: 7, count: 51) + [0x00]
        let floor = try readers.floor()
        defer { floor.close(resetting: true) }
        let bare = Exchange(command: sign, answer: 256).bare
        var limits: [Double] = []
        var rates: [Double] = []
        var exchanges: [Double] = []
        for _ in 0..<5 {
            limits.append(try limit())
            rates.append(try rate(sign, on: own))
            exchanges.append(try rate(bare, on: floor))
        }
        let ratio = rates.median / limits.median
        // What is left of the library's rate when each signature costs an exchange besides.
        let left = 1 / (1 / limits.median + 1 / exchanges.median)
        say(
            "RSA-2048 signature through pcscd, \(condition.words): \(Int(rates.median)) a second, \(rounded(ratio)) of "
                + "openssl speed on one processor (\(Int(limits.median))) " + condition.verdict(ratio >= 0.85, "0.85")
                + "; an exchange of these sizes with the bare card takes \(rounded(1e6 / exchanges.median, 0)) µs, which "
                + "leaves \(rounded(left / limits.median)) of it: \(rounded(rates.median / left)) of that"
        )
    }

    /// How often a second a command with 256 bytes of answer is answered.
    private func rate(_ command: [UInt8], on connection: PCSCConnection) throws -> Double {
        let start = now()
        var count = 0
        while now() - start < 2 {
            let answer = try connection.transmit(command)
            guard answer.count == 258 else { throw ExchangeBench.WrongAnswer(command: command, answer: answer) }
            count += 1
        }
        return Double(count) / (now() - start)
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
