/// What a cell of a table or a parameter of a statement can be, in both databases alike.
public enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])

    public init(_ number: some BinaryInteger) { self = .integer(Int64(truncatingIfNeeded: number)) }

    public init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }

    public init(_ number: UInt32?) { self = number.map { .integer(Int64($0)) } ?? .null }
}

/// One row as it came out of a statement, read by column from 0.
///
/// A value of another type than the schema's throws ``RecordsError/corrupt(_:)`` with the column's name.
struct SQLRow {
    let values: [SQLValue]

    func integer(_ column: Int, _ name: String) throws(RecordsError) -> Int64 {
        guard values.indices.contains(column), case .integer(let number) = values[column] else { throw .corrupt(name) }
        return number
    }

    func integer<Number: FixedWidthInteger>(
        _ column: Int,
        _ name: String,
        as type: Number.Type
    ) throws(RecordsError) -> Number {
        guard let number = Number(exactly: try integer(column, name)) else { throw .corrupt(name) }
        return number
    }

    func optionalInteger(_ column: Int, _ name: String) throws(RecordsError) -> Int64? {
        if values.indices.contains(column), values[column] == .null { return nil }
        return try integer(column, name)
    }

    func text(_ column: Int, _ name: String) throws(RecordsError) -> String {
        guard values.indices.contains(column), case .text(let text) = values[column] else { throw .corrupt(name) }
        return text
    }

    func optionalText(_ column: Int, _ name: String) throws(RecordsError) -> String? {
        if values.indices.contains(column), values[column] == .null { return nil }
        return try text(column, name)
    }

    func bytes(_ column: Int, _ name: String) throws(RecordsError) -> [UInt8] {
        guard values.indices.contains(column), case .bytes(let bytes) = values[column] else { throw .corrupt(name) }
        return bytes
    }

    /// A text that is the raw value of an enumeration.
    func word<Word: RawRepresentable>(_ column: Int, _ name: String, as type: Word.Type) throws(RecordsError) -> Word
    where Word.RawValue == String {
        guard let word = Word(rawValue: try text(column, name)) else { throw .corrupt(name) }
        return word
    }
}
