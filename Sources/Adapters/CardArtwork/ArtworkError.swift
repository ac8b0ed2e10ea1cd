/// Why a picture could not be drawn.
///
/// What was to be written stays out of it, for that is a person's name or number; the description may be logged.
public enum ArtworkError: Error, Hashable, Sendable {
    /// There is nothing to write: the text is empty or consists of blanks.
    case emptyText
    /// So many characters of the text are in no font of this machine.
    case unknownCharacters(count: Int)
    /// Something other than the digits 0 to 9 stands where only digits may.
    case notDigits
    /// The picture would be too small to be read, or larger than anything a card holds.
    case unreasonableSize(width: Int, height: Int)
    /// A picture's width and height do not account for its pixels.
    case wrongPixelCount(expected: Int, found: Int)
    /// The font all text is set in is not installed.
    case fontMissing(family: String)
    /// A call of the drawing library failed with this status.
    case drawingFailed(call: String, status: Int)
}

extension ArtworkError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .emptyText:
            "There is no text to draw. Give at least one visible character."
        case .unknownCharacters(let count):
            "\(count) characters of the text are in no installed font. Install a font that has them "
                + "(fonts-noto-cjk covers most), or write the text with other characters."
        case .notDigits:
            "Only the digits 0 to 9 can be drawn here. Remove spaces, hyphens and full-width digits."
        case .unreasonableSize(let width, let height):
            "A picture of \(width) by \(height) pixels cannot be drawn legibly. Use at most "
                + "\(Canvas.greatestSide) pixels a side, and at least 6 by 12 pixels for each digit."
        case .wrongPixelCount(let expected, let found):
            "The picture needs \(expected) pixels and has \(found). Give one byte for each pixel, row by row."
        case .fontMissing(let family):
            "The font \(family) is not installed. Install the package fonts-noto-cjk and run the command again."
        case .drawingFailed(let call, let status):
            "The drawing library refused \(call) with status \(status). Check that there is memory left and that "
                + "libcairo2 and libpango-1.0-0 are those of this system."
        }
    }
}
