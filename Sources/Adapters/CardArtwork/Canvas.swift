import CCairo

/// A picture being drawn, in shades of grey on white: owns the library's surface and the context that draws on it.
///
/// The library keeps the first failure and ignores what follows, so drawing does not throw; ``picture()`` reports the
/// failure when the result is asked for.
@safe struct Canvas: ~Copyable {
    /// No picture on a card comes near this many pixels a side.
    static let greatestSide = 4096

    let width: Int
    let height: Int
    private let surface: OpaquePointer
    private let context: OpaquePointer

    init(width: Int, height: Int) throws(ArtworkError) {
        guard (1...Self.greatestSide).contains(width), (1...Self.greatestSide).contains(height) else {
            throw .unreasonableSize(width: width, height: height)
        }
        // Neither call gives null: where they fail they give an object in an error state.
        guard let surface = unsafe cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)),
            let context = unsafe cairo_create(surface)
        else { throw .drawingFailed(call: "cairo_create", status: 0) }
        unsafe cairo_set_source_rgb(context, 1, 1, 1)
        unsafe cairo_paint(context)
        self.width = width
        self.height = height
        unsafe self.surface = unsafe surface
        unsafe self.context = unsafe context
    }

    deinit {
        unsafe cairo_destroy(context)
        unsafe cairo_surface_destroy(surface)
    }

    /// Lends the context to the module's other wrapper, which sets text on it.
    func withContext<Result, Failure: Error>(
        _ body: (OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe try body(context)
    }
}

// MARK: - Drawing

extension Canvas {
    func fill(_ outline: Outline, _ paint: Paint) {
        trace(outline)
        use(paint)
        unsafe cairo_fill(context)
    }

    func stroke(_ outline: Outline, width: Double, rounded: Bool = true, _ paint: Paint) {
        trace(outline)
        use(paint)
        unsafe cairo_set_line_width(context, width)
        unsafe cairo_set_line_cap(context, rounded ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
        unsafe cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
        unsafe cairo_stroke(context)
    }

    /// Draws inside an area only.
    func inside(_ outline: Outline, _ draw: (borrowing Canvas) -> Void) {
        unsafe cairo_save(context)
        trace(outline)
        unsafe cairo_clip(context)
        draw(self)
        unsafe cairo_restore(context)
    }

    /// Draws in units of `scale` pixels, the origin moved to `origin`.
    func scaled(_ scale: Double, at origin: Point, _ draw: (borrowing Canvas) -> Void) {
        unsafe cairo_save(context)
        unsafe cairo_translate(context, origin.x, origin.y)
        unsafe cairo_scale(context, scale, scale)
        draw(self)
        unsafe cairo_restore(context)
    }

    private func trace(_ outline: Outline) {
        unsafe cairo_new_path(context)
        for step in outline.steps {
            switch step {
            case .move(let to): unsafe cairo_move_to(context, to.x, to.y)
            case .line(let to): unsafe cairo_line_to(context, to.x, to.y)
            case .curve(let first, let second, let to):
                unsafe cairo_curve_to(context, first.x, first.y, second.x, second.y, to.x, to.y)
            case .close: unsafe cairo_close_path(context)
            }
        }
    }

    private func use(_ paint: Paint) {
        switch paint {
        case .plain(let tone):
            unsafe cairo_set_source_rgba(context, tone.grey, tone.grey, tone.grey, tone.cover)
        case .along(let from, let to, let tones):
            Gradient(from: from, to: to, tones).use(on: self)
        case .around(let centre, let radius, let tones):
            Gradient(around: centre, radius: radius, tones).use(on: self)
        }
    }
}

/// A gradient of the library's.
@safe private struct Gradient: ~Copyable {
    private let pattern: OpaquePointer?

    init(from: Point, to: Point, _ tones: [Tone]) {
        unsafe pattern = unsafe cairo_pattern_create_linear(from.x, from.y, to.x, to.y)
        add(tones)
    }

    init(around centre: Point, radius: Double, _ tones: [Tone]) {
        unsafe pattern = unsafe cairo_pattern_create_radial(centre.x, centre.y, 0, centre.x, centre.y, radius)
        add(tones)
    }

    deinit {
        unsafe cairo_pattern_destroy(pattern)
    }

    /// The context keeps its own reference, so this value may go before the area is filled.
    func use(on canvas: borrowing Canvas) {
        unsafe canvas.withContext { context in unsafe cairo_set_source(context, pattern) }
    }

    private func add(_ tones: [Tone]) {
        for (index, tone) in tones.enumerated() {
            let offset = Double(index) / Double(max(tones.count - 1, 1))
            unsafe cairo_pattern_add_color_stop_rgba(pattern, offset, tone.grey, tone.grey, tone.grey, tone.cover)
        }
    }
}

// MARK: - Result

extension Canvas {
    func picture() throws(ArtworkError) -> GreyPicture {
        try check(unsafe cairo_status(context), call: "cairo_status")
        try check(unsafe cairo_surface_status(surface), call: "cairo_surface_status")
        unsafe cairo_surface_flush(surface)
        guard let start = unsafe cairo_image_surface_get_data(surface) else {
            throw .drawingFailed(call: "cairo_image_surface_get_data", status: 0)
        }
        let stride = unsafe Int(cairo_image_surface_get_stride(surface))
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height)
        for row in 0..<height {
            // Four bytes a pixel, and only greys were drawn: the second holds a colour in either byte order.
            for column in 0..<width { unsafe pixels.append(start[row * stride + column * 4 + 1]) }
        }
        return GreyPicture(width: width, height: height, pixels: pixels)
    }

    private func check(_ status: cairo_status_t, call: String) throws(ArtworkError) {
        guard status == CAIRO_STATUS_SUCCESS else {
            throw .drawingFailed(call: call, status: Int(status.rawValue))
        }
    }
}
