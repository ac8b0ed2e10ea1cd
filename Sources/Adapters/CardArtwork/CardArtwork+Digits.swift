extension CardArtwork {
    /// Draws digits side by side, black on white, and gives exactly `width` by `height` pixels as a greyscale PNG of
    /// one bit a pixel.
    ///
    /// A digit takes 6 by 12 pixels or a whole multiple of that, the greatest for which all of them fit; what is left
    /// over becomes margin. An outline font cannot be read at that size, so the digits are drawn by hand.
    public static func digits(_ digits: String, width: Int, height: Int) throws(ArtworkError) -> [UInt8] {
        guard !digits.isEmpty else { throw .emptyText }
        let values = digits.utf8.map { Int($0) - Int(UInt8(ascii: "0")) }
        guard values.allSatisfy(DigitShape.all.indices.contains) else { throw .notDigits }
        let enlargement = min(width / (values.count * DigitShape.width), height / DigitShape.height)
        guard enlargement > 0, max(width, height) <= Canvas.greatestSide else {
            throw .unreasonableSize(width: width, height: height)
        }

        let left = (width - values.count * DigitShape.width * enlargement) / 2
        let top = (height - DigitShape.height * enlargement) / 2
        var pixels = [UInt8](repeating: 0xFF, count: width * height)
        for row in 0..<(DigitShape.height * enlargement) {
            for column in 0..<(values.count * DigitShape.width * enlargement) {
                let place = (column: column / enlargement, row: row / enlargement)
                let shape = DigitShape.all[values[place.column / DigitShape.width]]
                guard shape.isBlack(column: place.column % DigitShape.width, row: place.row) else { continue }
                pixels[(top + row) * width + left + column] = 0
            }
        }
        return try GreyPicture(width: width, height: height, pixels: pixels).oneBitPNG()
    }
}

/// One digit, drawn pixel by pixel with its margin: one column at the right, one row above and below.
private struct DigitShape {
    static let width = 6
    static let height = 12

    private let rows: [[UInt8]]

    private init(_ rows: String...) {
        self.rows = rows.map { Array($0.utf8) }
    }

    func isBlack(column: Int, row: Int) -> Bool {
        guard rows.indices.contains(row - 1), rows[row - 1].indices.contains(column) else { return false }
        return rows[row - 1][column] == UInt8(ascii: "#")
    }

    // swift-format-ignore
    static let all = [
        DigitShape(
            " ### ",
            "#   #",
            "#   #",
            "#   #",
            "#   #",
            "#   #",
            "#   #",
            "#   #",
            "#   #",
            " ### "
        ),
        DigitShape(
            "  #  ",
            " ##  ",
            "# #  ",
            "  #  ",
            "  #  ",
            "  #  ",
            "  #  ",
            "  #  ",
            "  #  ",
            "#####"
        ),
        DigitShape(
            " ### ",
            "#   #",
            "    #",
            "    #",
            "   # ",
            "   # ",
            "  #  ",
            " #   ",
            "#    ",
            "#####"
        ),
        DigitShape(
            " ### ",
            "#   #",
            "    #",
            "    #",
            "  ## ",
            "    #",
            "    #",
            "    #",
            "#   #",
            " ### "
        ),
        DigitShape(
            "   # ",
            "  ## ",
            "  ## ",
            " # # ",
            " # # ",
            "#  # ",
            "#  # ",
            "#####",
            "   # ",
            "   # "
        ),
        DigitShape(
            "#####",
            "#    ",
            "#    ",
            "#    ",
            "#### ",
            "    #",
            "    #",
            "    #",
            "#   #",
            " ### "
        ),
        DigitShape(
            "  ## ",
            " #   ",
            "#    ",
            "#    ",
            "#### ",
            "#   #",
            "#   #",
            "#   #",
            "#   #",
            " ### "
        ),
        DigitShape(
            "#####",
            "    #",
            "    #",
            "   # ",
            "   # ",
            "   # ",
            "  #  ",
            "  #  ",
            "  #  ",
            "  #  "
        ),
        DigitShape(
            " ### ",
            "#   #",
            "#   #",
            "#   #",
            " ### ",
            "#   #",
            "#   #",
            "#   #",
            "#   #",
            " ### "
        ),
        DigitShape(
            " ### ",
            "#   #",
            "#   #",
            "#   #",
            "#   #",
            " ####",
            "    #",
            "    #",
            "   # ",
            " ##  "
        ),
    ]
}
