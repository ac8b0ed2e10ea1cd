extension Portrait {
    private var neckTop: Double { face.chin - 40 }
    private var collar: Double { 292 }

    func drawNeck(on canvas: borrowing Canvas) {
        let (middle, half) = (FaceMeasures.middle, face.neckWidth)
        let neck = Outline.smooth([
            Point(middle - half * 0.96, neckTop), Point(middle - half, 258), Point(middle - half * 1.12, 280),
            Point(middle - half * 1.9, 300), Point(middle - half * 1.4, 340), Point(middle, 356),
            Point(middle + half * 1.4, 340), Point(middle + half * 1.9, 300), Point(middle + half * 1.12, 280),
            Point(middle + half, 258), Point(middle + half * 0.96, neckTop),
        ])
        canvas.fill(
            neck,
            .along(
                Point(middle - half, 0),
                Point(middle + half, 0),
                [skin(-0.1), skin(-0.05), skin(-0.07), skin(-0.16), skin(-0.24)]
            )
        )
        canvas.inside(neck) { canvas in
            // The shadow the chin throws.
            canvas.fill(
                .ellipse(at: Point(middle + 3, face.chin + 4), half * 1.25, 26),
                .around(
                    Point(middle + 3, face.chin + 2),
                    radius: half * 1.25,
                    [Tone(0, 0.36), Tone(0, 0.24), Tone(0, 0)]
                )
            )
            for side in [-1.0, 1.0] {
                canvas.stroke(
                    .smooth(
                        [
                            Point(middle + side * half * 0.74, 262), Point(middle + side * half * 0.48, 282),
                            Point(middle + side * half * 0.16, 297),
                        ],
                        closed: false
                    ),
                    width: 3,
                    .plain(skin(-0.3, 0.18))
                )
            }
        }
    }

    func drawClothes(on canvas: borrowing Canvas) {
        switch face.clothes {
        case .suit: drawSuit(on: canvas)
        case .blouse: drawBlouse(on: canvas)
        case .sweater: drawSweater(on: canvas)
        }
    }

    /// Both shoulders down to the lower edge, with an opening for the neck that reaches down to `opening`.
    private func shoulders(opening: Double, width: Double = 1.3) -> Outline {
        let (middle, half) = (FaceMeasures.middle, face.neckWidth)
        let right = [
            Point(middle, opening), Point(middle + half * 0.72 * width, opening - (opening - 278) * 0.42),
            Point(middle + half * width, 276), Point(middle + half * 1.75, 286),
            Point(middle + face.shoulderWidth * 0.74, 303), Point(middle + face.shoulderWidth * 0.97, 324),
            Point(middle + face.shoulderWidth * 1.1, 364), Point(middle, 372),
        ]
        let left = right[1...6].reversed().map { Point(2 * middle - $0.x, $0.y) }
        return .smooth(right + left)
    }

    private func cloth(_ shade: Double) -> Paint {
        let reach = face.shoulderWidth * 1.1
        return .along(
            Point(FaceMeasures.middle - reach, 280),
            Point(FaceMeasures.middle + reach, 350),
            [Tone(shade - 0.04), Tone(shade + 0.1), Tone(shade + 0.05), Tone(shade), Tone(shade - 0.09)]
        )
    }

    private func drawFolds(_ shade: Double, on canvas: borrowing Canvas) {
        for side in [-1.0, 1.0] {
            let sleeve = FaceMeasures.middle + side * face.shoulderWidth * 0.78
            canvas.stroke(
                .smooth(
                    [Point(sleeve + side * 4, 326), Point(sleeve, 344), Point(sleeve - side * 2, 362)],
                    closed: false
                ),
                width: 2.4,
                .plain(Tone(max(shade - 0.16, 0), 0.55))
            )
        }
    }

    private func drawSuit(on canvas: borrowing Canvas) {
        let middle = FaceMeasures.middle
        let half = face.neckWidth
        let shade = face.clothesShade
        // The shirt lies beneath the jacket and shows between its lapels.
        canvas.fill(
            .straight([
                Point(middle - half * 1.15, 277), Point(middle, 306), Point(middle + half * 1.15, 277),
                Point(middle + half * 1.5, 362), Point(middle - half * 1.5, 362),
            ]),
            .along(Point(middle - half, 0), Point(middle + half, 0), [Tone(0.9), Tone(0.98), Tone(0.84)])
        )
        drawTie(on: canvas)
        for side in [-1.0, 1.0] {
            func at(_ across: Double, _ y: Double) -> Point { Point(middle + side * half * across, y) }
            canvas.fill(
                .straight([at(1.12, 268), at(0, 304), at(0.5, 324), at(1.42, 286)]),
                .along(at(1.3, 270), at(0.2, 320), [Tone(0.99), Tone(0.9)])
            )
            canvas.stroke(
                .straight([at(0, 304), at(0.5, 324), at(1.42, 286)], closed: false),
                width: 1,
                .plain(Tone(0.6, 0.8))
            )
            let shoulder = face.shoulderWidth / half
            let jacket = Outline.smooth([
                at(1.2, 286), at(1.55, 282), at(shoulder * 0.72, 302), at(shoulder * 0.96, 322),
                at(shoulder * 1.1, 366),
                at(0.5, 380), at(0.12, 368), at(0.7, 326),
            ])
            canvas.fill(jacket, cloth(shade))
            canvas.fill(
                .straight([at(1.28, 275), at(1.95, 287), at(2.3, 312), at(1.92, 316), at(2.05, 327), at(0.1, 372)]),
                .along(at(2.2, 290), at(0.3, 366), [Tone(shade + 0.13), Tone(shade + 0.02)])
            )
            canvas.stroke(
                .straight([at(2.3, 312), at(1.92, 316), at(2.05, 327), at(0.1, 372)], closed: false),
                width: 1.2,
                .plain(Tone(max(shade - 0.14, 0), 0.9))
            )
        }
        drawFolds(shade, on: canvas)
    }

    private func drawTie(on canvas: borrowing Canvas) {
        let middle = FaceMeasures.middle
        let shade = 0.62 - face.clothesShade
        canvas.fill(
            .straight([Point(middle - 8, 304), Point(middle + 8, 304), Point(middle + 6, 320), Point(middle - 6, 320)]),
            .along(Point(middle - 8, 0), Point(middle + 8, 0), [Tone(shade), Tone(shade + 0.16), Tone(shade - 0.06)])
        )
        canvas.fill(
            .straight([
                Point(middle - 5.5, 320), Point(middle + 5.5, 320), Point(middle + 12, 364), Point(middle - 12, 364),
            ]),
            .along(
                Point(middle - 11, 0),
                Point(middle + 11, 0),
                [Tone(shade - 0.06), Tone(shade + 0.1), Tone(shade - 0.1)]
            )
        )
    }

    private func drawBlouse(on canvas: borrowing Canvas) {
        let middle = FaceMeasures.middle
        let half = face.neckWidth
        let shade = 0.62 + face.clothesShade / 2
        canvas.fill(shoulders(opening: 340), cloth(shade))
        for side in [-1.0, 1.0] {
            func at(_ across: Double, _ y: Double) -> Point { Point(middle + side * half * across, y) }
            canvas.fill(
                .straight([at(1.2, 268), at(0.02, 346), at(1.15, 338), at(1.95, 292), at(1.6, 276)]),
                .along(at(1.8, 276), at(0.4, 344), [Tone(shade + 0.16), Tone(shade + 0.04)])
            )
            canvas.stroke(
                .straight([at(0.02, 346), at(1.15, 338), at(1.95, 292)], closed: false),
                width: 1.2,
                .plain(Tone(shade - 0.3, 0.6))
            )
        }
        canvas.stroke(
            .straight([Point(middle, 346), Point(middle + 1, 362)], closed: false),
            width: 1.2,
            .plain(Tone(shade - 0.3, 0.7))
        )
        drawFolds(shade, on: canvas)
    }

    private func drawSweater(on canvas: borrowing Canvas) {
        let middle = FaceMeasures.middle
        let half = face.neckWidth
        let shade = face.clothesShade + 0.12
        canvas.fill(shoulders(opening: 312), cloth(shade))
        let neckline = Outline.smooth(
            [
                Point(middle - half * 1.2, 270), Point(middle - half * 1.0, 297), Point(middle, 314),
                Point(middle + half * 1.0, 297), Point(middle + half * 1.2, 270),
            ],
            closed: false
        )
        canvas.stroke(neckline, width: 11, rounded: false, .plain(Tone(shade - 0.1)))
        canvas.stroke(neckline, width: 8, rounded: false, .plain(Tone(shade + 0.09)))
        drawFolds(shade, on: canvas)
    }
}
