/// Draws the pictures a card holds: written words, numbers and an invented portrait.
public enum CardArtwork {
    /// Draws a text in black on white and gives it as a greyscale PNG of one bit a pixel.
    ///
    /// The text takes as many lines as it needs to fit `width`, and a new one after each line feed; the height is
    /// theirs. Variation selectors choose the glyph where the font has it. A text with a character that no installed
    /// font shows is refused: an empty box in place of a name would go unnoticed until somebody reads the card.
    public static func text(_ text: String, width: Int = 320, lineHeight: Int = 24) throws(ArtworkError) -> [UInt8] {
        guard !text.allSatisfy(\.isWhitespace) else { throw .emptyText }
        let controls = text.unicodeScalars.count { $0.properties.generalCategory == .control && $0 != "\n" }
        guard controls == 0 else { throw .unknownCharacters(count: controls) }
        guard (minimumLineHeight...Canvas.greatestSide).contains(lineHeight),
            width >= 2 * lineHeight, width <= Canvas.greatestSide
        else { throw .unreasonableSize(width: width, height: lineHeight) }

        let margin = max(lineHeight / 12, 1)
        let size = (Double(lineHeight) * 0.83).rounded()
        func set(on canvas: borrowing Canvas) throws(ArtworkError) -> Lettering {
            try Lettering(text, size: size, wrapping: width - 2 * margin, crisp: true, on: canvas)
        }
        // Lines break by the font's measures alone, so any canvas will do to count them.
        let trial = try set(on: Canvas(width: 1, height: 1))
        guard trial.unknownCharacters == 0 else { throw .unknownCharacters(count: trial.unknownCharacters) }
        let canvas = try Canvas(width: width, height: trial.lineCount * lineHeight)
        let lettering = try set(on: canvas)
        for line in 0..<lettering.lineCount {
            // Leaves room below the baseline for g and j, and above capitals for accents.
            let baseline = Double(line * lineHeight) + (Double(lineHeight) * 0.8).rounded()
            lettering.draw(line: line, at: Point(Double(margin), baseline), on: canvas)
        }
        return try canvas.picture().oneBitPNG()
    }

    /// Gives a picture as a greyscale PNG of eight bits a pixel, for viewers.
    public static func png(_ picture: GreyPicture) throws(ArtworkError) -> [UInt8] {
        try picture.eightBitPNG()
    }

    /// Below this, strokes of a Chinese character run together.
    private static let minimumLineHeight = 12
}
