/// Why a face picture could not be compressed or read.
public enum FacePictureError: Error, Hashable, Sendable {
    /// The bytes do not begin as a JP2 file does.
    case notJP2
    /// The file begins rightly, but what follows cannot be decoded: it is cut off or damaged.
    case damaged
    /// The picture has no pixels or more than ``FacePicture/greatestSide`` on a side.
    case unreasonableSize(width: Int, height: Int)
    /// The picture has more kinds of sample for each pixel than colours and transparency account for.
    case tooManyComponents(Int)
    /// The samples are not whole numbers of 1 to 16 bits, one for each pixel.
    case unsupportedSamples
    /// A picture's width and height do not account for its pixels.
    case wrongPixelCount(expected: Int, found: Int)
    /// However coarse, the picture does not become as small as asked for.
    case doesNotFit(maximumBytes: Int)
    /// A call of the compression library failed.
    case compressionFailed(call: String)
}

extension FacePictureError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notJP2:
            "This is not a JP2 file. Give a JPEG 2000 picture in the JP2 format, not a bare codestream."
        case .damaged:
            "The JP2 file is cut off or damaged. Read or copy it again from where it came from."
        case .unreasonableSize(let width, let height):
            "A picture of \(width) by \(height) pixels is not taken. "
                + "Use 1 to \(FacePicture.greatestSide) pixels a side."
        case .tooManyComponents(let count):
            "The picture has \(count) components; at most \(FacePicture.greatestComponentCount) are read. "
                + "Save it as greyscale or colour."
        case .unsupportedSamples:
            "The picture's samples cannot be read. Save it with 8 bits a sample and without subsampling."
        case .wrongPixelCount(let expected, let found):
            "The picture needs \(expected) pixels and has \(found). Give one byte for each pixel, row by row."
        case .doesNotFit(let maximumBytes):
            "The picture cannot be compressed to \(maximumBytes) bytes. Allow more bytes or make it smaller."
        case .compressionFailed(let call):
            "The JPEG 2000 library refused \(call). "
                + "Check that there is memory left and that libopenjp2-7 is this system's."
        }
    }
}
