extension Portrait {
    private func sheen(from left: Point, to right: Point) -> Paint {
        .along(left, right, [hair(-0.02), hair(0.06), hair(0.12), hair(0.05), hair(0.02), hair(0)])
    }

    /// What the head covers: the fall of long hair, and the knot of tied hair.
    func drawHairBehind(on canvas: borrowing Canvas) {
        let paint = sheen(from: face.at(-1.3, 0), to: face.at(1.3, 0))
        switch features.hair {
        case .short, .bald: break
        case .bob:
            canvas.fill(
                face.symmetric([
                    (0.3, 52), (0.85, 74), (1.16, 122), (1.24, 180), (1.26, 224), (1.1, face.chin + 4),
                    (0.6, face.chin - 4),
                ]),
                paint
            )
        case .long:
            canvas.fill(
                face.symmetric([
                    (0.3, 52), (0.85, 72), (1.14, 120), (1.22, 180), (1.28, 240), (1.42, 300), (1.36, 350), (0.7, 358),
                ]),
                paint
            )
        case .tied:
            let knot = Point(FaceMeasures.middle, 42)
            canvas.fill(
                .ellipse(at: knot, 30, 25),
                .around(Point(knot.x - 8, knot.y - 8), radius: 34, [hair(0.16), hair(0.05), hair(-0.03)])
            )
            for (index, strand) in face.strands.prefix(7).enumerated() {
                let reach = 8 + Double(index) * 3
                canvas.stroke(
                    .smooth(
                        [
                            Point(knot.x - reach, knot.y + 4), Point(knot.x + strand * 6, knot.y - reach * 0.62),
                            Point(knot.x + reach, knot.y + 4),
                        ],
                        closed: false
                    ),
                    width: 1,
                    .plain(hair(0.18, 0.35))
                )
            }
        }
    }

    /// Long hair falls over the clothes; it comes down behind the ears.
    func drawHairOnShoulders(on canvas: borrowing Canvas) {
        guard features.hair == .long else { return }
        for side in [-1.0, 1.0] {
            let lock = Outline.smooth([
                face.at(side * 0.8, 190), face.at(side * 1.18, 190), face.at(side * 1.3, 250),
                face.at(side * 1.44, 306),
                face.at(side * 1.34, 356), face.at(side * 0.98, 352), face.at(side * 0.84, 300),
                face.at(side * 0.76, 244),
            ])
            canvas.fill(
                lock,
                .along(face.at(side * 0.74, 0), face.at(side * 1.42, 0), [hair(-0.03), hair(0.08), hair(0.02)])
            )
            canvas.inside(lock) { canvas in
                for (index, strand) in face.strands.prefix(12).enumerated() {
                    let across = side * (0.8 + Double(index) * 0.05)
                    canvas.stroke(
                        .smooth(
                            [
                                face.at(across, 190), face.at(across + side * 0.06, 260),
                                face.at(across + side * (0.12 + strand * 0.05), 356),
                            ],
                            closed: false
                        ),
                        width: 1.1,
                        .plain(hair(strand * 0.2, 0.3))
                    )
                }
            }
        }
    }

    func drawHairInFront(on canvas: borrowing Canvas) {
        switch features.hair {
        case .bald: drawBaldCrown(on: canvas)
        case .short: drawCap(shortCap, parted: 0.34, on: canvas)
        case .bob: drawCap(bobCap, parted: 0.1, on: canvas)
        case .long: drawCap(longCap, parted: 0.22, on: canvas)
        case .tied: drawCap(tiedCap, parted: 0, on: canvas)
        }
    }

    /// Closed curves around the hair that shows, from one temple over the crown to the other and back along the brow.
    private var shortCap: Outline {
        let side = face.parting
        let line = face.browLine - 22 + face.fringe * 0.5
        return .smooth(
            [
                (-1.0, 158.0), (-1.07, 122), (-0.94, 82), (-0.5, 54), (0.05, 46), (0.56, 54), (0.97, 84), (1.07, 122),
                (1.0, 158),
            ]
            .map { face.at(side * $0.0, $0.1) }
                + [
                    (0.93, 132.0), (0.84, line + 2), (0.56, line - 7), (0.3, line - 13), (-0.1, line - 3),
                    (-0.5, line + 4), (-0.8, line + 8), (-0.93, 136),
                ]
                .map { face.at(side * $0.0, $0.1) }
        )
    }

    private var bobCap: Outline {
        let line = face.browLine - 7 + face.fringe * 0.5
        let right: [(Double, Double)] = [
            (0.3, 46), (0.8, 64), (1.1, 110), (1.2, 168), (1.22, 216), (1.04, face.chin + 2), (0.8, face.chin - 12),
            (0.86, 200),
            (0.86, 160), (0.82, line + 4), (0.5, line + 2), (0.2, line),
        ]
        return face.symmetric(right)
    }

    private var longCap: Outline {
        let side = face.parting
        return .smooth(
            [
                (-1.04, 216.0), (-1.17, 200), (-1.15, 130), (-0.88, 70), (-0.4, 47), (0.1, 44), (0.6, 52), (0.98, 86),
                (1.15, 140), (1.17, 200), (1.04, 216),
            ]
            .map { face.at(side * $0.0, $0.1) }
                + [
                    (0.89, 204.0), (0.9, 160), (0.78, 122), (0.5, 96), (0.24, 80), (-0.14, 98), (-0.5, 118),
                    (-0.8, 140), (-0.9, 172), (-0.89, 206),
                ]
                .map { face.at(side * $0.0, $0.1) }
        )
    }

    private var tiedCap: Outline {
        let line = face.browLine - 36 + face.fringe * 0.4
        return face.symmetric([
            (0.25, 49), (0.7, 62), (1.0, 100), (1.04, 140), (0.985, 156), (0.94, 138), (0.86, 118), (0.62, line + 6),
            (0.3, line - 3), (0.08, line - 5),
        ])
    }

    private func drawCap(_ cap: Outline, parted: Double, on canvas: borrowing Canvas) {
        canvas.fill(cap, sheen(from: face.at(-1.1, 60), to: face.at(1.1, 130)))
        // White hair needs an edge before a light background.
        canvas.stroke(cap, width: 1, .plain(hair(-0.3, 0.4)))
        canvas.inside(cap) { canvas in
            // Strands run from the parting down to both sides.
            let origin = face.at(face.parting * parted, 44)
            for (index, strand) in face.strands.enumerated() {
                let across = Double(index) / Double(face.strands.count - 1) * 2.6 - 1.3
                let end = face.at(across * 1.02 + strand * 0.04, 150 + abs(across) * 60)
                let bend = Point((origin.x + end.x * 2.4) / 3.4, 72 + 14 * across * across + strand * 5)
                let start = Point(origin.x + across * 14, origin.y)
                canvas.stroke(
                    .smooth([start, bend, end], closed: false),
                    width: 1.2,
                    .plain(hair(strand * 0.22, 0.32))
                )
            }
        }
    }

    private func drawBaldCrown(on canvas: borrowing Canvas) {
        canvas.fill(
            .ellipse(at: face.at(-0.24, 84), 36, 18),
            .around(face.at(-0.24, 84), radius: 36, [skin(0.28, 0.6), skin(0.2, 0)])
        )
        for side in [-1.0, 1.0] {
            canvas.fill(
                .smooth([
                    face.at(side * 0.93, 106), face.at(side * 1.03, 128), face.at(side * 1.01, 156),
                    face.at(side * 0.95, 164),
                    face.at(side * 0.91, 140), face.at(side * 0.86, 122),
                ]),
                .along(face.at(0, 104), face.at(0, 160), [hair(0.1, 0), hair(0.05, 0.75), hair(0, 0.85)])
            )
        }
    }
}
