/// A picture in shades of grey: one byte a pixel, row by row from the top left, 0 black and 255 white.
///
/// Nothing holds the three values together but whoever makes them; functions that take a picture check it.
public struct GreyPicture: Hashable, Sendable {
    public let width: Int
    public let height: Int
    public let pixels: [UInt8]

    public init(width: Int, height: Int, pixels: [UInt8]) {
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}
