import TLV
import VirtualCard

/// Any bytes as data objects and as a journal's changes: an error, or objects that are no more than the bytes and encode
/// back to themselves.
func examineDataObjects(_ bytes: [UInt8]) throws(FuzzFinding) {
    var reader = TLVReader(bytes)
    var objects: [DataObject] = []
    while !reader.isAtEnd {
        let start = reader.position
        guard let object = try? reader.next() else { break }
        try hold(
            reader.position > start && reader.position <= bytes.count,
            "reading goes on and stays within the bytes"
        )
        objects.append(object)
        try examineInside(object, depth: 0)
    }
    try hold(objects.reduce(0) { $0 + $1.value.count } <= bytes.count, "objects are no more than the bytes")
    var written = TLVReader(objects.flatMap { TLVWriter.encoded($0.tag, $0.value) })
    try hold((try? written.all()) == objects, "objects survive encoding")

    guard let changes = try? Change.decodeAll(bytes) else { return }
    try hold((try? Change.decodeAll(changes.flatMap(\.encoded))) == changes, "changes survive encoding")
}

private func examineInside(_ object: DataObject, depth: Int) throws(FuzzFinding) {
    guard depth < 8, let children = try? object.children() else { return }
    for child in children {
        try hold(child.value.count < object.value.count, "an object is larger than what is in it")
        try hold((try? object.child(child.tag)) != nil, "an object that is there is found by its tag")
        try examineInside(child, depth: depth + 1)
    }
}
