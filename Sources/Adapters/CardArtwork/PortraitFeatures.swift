/// What an invented face looks like.
///
/// Equal features give the same portrait to the pixel. In a file every key may be left out and stands for its default.
public struct PortraitFeatures: Hashable, Sendable {
    public enum HairStyle: String, Hashable, Sendable, Codable, CaseIterable {
        case short, long, bob, bald, tied
    }

    public enum Age: String, Hashable, Sendable, Codable, CaseIterable {
        case child, adult, elder
    }

    /// From 0, narrow, to 1, wide.
    ///
    /// Values outside are taken as the nearer end, here and for the shades.
    public var faceWidth: Double
    public var hair: HairStyle
    /// From 0, black, to 1, white.
    public var hairShade: Double
    /// From 0, dark, to 1, light.
    public var skinShade: Double
    public var glasses: Bool
    public var beard: Bool
    public var age: Age
    /// Varies what is not named above, from the distance of the eyes to the clothes.
    public var seed: UInt64

    public init(
        faceWidth: Double = 0.5,
        hair: HairStyle = .short,
        hairShade: Double = 0.1,
        skinShade: Double = 0.8,
        glasses: Bool = false,
        beard: Bool = false,
        age: Age = .adult,
        seed: UInt64 = 0
    ) {
        self.faceWidth = faceWidth
        self.hair = hair
        self.hairShade = hairShade
        self.skinShade = skinShade
        self.glasses = glasses
        self.beard = beard
        self.age = age
        self.seed = seed
    }
}

extension PortraitFeatures: Codable {
    private enum CodingKeys: String, CodingKey {
        case faceWidth, hair, hairShade, skinShade, glasses, beard, age, seed
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let standard = PortraitFeatures()
        self.init(
            faceWidth: try values.decodeIfPresent(Double.self, forKey: .faceWidth) ?? standard.faceWidth,
            hair: try values.decodeIfPresent(HairStyle.self, forKey: .hair) ?? standard.hair,
            hairShade: try values.decodeIfPresent(Double.self, forKey: .hairShade) ?? standard.hairShade,
            skinShade: try values.decodeIfPresent(Double.self, forKey: .skinShade) ?? standard.skinShade,
            glasses: try values.decodeIfPresent(Bool.self, forKey: .glasses) ?? standard.glasses,
            beard: try values.decodeIfPresent(Bool.self, forKey: .beard) ?? standard.beard,
            age: try values.decodeIfPresent(Age.self, forKey: .age) ?? standard.age,
            seed: try values.decodeIfPresent(UInt64.self, forKey: .seed) ?? standard.seed
        )
    }
}
