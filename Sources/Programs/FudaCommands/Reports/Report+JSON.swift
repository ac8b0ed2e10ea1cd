import CivilCalendar
import CommandBasics
import FoundationEssentials
import Problems
import SmartCard

extension Report: Encodable {
    func json() throws -> String { try jsonText(self) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for field in fields { try container.encode(field.value, forKey: Key(stringValue: field.key)) }
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

extension Report.Value: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number), .count(let number, _): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .date(let date): try container.encode(date.description)
        case .instant(let seconds): try container.encode(seconds)
        case .word(let word, _): try container.encode(word)
        case .bytes(let bytes, let mediaType):
            try container.encode(
                File(mediaType: mediaType, bytes: bytes.count, base64: Data(bytes).base64EncodedString())
            )
        case .report(let report), .described(let report, _): try container.encode(report)
        case .list(let values): try container.encode(values)
        case .absent: try container.encodeNil()
        }
    }

    private struct File: Encodable {
        let mediaType: String
        let bytes: Int
        let base64: String
    }
}
