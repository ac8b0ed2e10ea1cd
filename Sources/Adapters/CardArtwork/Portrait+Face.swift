extension Portrait {
    func drawEars(on canvas: borrowing Canvas) {
        for side in [-1.0, 1.0] {
            let ear = Outline.smooth([
                face.at(side * 0.93, face.eyeLine - 8), face.at(side * 1.08, face.eyeLine - 12),
                face.at(side * 1.15, face.eyeLine + 3), face.at(side * 1.08, face.eyeLine + 24),
                face.at(side * 0.98, face.eyeLine + 37), face.at(side * 0.9, face.eyeLine + 26),
            ])
            let change = side < 0 ? 0.0 : -0.1
            canvas.fill(
                ear,
                .along(face.at(side * 0.9, 0), face.at(side * 1.17, 0), [skin(-0.16 + change), skin(-0.03 + change)])
            )
            canvas.stroke(
                .smooth(
                    [
                        face.at(side * 1.0, face.eyeLine - 4), face.at(side * 1.09, face.eyeLine),
                        face.at(side * 1.06, face.eyeLine + 14), face.at(side * 1.0, face.eyeLine + 24),
                    ],
                    closed: false
                ),
                width: 1.8,
                .plain(skin(-0.34, 0.6))
            )
        }
    }

    func drawHead(on canvas: borrowing Canvas) {
        let head = face.head
        canvas.fill(
            head,
            .along(face.at(-1, 0), face.at(1, 0), [skin(-0.05), skin(0.06), skin(0.05), skin(0), skin(-0.15)])
        )
        canvas.inside(head) { canvas in
            let everything = Outline.rectangle(
                x: 0,
                y: 0,
                width: FaceMeasures.gridWidth,
                height: FaceMeasures.gridHeight
            )
            // Light from the upper left, shade towards the jaw.
            canvas.fill(
                everything,
                .around(face.at(-0.2, face.browLine - 26), radius: 60, [skin(0.2, 0.5), skin(0.15, 0)])
            )
            canvas.fill(
                everything,
                .along(face.at(0, face.mouthLine), face.at(0.12, face.chin + 8), [skin(-0.2, 0), skin(-0.2, 0.5)])
            )
            for side in [-1.0, 1.0] {
                canvas.fill(
                    everything,
                    .around(face.at(side * 0.56, face.noseLine - 8), radius: 26, [skin(0.14, 0.36), skin(0.1, 0)])
                )
                canvas.fill(
                    everything,
                    .around(
                        face.at(side * 0.98, face.noseLine + 12),
                        radius: 46,
                        [skin(-0.24, side < 0 ? 0.3 : 0.42), skin(-0.24, 0)]
                    )
                )
                // The hollow the eye lies in, deepest towards the nose.
                canvas.fill(
                    everything,
                    .around(face.at(side * 0.36, face.eyeLine - 6), radius: 27, [skin(-0.26, 0.46), skin(-0.26, 0)])
                )
            }
        }
        canvas.stroke(head, width: 1, .plain(skin(-0.34, 0.4)))
    }

    func drawEye(_ side: Double, on canvas: borrowing Canvas) {
        let (length, opening) = (face.eyeLength, face.eyeOpening)
        let centre = Point(FaceMeasures.middle + side * face.eyeDistance, face.eyeLine)
        /// Outwards is positive on both sides.
        func at(_ across: Double, _ down: Double) -> Point {
            Point(centre.x + side * across * length, centre.y + down * opening)
        }
        let upper = [at(-1, 0.42), at(-0.55, -0.62), at(0.05, -1), at(0.62, -0.66), at(1.04, 0.12)]
        let lower = [at(0.6, 0.72), at(0, 0.96), at(-0.55, 0.82)]
        let eye = Outline.smooth(upper + lower)
        canvas.fill(eye, .along(at(0, -1), at(0, 1), [Tone(0.66), Tone(0.9), Tone(0.88)]))
        canvas.inside(eye) { canvas in
            let iris = at(-0.02, -0.12)
            let radius = min(opening * 1.16, length * 0.56)
            canvas.fill(
                .ellipse(at: iris, radius, radius),
                .around(iris, radius: radius, [Tone(0.1), Tone(0.3), Tone(0.22), Tone(0.06)])
            )
            canvas.fill(.ellipse(at: iris, radius * 0.44, radius * 0.44), .plain(Tone(0.02)))
            canvas.fill(
                .rectangle(
                    x: centre.x - length * 1.2,
                    y: centre.y - opening * 1.1,
                    width: length * 2.4,
                    height: opening
                ),
                .along(at(0, -1), at(0, -0.1), [Tone(0, 0.55), Tone(0, 0)])
            )
            canvas.fill(
                .ellipse(at: Point(iris.x - radius * 0.34, iris.y - radius * 0.34), 1.7, 1.7),
                .plain(Tone(1, 0.95))
            )
        }
        // The upper lid grows thicker outwards; the lower is hardly more than a shadow.
        let lid = [at(1.16, -0.16), at(0.62, -1.02), at(0.05, -1.34), at(-0.56, -0.9)]
        canvas.fill(.smooth(upper + lid), .plain(Tone(0.08, 0.9)))
        canvas.stroke(.smooth([upper[4]] + lower + [upper[0]], closed: false), width: 1.1, .plain(skin(-0.42, 0.6)))
        let crease = [at(-0.9, -0.75), at(-0.4, -1.62), at(0.2, -1.95), at(0.8, -1.5), at(1.24, -0.62)]
        canvas.stroke(.smooth(crease, closed: false), width: 1.4, .plain(skin(-0.36, 0.55)))
    }

    func drawBrow(_ side: Double, on canvas: borrowing Canvas) {
        let thickness = face.browThickness
        func at(_ across: Double, _ down: Double) -> Point {
            Point(
                FaceMeasures.middle + side * (face.eyeDistance + across * face.eyeLength),
                face.browLine + down - across * face.browTilt
            )
        }
        let brow = Outline.smooth([
            at(-1.12, 2), at(-0.4, -thickness * 0.45), at(0.4, -thickness * 0.75), at(1.05, -thickness * 0.2),
            at(1.45, 5),
            at(1.0, thickness * 0.52), at(0.35, thickness * 0.28), at(-0.4, thickness * 0.7), at(-1.1, thickness + 1.5),
        ])
        // Brows stay darker than white hair does.
        let shade = Tone(min(face.hair, 0.4) * 0.85, face.age == .child ? 0.6 : 0.78)
        canvas.fill(brow, .along(at(-1.2, 0), at(1.4, 0), [Tone(shade.grey, shade.cover * 0.55), shade, shade]))
    }

    func drawNose(on canvas: borrowing Canvas) {
        let (half, bottom) = (face.noseWidth, face.noseLine)
        func at(_ across: Double, _ y: Double) -> Point { Point(FaceMeasures.middle + across * half, y) }
        let bridge = face.eyeLine - 6
        canvas.fill(
            .smooth([
                at(0.3, bridge), at(0.62, (bridge + bottom) / 2), at(1.05, bottom - 5), at(0.4, bottom - 2),
                at(0.22, (bridge + bottom) / 2),
            ]),
            .along(at(0.1, 0), at(1.1, 0), [skin(-0.2, 0), skin(-0.22, 0.5), skin(-0.2, 0.1)])
        )
        canvas.fill(
            .smooth([at(-0.22, bridge), at(0.1, bridge), at(0.14, bottom - 12), at(-0.26, bottom - 12)]),
            .along(at(-0.4, 0), at(0.3, 0), [skin(0.16, 0), skin(0.17, 0.6), skin(0.16, 0)])
        )
        canvas.fill(
            .ellipse(at: at(-0.12, bottom - 8), half * 0.6, 8),
            .around(at(-0.12, bottom - 8), radius: half * 0.6, [skin(0.2, 0.75), skin(0.16, 0)])
        )
        canvas.fill(
            .ellipse(at: at(0, bottom + 5), half * 1.1, 6),
            .around(at(0, bottom + 3), radius: half * 1.1, [skin(-0.28, 0.45), skin(-0.28, 0)])
        )
        for side in [-1.0, 1.0] {
            canvas.fill(
                .smooth([
                    at(side * 0.24, bottom + 0.5), at(side * 0.5, bottom - 2.4), at(side * 0.72, bottom - 0.6),
                    at(side * 0.46, bottom + 1.4),
                ]),
                .plain(Tone(face.skin * 0.3, 0.8))
            )
            canvas.stroke(
                .smooth(
                    [
                        at(side * 0.82, bottom - 11), at(side * 1.06, bottom - 5), at(side * 0.96, bottom),
                        at(side * 0.76, bottom + 0.6),
                    ],
                    closed: false
                ),
                width: 1.5,
                .plain(skin(-0.36, 0.62))
            )
            canvas.stroke(
                .smooth([at(side * 0.18, bottom + 1.8), at(0, bottom + 3)], closed: false),
                width: 1.2,
                .plain(skin(-0.36, 0.5))
            )
        }
    }

    func drawMouth(on canvas: borrowing Canvas) {
        let (half, line, full, smile) = (face.mouthWidth, face.mouthLine, face.lipFullness, face.smile)
        func at(_ across: Double, _ down: Double) -> Point {
            Point(FaceMeasures.middle + across * half, line + down - smile * across * across)
        }
        let parting = [at(-1, 0), at(-0.5, 0.3), at(-0.16, -0.5), at(0, 0.5), at(0.16, -0.5), at(0.5, 0.3), at(1, 0)]
        let above = [
            at(0.55, -full * 0.42), at(0.2, -full * 0.86), at(0, -full * 0.6), at(-0.2, -full * 0.86),
            at(-0.55, -full * 0.42),
        ]
        let below = [at(0.6, full * 0.66), at(0.2, full * 1.16), at(-0.2, full * 1.16), at(-0.6, full * 0.66)]
        canvas.fill(.smooth(parting + above), .along(at(0, -full), at(0, 0), [skin(-0.2, 0.9), skin(-0.33)]))
        canvas.fill(
            .smooth(parting + below),
            .along(at(0, 0), at(0, full * 1.2), [skin(-0.27), skin(-0.12), skin(-0.2, 0.9)])
        )
        canvas.fill(
            .ellipse(at: at(-0.12, full * 0.55), half * 0.4, full * 0.3),
            .around(at(-0.12, full * 0.55), radius: half * 0.4, [skin(0.12, 0.5), skin(0.1, 0)])
        )
        canvas.stroke(.smooth(parting, closed: false), width: 1.5, .plain(Tone(face.skin * 0.26, 0.85)))
        canvas.fill(
            .ellipse(at: at(0, full * 1.9), half * 0.62, 5),
            .around(at(0, full * 1.8), radius: half * 0.62, [skin(-0.25, 0.5), skin(-0.25, 0)])
        )
        for side in [-1.0, 1.0] {
            canvas.fill(
                .ellipse(at: at(side * 1.04, 0.4), 3.4, 3),
                .around(at(side * 1.04, 0.4), radius: 3.4, [skin(-0.36, 0.7), skin(-0.36, 0)])
            )
        }
    }

    func drawWrinkles(on canvas: borrowing Canvas) {
        func line(_ points: [Point], width: Double = 1.5, cover: Double = 0.42) {
            canvas.stroke(.smooth(points, closed: false), width: width, .plain(skin(-0.32, cover)))
        }
        for (index, y) in [face.browLine - 16, face.browLine - 24].enumerated() {
            let reach = 0.52 - 0.08 * Double(index)
            line([
                face.at(-reach, y + 1), face.at(-reach / 2, y - 1.5), face.at(0, y), face.at(reach / 2, y - 1.5),
                face.at(reach, y + 1),
            ])
        }
        for side in [-1.0, 1.0] {
            line(
                [
                    face.at(side * 0.3, face.noseLine - 3), face.at(side * 0.44, face.noseLine + 10),
                    face.at(side * 0.5, face.mouthLine + 4),
                ],
                width: 2.2
            )
            line([
                face.at(side * 0.24, face.eyeLine + 13), face.at(side * 0.46, face.eyeLine + 17),
                face.at(side * 0.66, face.eyeLine + 12),
            ])
            for tilt in [-5.0, 0, 5] {
                line(
                    [face.at(side * 0.74, face.eyeLine + tilt * 0.3), face.at(side * 0.86, face.eyeLine + tilt)],
                    width: 1.1
                )
            }
        }
    }

    func drawBeard(on canvas: borrowing Canvas) {
        let height = face.chin - face.mouthLine
        let right: [(Double, Double)] = [
            (0.1, face.mouthLine - 8), (0.36, face.mouthLine - 6), (0.56, face.mouthLine - 1),
            (0.78, face.noseLine + 2),
            (0.955, face.eyeLine + 20), (0.965 * (face.jaw + 1) / 2, face.mouthLine - 12),
            (0.8 * face.jaw, face.mouthLine + height * 0.52),
            (0.5 * face.jaw, face.chin + 3), (0.16 * face.jaw, face.chin + 8),
        ]
        canvas.fill(
            face.symmetric(right),
            .along(
                face.at(0, face.eyeLine + 24),
                face.at(0, face.chin),
                [hair(0.06, 0), hair(0.07, 0.72), hair(0.03, 0.86), hair(-0.02, 0.94)]
            )
        )
        let moustache: [(Double, Double)] = [
            (0.04, face.noseLine + 6), (0.26, face.noseLine + 6), (0.44, face.mouthLine - 4), (0.5, face.mouthLine + 6),
            (0.36, face.mouthLine - 1), (0.1, face.mouthLine - 4),
        ]
        canvas.fill(face.symmetric(moustache), .plain(hair(0.04, 0.85)))
        canvas.inside(face.symmetric(right)) { canvas in
            for (index, strand) in face.strands.enumerated() {
                let across = Double(index) / Double(face.strands.count - 1) * 1.8 - 0.9
                let top = face.mouthLine + 6 + strand * 14
                canvas.stroke(
                    .straight([face.at(across, top), face.at(across * 0.95, top + 12)], closed: false),
                    width: 1,
                    .plain(hair(0.2, 0.35))
                )
            }
        }
    }

    func drawGlasses(on canvas: borrowing Canvas) {
        let (across, down) = (face.eyeLength * 1.62, face.eyeLength * 1.16)
        let frame = Paint.plain(Tone(0.1, 0.95))
        let y = face.eyeLine + 3
        for side in [-1.0, 1.0] {
            let centre = Point(FaceMeasures.middle + side * face.eyeDistance * 1.03, y)
            let lens = Outline.smooth([
                Point(centre.x - across * 0.92, y - down * 0.62), Point(centre.x, y - down * 0.94),
                Point(centre.x + across * 0.92, y - down * 0.62),
                Point(centre.x + across, y), Point(centre.x + across * 0.74, y + down * 0.78),
                Point(centre.x, y + down),
                Point(centre.x - across * 0.74, y + down * 0.78), Point(centre.x - across, y),
            ])
            canvas.fill(
                lens,
                .along(
                    Point(centre.x - across, y - down),
                    Point(centre.x + across, y + down),
                    [Tone(1, 0.2), Tone(1, 0.02), Tone(1, 0.1)]
                )
            )
            canvas.stroke(lens, width: 2.6, frame)
            canvas.stroke(
                .straight(
                    [Point(centre.x + side * across * 0.96, y - down * 0.4), face.at(side * 1.03, y - 5)],
                    closed: false
                ),
                width: 2.6,
                frame
            )
        }
        let inner = face.eyeDistance * 1.03 - across
        canvas.stroke(
            .smooth(
                [
                    Point(FaceMeasures.middle - inner, y - 4), Point(FaceMeasures.middle, y - 8),
                    Point(FaceMeasures.middle + inner, y - 4),
                ],
                closed: false
            ),
            width: 2.6,
            frame
        )
    }
}
