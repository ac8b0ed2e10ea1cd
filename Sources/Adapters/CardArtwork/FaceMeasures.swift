/// Where the parts of a face lie on the portrait's grid of 288 by 360, and what varies from one face to the next.
///
/// Everything that depends on the seed is decided here, in a fixed order, so that drawing is plain geometry.
struct FaceMeasures {
    static let gridWidth = 288.0
    static let gridHeight = 360.0
    static let middle = gridWidth / 2

    enum Clothes: CaseIterable {
        case suit, blouse, sweater
    }

    let age: PortraitFeatures.Age
    /// From the middle to the widest point of the cheek.
    let halfWidth: Double
    /// How full the jaw is: 1 is usual.
    let jaw: Double
    let crown = 62.0
    let chin: Double
    let eyeLine: Double
    let eyeDistance: Double
    let eyeLength: Double
    let eyeOpening: Double
    let browLine: Double
    let browTilt: Double
    let browThickness: Double
    let noseLine: Double
    let noseWidth: Double
    let mouthLine: Double
    let mouthWidth: Double
    let lipFullness: Double
    /// Upwards at the corners where positive.
    let smile: Double
    let shoulderWidth: Double
    let neckWidth: Double
    /// Which side the hair is parted on: -1 or 1.
    let parting: Double
    let fringe: Double
    let clothes: Clothes
    let clothesShade: Double
    /// One number for each strand of hair, from -1 to 1.
    let strands: [Double]

    let skin: Double
    let hair: Double

    init(_ features: PortraitFeatures) {
        var variation = Variation(seed: features.seed)
        let width = features.faceWidth.within(0, 1)
        let isChild = features.age == .child
        age = features.age
        skin = 0.34 + 0.5 * features.skinShade.within(0, 1)
        hair = 0.05 + 0.77 * features.hairShade.within(0, 1)

        halfWidth = (isChild ? 64 : 60) + 14 * width
        jaw = (isChild ? 1.06 : 0.98) + variation.around(0.05) + (features.age == .elder ? 0.02 : 0)
        chin = (isChild ? 236 : 246) + variation.around(4)
        eyeLine = (isChild ? 166 : 158) + variation.around(2)
        eyeDistance = halfWidth * (0.46 + variation.around(0.025))
        eyeLength = halfWidth * ((isChild ? 0.235 : 0.215) + variation.around(0.015))
        eyeOpening = (isChild ? 8.6 : features.age == .elder ? 5.4 : 6.6) + variation.around(0.9)
        browLine = eyeLine - (isChild ? 23 : 21) + variation.around(2.5)
        browTilt = variation.around(2.5)
        browThickness = (isChild ? 3.4 : 4.8) + variation.around(1.2)
        noseLine = eyeLine + (isChild ? 30 : 38) + variation.around(2.5)
        noseWidth = halfWidth * ((isChild ? 0.2 : 0.23) + variation.around(0.025))
        mouthLine = noseLine + (chin - noseLine) * (0.42 + variation.around(0.02))
        mouthWidth = halfWidth * ((isChild ? 0.32 : 0.37) + variation.around(0.035))
        lipFullness = (features.age == .elder ? 4.6 : 6) + variation.around(1.2)
        smile = 1.2 + variation.around(1.8)
        shoulderWidth = (isChild ? 92 : 118) + 8 * width + variation.around(6)
        neckWidth = (isChild ? 26 : 33) + 5 * width + variation.around(2.5)
        parting = variation.around(1) < 0 ? -1 : 1
        fringe = variation.around(6)
        let choice = Int((variation.around(1) + 1) / 2 * Double(Clothes.allCases.count))
        clothes = isChild ? .sweater : Clothes.allCases[min(choice, Clothes.allCases.count - 1)]
        clothesShade = 0.26 + variation.around(0.12)
        strands = (0..<48).map { _ in variation.around(1) }
    }

    /// A point by its distance from the middle, in half face widths, and its height on the grid.
    func at(_ across: Double, _ y: Double) -> Point {
        Point(Self.middle + across * halfWidth, y)
    }

    /// The points and their mirror images, as one closed curve; given along the right half, from top to bottom.
    func symmetric(_ right: [(Double, Double)]) -> Outline {
        .smooth(right.map { at($0.0, $0.1) } + right.reversed().map { at(-$0.0, $0.1) })
    }

    var head: Outline {
        let height = chin - crown
        func y(_ share: Double) -> Double { crown + share * height }
        return symmetric([
            (0.22, y(0.002)), (0.62, y(0.06)), (0.9, y(0.2)), (0.985, y(0.38)), (0.985, y(0.55)),
            (0.93 * (jaw + 1) / 2, y(0.7)), (0.76 * jaw, y(0.85)), (0.47 * jaw, y(0.96)), (0.17 * jaw, y(1)),
        ])
    }
}

/// Repeatable variation: SplitMix64, so that a seed means the same face with every version of the standard library.
private struct Variation {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A number between `-reach` and `reach`.
    mutating func around(_ reach: Double) -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return (Double(mixed >> 11) / Double(1 << 52 as UInt64) - 1) * reach
    }
}

extension Double {
    /// The nearest value between two ends; a value that is no number becomes the lower end.
    fileprivate func within(_ lower: Double, _ upper: Double) -> Double {
        self > lower ? Swift.min(self, upper) : lower
    }
}
