import CCairo
import CPangoCairo

/// Text set in the one font of all pictures: owns the library's layout.
@safe struct Lettering: ~Copyable {
    static let family = "Noto Sans CJK JP"

    private let layout: OpaquePointer

    /// Sets `text` for `canvas`.
    ///
    /// `size` is the height of the em square in pixels; a line longer than `wrapping` pixels is broken between words
    /// where it can be and between characters otherwise. `crisp` letters have no grey at their edges.
    init(
        _ text: String,
        size: Double,
        bold: Bool = false,
        wrapping width: Int? = nil,
        crisp: Bool,
        on canvas: borrowing Canvas
    ) throws(ArtworkError) {
        guard let map = unsafe pango_cairo_font_map_get_default(),
            unsafe pango_font_map_get_family(map, Self.family) != nil
        else { throw .fontMissing(family: Self.family) }
        guard let layout = unsafe canvas.withContext({ context in unsafe pango_cairo_create_layout(context) }) else {
            throw .drawingFailed(call: "pango_cairo_create_layout", status: 0)
        }
        unsafe self.layout = unsafe layout
        useEdges(crisp: crisp)
        useFont(size: size, bold: bold)
        if let width {
            unsafe pango_layout_set_width(layout, Int32(width) * PANGO_SCALE)
            unsafe pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        }
        let bytes = Array(text.utf8)
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe pango_layout_set_text(layout, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count))
        }
    }

    deinit {
        unsafe g_object_unref(UnsafeMutableRawPointer(layout))
    }

    var lineCount: Int { unsafe Int(pango_layout_get_line_count(layout)) }

    /// How many characters no installed font can show.
    var unknownCharacters: Int { unsafe Int(pango_layout_get_unknown_glyphs_count(layout)) }

    /// Draws one line, its baseline starting at `start`, in `grey`.
    func draw(line: Int = 0, at start: Point, grey: Double = 0, on canvas: borrowing Canvas) {
        unsafe canvas.withContext { context in
            unsafe cairo_set_source_rgba(context, grey, grey, grey, 1)
            unsafe cairo_move_to(context, start.x, start.y)
            unsafe pango_cairo_show_layout_line(context, pango_layout_get_line_readonly(layout, Int32(line)))
        }
    }

    private func useEdges(crisp: Bool) {
        let options = unsafe cairo_font_options_create()
        defer { unsafe cairo_font_options_destroy(options) }
        unsafe cairo_font_options_set_antialias(options, crisp ? CAIRO_ANTIALIAS_NONE : CAIRO_ANTIALIAS_GRAY)
        unsafe cairo_font_options_set_hint_style(options, crisp ? CAIRO_HINT_STYLE_FULL : CAIRO_HINT_STYLE_NONE)
        unsafe cairo_font_options_set_hint_metrics(options, crisp ? CAIRO_HINT_METRICS_ON : CAIRO_HINT_METRICS_OFF)
        unsafe pango_cairo_context_set_font_options(pango_layout_get_context(layout), options)
    }

    private func useFont(size: Double, bold: Bool) {
        let description = unsafe pango_font_description_new()
        defer { unsafe pango_font_description_free(description) }
        unsafe pango_font_description_set_family(description, Self.family)
        unsafe pango_font_description_set_weight(description, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        unsafe pango_font_description_set_absolute_size(description, size * Double(PANGO_SCALE))
        unsafe pango_layout_set_font_description(layout, description)
        unsafe pango_context_set_language(pango_layout_get_context(layout), pango_language_from_string("ja"))
        unsafe pango_layout_context_changed(layout)
    }
}
