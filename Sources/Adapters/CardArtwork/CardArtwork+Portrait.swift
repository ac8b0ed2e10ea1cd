extension CardArtwork {
    /// Draws an invented person as on an identity photograph: head and shoulders before a plain background.
    ///
    /// It is a drawing and says so, with the word 模擬 in the lower right corner, so that nobody takes the card for one
    /// with a photograph of somebody. The picture is laid out for the proportions of the default size; others get
    /// background at the sides, or lose it above.
    public static func portrait(
        _ features: PortraitFeatures,
        width: Int = 288,
        height: Int = 360
    ) throws(ArtworkError) -> GreyPicture {
        guard min(width, height) >= smallestPortrait else { throw .unreasonableSize(width: width, height: height) }
        let canvas = try Canvas(width: width, height: height)
        let gridWidth = FaceMeasures.gridWidth
        let gridHeight = FaceMeasures.gridHeight
        let scale = min(Double(width) / gridWidth, Double(height) / gridHeight)
        let left = (Double(width) - gridWidth * scale) / 2
        let top = Double(height) - gridHeight * scale

        drawBackground(on: canvas)
        let face = Portrait(features)
        canvas.scaled(scale, at: Point(left, top)) { canvas in face.draw(on: canvas) }
        try drawMark(scale: scale, on: canvas)
        return try canvas.picture()
    }

    /// Below this, the mark cannot be read.
    private static let smallestPortrait = 96

    private static func drawBackground(on canvas: borrowing Canvas) {
        let (width, height) = (Double(canvas.width), Double(canvas.height))
        let centre = Point(width * 0.46, height * 0.34)
        canvas.fill(
            .rectangle(x: 0, y: 0, width: width, height: height),
            .around(centre, radius: max(width, height) * 0.85, [Tone(0.95), Tone(0.9), Tone(0.82)])
        )
    }

    private static func drawMark(scale: Double, on canvas: borrowing Canvas) throws(ArtworkError) {
        let size = max((17 * scale).rounded(), 11)
        let (right, bottom) = (Double(canvas.width), Double(canvas.height))
        canvas.fill(
            .rectangle(x: right - 2.5 * size, y: bottom - 1.5 * size, width: 2.5 * size, height: 1.5 * size),
            .plain(Tone(1, 0.85))
        )
        let word = try Lettering("模擬", size: size, bold: true, crisp: false, on: canvas)
        word.draw(at: Point(right - 2.25 * size, bottom - 0.38 * size), grey: 0.15, on: canvas)
    }
}

/// A face on its grid, drawn from the back to the front.
struct Portrait {
    let features: PortraitFeatures
    let face: FaceMeasures

    init(_ features: PortraitFeatures) {
        self.features = features
        face = FaceMeasures(features)
    }

    func draw(on canvas: borrowing Canvas) {
        drawHairBehind(on: canvas)
        drawNeck(on: canvas)
        drawClothes(on: canvas)
        drawHairOnShoulders(on: canvas)
        drawEars(on: canvas)
        drawHead(on: canvas)
        if face.age == .elder { drawWrinkles(on: canvas) }
        for side in [-1.0, 1.0] {
            drawEye(side, on: canvas)
            drawBrow(side, on: canvas)
        }
        drawNose(on: canvas)
        if features.beard { drawBeard(on: canvas) }
        drawMouth(on: canvas)
        drawHairInFront(on: canvas)
        if features.glasses { drawGlasses(on: canvas) }
    }

    /// A skin tone, lighter or darker than the face as a whole by `change`.
    func skin(_ change: Double = 0, _ cover: Double = 1) -> Tone {
        Tone(min(max(face.skin + change, 0.03), 0.98), cover)
    }

    func hair(_ change: Double = 0, _ cover: Double = 1) -> Tone {
        Tone(min(max(face.hair + change, 0.02), 0.96), cover)
    }
}
