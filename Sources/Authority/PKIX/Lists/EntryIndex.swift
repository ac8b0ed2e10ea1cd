/// Where in a list's bytes each serial number is.
///
/// Two arrays in the order of the numbers: the low 64 bits of each, and the place of its entry. Lists of JPKI come in
/// that order already; others are sorted once.
struct EntryIndex: Sendable {
    private let entries: ArraySlice<UInt8>
    private let keys: [UInt64]
    private let places: [UInt32]

    var count: Int { keys.count }

    /// Reads every entry; adds to `unknownCritical` the critical entry extensions that are not understood.
    init(_ entries: ArraySlice<UInt8>, unknownCritical: inout Set<String>) throws(PKIXFlaw) {
        self.entries = entries
        var keys: [UInt64] = []
        var places: [UInt32] = []
        // No entry is shorter than 20 bytes.
        keys.reserveCapacity(entries.count / 36)
        places.reserveCapacity(entries.count / 36)
        var position = entries.startIndex
        var isAscending = true
        while position < entries.endIndex {
            let entry = try Entry(at: position, in: entries)
            try entry.checkExtensions(in: entries, unknownCritical: &unknownCritical)
            let key = Self.key(entries[entry.serial])
            // Numbers with equal low bits are left to the sort, which looks at all of their octets.
            if let last = keys.last, last >= key { isAscending = false }
            keys.append(key)
            places.append(UInt32(position - entries.startIndex))
            position = entry.end
        }
        if !isAscending { try Self.sort(&keys, &places, in: entries) }
        self.keys = keys
        self.places = places
    }

    func entry(_ serial: some Collection<UInt8>) -> RevokedCertificate? {
        let wanted = serial.drop { $0 == 0 }
        let key = Self.key(wanted)
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        while low < keys.count, keys[low] == key {
            let place = entries.startIndex + Int(places[low])
            if let entry = try? Entry(at: place, in: entries),
                entries[entry.serial].drop(while: { $0 == 0 }).elementsEqual(wanted)
            {
                return try? entry.revoked(in: entries)
            }
            low += 1
        }
        return nil
    }

    private static func key(_ serial: some Collection<UInt8>) -> UInt64 {
        serial.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func sort(
        _ keys: inout [UInt64],
        _ places: inout [UInt32],
        in entries: ArraySlice<UInt8>
    ) throws(PKIXFlaw) {
        let serial = { (place: UInt32) -> ArraySlice<UInt8> in
            let start = entries.startIndex + Int(place)
            return (try? Entry(at: start, in: entries)).map { entries[$0.serial] } ?? []
        }
        let pairs = zip(keys, places).sorted { left, right in
            left.0 != right.0 ? left.0 < right.0 : serial(left.1).lexicographicallyPrecedes(serial(right.1))
        }
        for (left, right) in zip(pairs, pairs.dropFirst())
        where left.0 == right.0 && serial(left.1) == serial(right.1) { throw .duplicateEntry }
        keys = pairs.map(\.0)
        places = pairs.map(\.1)
    }
}

/// One entry, as places in the bytes of all of them.
private struct Entry {
    let serial: Range<Int>
    let revokedAt: Int64
    /// The content of crlEntryExtensions.
    let extensions: Range<Int>?
    let end: Int

    init(at start: Int, in bytes: ArraySlice<UInt8>) throws(PKIXFlaw) {
        guard bytes[start] == DERTag.sequence else { throw .structure }
        let content = try DERReader.content(at: start, in: bytes)
        let inner = bytes[content]
        end = content.upperBound
        guard inner.first == DERTag.integer else { throw .structure }
        serial = try DERReader.content(at: content.lowerBound, in: inner)
        guard DERReader.isMinimal(bytes[serial]), serial.count <= 21 else { throw .structure }
        guard serial.upperBound < end else { throw .structure }
        let time = try DERReader.content(at: serial.upperBound, in: inner)
        revokedAt = try DERTime.seconds(bytes[serial.upperBound], bytes[time])
        guard time.upperBound < end else {
            extensions = nil
            return
        }
        guard bytes[time.upperBound] == DERTag.sequence else { throw .structure }
        let list = try DERReader.content(at: time.upperBound, in: inner)
        guard list.upperBound == end else { throw .structure }
        extensions = list
    }

    func checkExtensions(in bytes: ArraySlice<UInt8>, unknownCritical: inout Set<String>) throws(PKIXFlaw) {
        guard let extensions else { return }
        if let code = Self.plainReason(bytes[extensions]) {
            guard CRLReason(rawValue: code) != nil else { throw .malformedExtension }
            return
        }
        for one in try PKIXExtension.list(DERReader(bytes[extensions])) {
            let isUnderstood = try Self.read(one) != nil
            if one.isCritical, !isUnderstood { unknownCritical.insert(ObjectIdentifier.dotted(one.identifier)) }
        }
    }

    func revoked(in bytes: ArraySlice<UInt8>) throws(PKIXFlaw) -> RevokedCertificate {
        var (reason, invalidSince): (CRLReason?, Int64?)
        if let extensions {
            for one in try PKIXExtension.list(DERReader(bytes[extensions])) {
                switch try Self.read(one) {
                case .reason(let code): reason = code
                case .invalidSince(let time): invalidSince = time
                case nil: break
                }
            }
        }
        return RevokedCertificate(revokedAt: revokedAt, reason: reason, invalidSince: invalidSince)
    }

    private enum Fact {
        case reason(CRLReason)
        case invalidSince(Int64)
    }

    /// `nil` for extensions that are not understood.
    private static func read(_ one: PKIXExtension) throws(PKIXFlaw) -> Fact? {
        var value = DERReader(one.value)
        if one.isNamed(ObjectIdentifier.reasonCode) {
            guard let reason = CRLReason(rawValue: try value.readEnumerated()), value.isAtEnd else {
                throw .malformedExtension
            }
            return .reason(reason)
        }
        if one.isNamed(ObjectIdentifier.invalidityDate) {
            let time = try value.readGeneralizedTime()
            try value.finish()
            return .invalidSince(time)
        }
        return nil
    }

    /// The code, when reasonCode is all there is and it is written as nearly every list writes it.
    @inline(__always)
    private static func plainReason(_ extensions: ArraySlice<UInt8>) -> UInt8? {
        let expected = EncodedEntries.reasonExtensions
        guard extensions.count == 12, let code = extensions.last else { return nil }
        let start = extensions.startIndex
        for place in 0..<11 where extensions[start + place] != expected[place + 2] { return nil }
        return code
    }
}
