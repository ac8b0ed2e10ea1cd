import FudaReader

struct ScriptedChannel: CardChannel {
    var answers: [[UInt8]]

    mutating func transmit(_ command: [UInt8]) throws(ChannelFailure) -> [UInt8] {
        guard !answers.isEmpty else { throw .cardRemoved }
        return answers.removeFirst()
    }
}

func triesLeft(_ answers: [[UInt8]]) throws(CardError) -> TriesLeft {
    let channel = ScriptedChannel(answers: answers)
    var card = CardClient(channel, cryptography: OpenSSLCryptography())
    return try card.triesLeft(SecretKind.auth.home)
}
