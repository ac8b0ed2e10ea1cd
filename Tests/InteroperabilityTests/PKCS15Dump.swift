/// What `pkcs15-tool --dump` says of a card.
struct PKCS15Dump {
    private(set) var tries: [String: Int] = [:]
    private(set) var keys: [String] = []
    private(set) var certificates: [String] = []
    /// The lines about each object, under its title.
    private(set) var details: [String: [String: String]] = [:]
    let duration: Duration

    init(_ reader: CardInReader, slot: Int = 0) throws {
        let start = ContinuousClock.now
        let answer = try reader.run(.pkcs15Tool, ["--reader", "\(slot)", "--dump"])
        duration = ContinuousClock.now - start
        guard answer.status == 0 else { throw ProgramFailure(description: "--dump: \(answer.text)") }
        var name = ""
        for line in answer.output.split(separator: "\n") {
            if let title = line.wholeMatch(of: /(PIN|Private RSA Key|Public RSA Key|X\.509 Certificate) \[(.*)\]/) {
                name = String(title.2)
                switch title.1 {
                case "Private RSA Key": keys.append(name)
                case "X.509 Certificate": certificates.append(name)
                default: break
                }
            } else if let detail = line.wholeMatch(of: /\t(.+?) *: (.*)/) {
                details[name, default: [:]][String(detail.1)] = String(detail.2)
                if detail.1 == "Tries left" { tries[name] = Int(detail.2) }
            }
        }
    }
}
