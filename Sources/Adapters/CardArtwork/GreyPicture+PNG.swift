import PNGPicture

extension GreyPicture {
    /// A PNG of one bit a pixel.
    func oneBitPNG() throws(ArtworkError) -> [UInt8] {
        do throws(PNGError) {
            return try PNGPicture.oneBit(width: width, height: height, grey: pixels)
        } catch {
            throw ArtworkError(error)
        }
    }

    /// A PNG of eight bits a pixel.
    func eightBitPNG() throws(ArtworkError) -> [UInt8] {
        do throws(PNGError) {
            return try PNGPicture.eightBit(width: width, height: height, grey: pixels)
        } catch {
            throw ArtworkError(error)
        }
    }
}

extension ArtworkError {
    fileprivate init(_ error: PNGError) {
        switch error {
        case .unreasonableSize(let width, let height): self = .unreasonableSize(width: width, height: height)
        case .wrongPixelCount(let expected, let found): self = .wrongPixelCount(expected: expected, found: found)
        case .compressionFailed(let status): self = .drawingFailed(call: "compress2", status: status)
        }
    }
}
