/// What does not hold for the bytes that were examined.
public struct FuzzFinding: Error, CustomStringConvertible {
    public let description: String
}

/// Throws the rule that is broken.
func hold(_ condition: Bool, _ rule: @autoclosure () -> String) throws(FuzzFinding) {
    guard condition else { throw FuzzFinding(description: rule()) }
}
