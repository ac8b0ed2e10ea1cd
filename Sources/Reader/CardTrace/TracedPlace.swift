import CardProfiles
import SmartCard

/// Where on the card a conversation stands, as its own commands tell.
struct TracedPlace {
    private(set) var place: Place = .cardManager
    private(set) var file: FileID?

    /// Something on the card that can be read.
    enum Source: Hashable {
        case file(ObjectID)
        case record(ObjectID, UInt8)
        case dataObject(UInt16)
    }

    /// What an answer is part of.
    enum Target: Hashable {
        case part(Source, offset: Int)
        /// A signature, a challenge, anything whose bytes mean nothing to others.
        case random
        case nothing
    }

    /// Follows one exchange and says what its answer is part of.
    mutating func follow(_ exchange: CardTrace.Exchange) -> Target {
        let command = exchange.command
        guard command.count >= 4, let ins = command[1], let p1 = command[2], let p2 = command[3] else { return .random }
        // 61xx and warnings are success too, as far as selecting goes.
        let isDone = exchange.status == 0x9000 || [0x61, 0x62, 0x63].contains(exchange.status >> 8)
        // Under secure messaging names and contents are enciphered.
        let isSecured = command[0].map { $0 & 0x0C != 0 } ?? true
        switch ins {
        case 0xA4:
            if isSecured { file = nil } else if isDone { select(p1, command.dropFirst(5).compactMap { $0 }) }
            return .nothing
        case _ where isSecured: return .random
        case 0xB0:
            let isNamed = p1 & 0x80 != 0
            let read = isNamed ? FileID(UInt16(p1 & 0x1F)) : file
            if isDone { file = read }
            guard let read else { return .random }
            return .part(.file(ObjectID(place, read)), offset: isNamed ? Int(p2) : Int(p1) << 8 | Int(p2))
        case 0xB2:
            let read = p2 >> 3 != 0 ? FileID(UInt16(p2 >> 3)) : file
            if isDone { file = read }
            guard let read else { return .random }
            return .part(.record(ObjectID(place, read), p1), offset: 0)
        case 0xCA: return .part(.dataObject(UInt16(p1) << 8 | UInt16(p2)), offset: 0)
        default: return .random
        }
    }

    private mutating func select(_ p1: UInt8, _ data: [UInt8]) {
        if p1 == 0x04 {
            let named = CardProfile.of(.plastic).applications.first { $0.aid.bytes.starts(with: data) }
            place = named?.place ?? .cardManager
            file = nil
        } else if p1 == 0x02, data.count >= 2 {
            file = FileID(UInt16(data[0]) << 8 | UInt16(data[1]))
        }
    }

    /// A word on a command for whoever reads the trace, in English since it goes to maintainers.
    mutating func note(_ exchange: CardTrace.Exchange) -> String {
        let target = follow(exchange)
        let name = exchange.command.count > 1 ? exchange.command[1].flatMap { Self.names[$0] } ?? "?" : "?"
        switch target {
        case .part(.file(let file), let offset): return "\(name) \(file.place) \(file.file) from \(offset)"
        case .part(.record(let file, _), _): return "\(name) \(file.place) \(file.file)"
        case .part(.dataObject(let tag), _): return "\(name) \(Hex([UInt8(tag >> 8), UInt8(tag & 0xFF)]))"
        case .random, .nothing: return "\(name) in \(place)" + (file.map { " \($0)" } ?? "")
        }
    }

    private static let names: [UInt8: String] = [
        0xA4: "SELECT", 0xB0: "READ BINARY", 0xB2: "READ RECORD", 0x20: "VERIFY", 0x24: "CHANGE REFERENCE DATA",
        0x32: "CHANGE KEY", 0x2C: "RESET RETRY COUNTER", 0x2A: "COMPUTE DIGITAL SIGNATURE", 0x84: "GET CHALLENGE",
        0x82: "EXTERNAL AUTHENTICATE", 0x88: "INTERNAL AUTHENTICATE", 0xCA: "GET DATA", 0xC0: "GET RESPONSE",
        0xAE: "SET SESSION KEY",
    ]
}

extension CardTrace.Exchange {
    /// The status at the end of a response; 0 where there is none.
    var status: UInt16 {
        guard case .response(let bytes) = outcome, bytes.count >= 2 else { return 0 }
        return UInt16(bytes[bytes.count - 2]) << 8 | UInt16(bytes[bytes.count - 1])
    }

    /// The bytes before the status.
    var data: [UInt8] {
        guard case .response(let bytes) = outcome, bytes.count > 2 else { return [] }
        return Array(bytes.dropLast(2))
    }
}
