import COpenJPEG

/// Owns one codec of the library, which serves for one file.
///
/// The library writes its messages nowhere, for it is given functions that drop them: what they say of a file is no
/// help to anybody who cannot mend the file, and the errors say the rest.
@safe private struct Codec: ~Copyable {
    private let codec: UnsafeMutablePointer<opj_codec_t?>

    init(_ codec: UnsafeMutablePointer<opj_codec_t?>?) throws(FacePictureError) {
        guard let codec = unsafe codec else { throw .compressionFailed(call: "opj_create_codec") }
        unsafe opj_set_info_handler(codec, { _, _ in }, nil)
        unsafe opj_set_warning_handler(codec, { _, _ in }, nil)
        unsafe opj_set_error_handler(codec, { _, _ in }, nil)
        unsafe self.codec = unsafe codec
    }

    deinit {
        unsafe opj_destroy_codec(codec)
    }

    func withCodec<Result: ~Copyable>(
        _ body: (UnsafeMutablePointer<opj_codec_t?>) throws(FacePictureError) -> Result
    ) throws(FacePictureError) -> Result {
        unsafe try body(codec)
    }
}

extension FacePicture {
    /// Compresses to about the `ratio`th part of what the pixels take uncompressed, and gives the JP2 file.
    static func compress(_ picture: borrowing CodecImage, ratio: Double) throws(FacePictureError) -> [UInt8] {
        var parameters = unsafe opj_cparameters_t()
        unsafe opj_set_default_encoder_parameters(&parameters)
        unsafe parameters.irreversible = 1
        unsafe parameters.cp_disto_alloc = 1
        unsafe parameters.tcp_numlayers = 1
        unsafe parameters.tcp_rates.0 = Float(ratio)
        unsafe parameters.numresolution = resolutions(for: min(picture.width, picture.height))

        let file = try ByteStream()
        let codec = unsafe try Codec(opj_create_compress(OPJ_CODEC_JP2))
        unsafe try codec.withCodec { codec throws(FacePictureError) in
            unsafe try file.withStream { stream throws(FacePictureError) in
                unsafe try picture.withImage { image throws(FacePictureError) in
                    try check(unsafe opj_setup_encoder(codec, &parameters, image), call: "opj_setup_encoder")
                    try check(unsafe opj_start_compress(codec, image, stream), call: "opj_start_compress")
                    try check(unsafe opj_encode(codec, stream), call: "opj_encode")
                    try check(unsafe opj_end_compress(codec, stream), call: "opj_end_compress")
                }
            }
        }
        return file.bytes
    }

    /// Decodes a JP2 file whose header tells of a picture within bounds.
    static func decompress(_ jp2: [UInt8]) throws(FacePictureError) -> CodecImage {
        var parameters = opj_dparameters_t()
        unsafe opj_set_default_decoder_parameters(&parameters)

        let file = try ByteStream(reading: jp2)
        let codec = unsafe try Codec(opj_create_decompress(OPJ_CODEC_JP2))
        return unsafe try codec.withCodec { codec throws(FacePictureError) in
            unsafe try file.withStream { stream throws(FacePictureError) in
                try check(unsafe opj_setup_decoder(codec, &parameters), call: "opj_setup_decoder")
                var image: UnsafeMutablePointer<opj_image_t>?
                let isHeaderRead = unsafe opj_read_header(stream, codec, &image) != 0
                guard let image = unsafe image else { throw .damaged }
                let picture = unsafe CodecImage(owning: image)
                guard isHeaderRead else { throw .damaged }
                try picture.checkBounds()
                guard unsafe opj_decode(codec, stream, image) != 0, unsafe opj_end_decompress(codec, stream) != 0 else {
                    throw .damaged
                }
                try picture.checkBounds()
                return picture
            }
        }
    }

    /// Each resolution halves the one before; a small picture has fewer than the usual six.
    private static func resolutions(for side: Int) -> Int32 {
        Int32(min(6, Int.bitWidth - side.leadingZeroBitCount))
    }

    private static func check(_ success: OPJ_BOOL, call: String) throws(FacePictureError) {
        guard success != 0 else { throw .compressionFailed(call: call) }
    }
}
