import COpenJPEG

/// A picture as the library holds it, one plane of samples for each component: owns that memory.
@safe struct CodecImage: ~Copyable {
    private let image: UnsafeMutablePointer<opj_image_t>

    /// One component of eight bits; there must be `width` times `height` pixels.
    init(width: Int, height: Int, grey pixels: [UInt8]) throws(FacePictureError) {
        var component = opj_image_cmptparm_t()
        component.dx = 1
        component.dy = 1
        component.w = OPJ_UINT32(width)
        component.h = OPJ_UINT32(height)
        component.prec = 8
        component.bpp = 8
        guard let image = unsafe opj_image_create(1, &component, OPJ_CLRSPC_GRAY) else {
            throw .compressionFailed(call: "opj_image_create")
        }
        unsafe image.pointee.x1 = OPJ_UINT32(width)
        unsafe image.pointee.y1 = OPJ_UINT32(height)
        // Without memory for the samples there would have been no image.
        if let samples = unsafe image.pointee.comps?.pointee.data {
            for index in pixels.indices { unsafe samples[index] = OPJ_INT32(pixels[index]) }
        }
        unsafe self.image = unsafe image
    }

    /// Takes over what the library made; the caller no longer destroys it.
    init(owning image: UnsafeMutablePointer<opj_image_t>) {
        unsafe self.image = unsafe image
    }

    deinit {
        unsafe opj_image_destroy(image)
    }

    var width: Int { unsafe Int(image.pointee.x1) - Int(image.pointee.x0) }
    var height: Int { unsafe Int(image.pointee.y1) - Int(image.pointee.y0) }

    func withImage<Result, Failure: Error>(
        _ body: (UnsafeMutablePointer<opj_image_t>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe try body(image)
    }

    /// Refuses a picture that takes unreasonable room or that ``grey()`` cannot read.
    ///
    /// The header alone decides that, so it is asked before the samples are decoded, and after it again: a palette in
    /// the file makes other components of those the header told of.
    func checkBounds() throws(FacePictureError) {
        guard (1...FacePicture.greatestSide).contains(width), (1...FacePicture.greatestSide).contains(height) else {
            throw .unreasonableSize(width: width, height: height)
        }
        let count = unsafe Int(image.pointee.numcomps)
        guard count <= FacePicture.greatestComponentCount else { throw .tooManyComponents(count) }
        guard count > 0, let components = unsafe image.pointee.comps else { throw .unsupportedSamples }
        for index in 0..<count {
            let component = unsafe components[index]
            guard unsafe (1...16).contains(component.prec), unsafe component.dx == 1, unsafe component.dy == 1 else {
                throw .unsupportedSamples
            }
        }
    }

    /// The pixels as shades of grey, once they are decoded.
    func grey() throws(FacePictureError) -> [UInt8] {
        let isColour = unsafe image.pointee.numcomps >= 3 && image.pointee.color_space != OPJ_CLRSPC_SYCC
        guard isColour else { return try plane(0) }
        let (red, green, blue) = (try plane(0), try plane(1), try plane(2))
        return red.indices.map { index in
            let weighed: Int = 299 * Int(red[index]) + 587 * Int(green[index]) + 114 * Int(blue[index])
            return UInt8((weighed + 500) / 1000)
        }
    }

    /// One component's samples, brought to eight bits.
    private func plane(_ index: Int) throws(FacePictureError) -> [UInt8] {
        guard unsafe index < Int(image.pointee.numcomps), let components = unsafe image.pointee.comps else {
            throw .unsupportedSamples
        }
        let component = unsafe components[index]
        // Components may have offsets of their own; those that then differ in size from the picture are not for us.
        guard unsafe Int(component.w) == width, unsafe Int(component.h) == height else { throw .unsupportedSamples }
        guard let samples = unsafe component.data else { throw .damaged }
        let greatest = unsafe (1 << Int(component.prec)) - 1
        let offset = unsafe component.sgnd == 0 ? 0 : 1 << (Int(component.prec) - 1)
        return (0..<width * height).map { place in
            let sample = unsafe min(max(Int(samples[place]) + offset, 0), greatest)
            return UInt8((sample * 255 + greatest / 2) / greatest)
        }
    }
}
