/// What hostile bytes are taken for; each name is that of a program in Fuzzing, and of its folders of seeds and fail cases.
public enum FuzzTarget: String, CaseIterable, Sendable {
    case commands = "FuzzCommands"
    case frames = "FuzzFrames"
    case dataObjects = "FuzzDataObjects"
    case cardFile = "FuzzCardFile"
    case client = "FuzzClient"
    case revocation = "FuzzRevocation"

    /// Takes any bytes through the code under attack: it must neither trap nor hang.
    ///
    /// Throws the rule that does not hold for them.
    public func examine(_ bytes: [UInt8]) throws(FuzzFinding) {
        switch self {
        case .commands: try examineCommands(bytes)
        case .frames: try examineFrames(bytes)
        case .dataObjects: try examineDataObjects(bytes)
        case .cardFile: try examineCardFile(bytes)
        case .client: try examineClient(bytes)
        case .revocation: try examineRevocation(bytes)
        }
    }
}
