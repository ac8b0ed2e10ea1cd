import FudaReader

func printFourFacts(pin: inout [UInt8]) throws {
    let secret = SecretBytes(taking: &pin)
    try CardReaders.withCard { card in
        try card.verify(.input, secret)
        let facts = try card.readFourFacts()
        print(facts.name, facts.address, facts.birth, facts.gender)
    }
}
