public import CardStorage

/// A disk that numbers, from 0, every call that changes something: making a file, writing, cutting, making durable,
/// renaming, linking, and removing what is there.
public protocol NumberedDisk: CardDisk {
    /// How many there were: the number of the next one.
    var steps: Int { get }
}
