import CardClient
import SmartCard

/// A command and its answer in one line that shows no content.
enum CommandSummary {
    static func line(_ command: [UInt8], _ response: [UInt8]) -> String {
        let data = max(response.count - 2, 0)
        return "\(header(command)) → \(data) B, \(Hex(Array(response.suffix(2))))"
    }

    static func line(_ command: [UInt8], _ failure: ChannelFailure) -> String { "\(header(command)) → \(failure)" }

    /// CLA INS P1 P2, the name of what is selected (which is public), and how long the data are.
    private static func header(_ command: [UInt8]) -> String {
        let head = Hex(Array(command.prefix(4))).description
        // A command that holds a secret is not taken apart, which would copy it.
        if command.count > 5, [0x20, 0x24, 0x2C, 0x32].contains(command[1]) {
            return "\(head) [\(command.count - 5) B]"
        }
        guard let apdu = try? CommandAPDU(parsing: command) else { return "\(head) (\(command.count) B)" }
        var text = head
        if apdu.ins == 0xA4 {
            text += " " + Hex(apdu.data).description
        } else if !apdu.data.isEmpty {
            text += " [\(apdu.data.count) B]"
        }
        if let le = apdu.le { text += " Le \(le)" }
        return text
    }
}
