import Foundation
import Problems
import Testing

@testable import FudaCommands

/// A USB reader that no driver knows is found in the system's own list of devices (class 0B, USB CCID 1.1).
@Suite struct `A reader without a driver` {
    /// A tree as sysfs has it: devices, and beside them their interfaces.
    private static func makeTree(_ interfaces: [(device: String, product: String?, interfaceClass: String)]) throws
        -> URL
    {
        let root = FileManager.default.temporaryDirectory.appending(path: "fuda-usb-\(UUID().uuidString)")
        for entry in interfaces {
            let device = root.appending(path: entry.device)
            let interface = root.appending(path: entry.device + ":1.0")
            for folder in [device, interface] {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            }
            if let product = entry.product {
                try Data("\(product)\n".utf8).write(to: device.appending(path: "product"))
            }
            try Data("\(entry.interfaceClass)\n".utf8).write(to: interface.appending(path: "bInterfaceClass"))
        }
        return root
    }

    @Test func `is named by its product, and other devices are not`() throws {
        let root = try Self.makeTree([
            ("1-1", "Card Reader X", "0b"), ("1-2", "Keyboard", "03"), ("2-1", nil, "0b"), ("usb1", "Hub", "09"),
        ])
        defer { try? FileManager.default.removeItem(at: root) }
        #expect(Machine.cardReaderDevices(root.path) == ["Card Reader X", "2-1:1.0"])
        let problem = Problem.noDriver(Machine.cardReaderDevices(root.path))
        #expect(problem.code == "reader-without-driver" && problem.outcome == .noReader)
        #expect(problem.whatHappened.ja.contains("Card Reader X") && problem.whatToDo.en.contains("libccid"))
    }

    @Test func `is none where nothing is plugged in or nothing can be read`() throws {
        let root = try Self.makeTree([("1-2", "Keyboard", "03")])
        defer { try? FileManager.default.removeItem(at: root) }
        #expect(Machine.cardReaderDevices(root.path).isEmpty)
        #expect(Machine.cardReaderDevices(root.path + "/nothing").isEmpty)
    }
}
