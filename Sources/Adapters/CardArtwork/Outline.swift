/// A place on a drawing.
struct Point {
    var x: Double
    var y: Double

    init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }
}

/// A line or the edge of an area, as a value; a canvas fills or strokes it.
struct Outline {
    enum Step {
        case move(Point)
        case line(Point)
        case curve(Point, Point, Point)
        case close
    }

    private(set) var steps: [Step] = []

    /// A curve through all points without a corner: a Catmull–Rom spline, written as Bézier curves.
    static func smooth(_ points: [Point], closed: Bool = true) -> Outline {
        guard let first = points.first, points.count > 1 else { return Outline() }
        func place(_ index: Int) -> Point {
            closed
                ? points[(index + points.count) % points.count]
                : points[min(max(index, 0), points.count - 1)]
        }
        var outline = Outline(steps: [.move(first)])
        for index in 0..<(closed ? points.count : points.count - 1) {
            let (before, from, to, after) = (place(index - 1), place(index), place(index + 1), place(index + 2))
            outline.steps.append(
                .curve(
                    Point(from.x + (to.x - before.x) / 6, from.y + (to.y - before.y) / 6),
                    Point(to.x - (after.x - from.x) / 6, to.y - (after.y - from.y) / 6),
                    to
                )
            )
        }
        if closed { outline.steps.append(.close) }
        return outline
    }

    static func straight(_ points: [Point], closed: Bool = true) -> Outline {
        guard let first = points.first else { return Outline() }
        return Outline(steps: [.move(first)] + points.dropFirst().map(Step.line) + (closed ? [.close] : []))
    }

    static func rectangle(x: Double, y: Double, width: Double, height: Double) -> Outline {
        straight([Point(x, y), Point(x + width, y), Point(x + width, y + height), Point(x, y + height)])
    }

    static func ellipse(at centre: Point, _ across: Double, _ down: Double) -> Outline {
        // How far the handles of four Bézier curves reach so that together they pass for a circle.
        let reach = 0.5523
        func place(_ x: Double, _ y: Double) -> Point { Point(centre.x + x * across, centre.y + y * down) }
        return Outline(steps: [
            .move(place(1, 0)),
            .curve(place(1, reach), place(reach, 1), place(0, 1)),
            .curve(place(-reach, 1), place(-1, reach), place(-1, 0)),
            .curve(place(-1, -reach), place(-reach, -1), place(0, -1)),
            .curve(place(reach, -1), place(1, -reach), place(1, 0)),
            .close,
        ])
    }
}

/// A shade of grey, from 0 for black to 1 for white, and how much of it covers what lies beneath.
struct Tone {
    var grey: Double
    var cover: Double

    init(_ grey: Double, _ cover: Double = 1) {
        self.grey = grey
        self.cover = cover
    }
}

/// What an area is filled with; the tones of a gradient are spaced evenly.
enum Paint {
    case plain(Tone)
    case along(Point, Point, [Tone])
    case around(Point, radius: Double, [Tone])
}
