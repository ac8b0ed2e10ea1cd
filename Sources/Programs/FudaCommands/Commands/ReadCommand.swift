import ArgumentParser
import CommandBasics
import Terminal

/// `fuda read`: everything that can be read off a card.
struct ReadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: Terminal.say("カードを読む", "read a card"),
        subcommands: [
            ReadCardCommand.self, ReadBasicCommand.self, ReadNumberCommand.self, ReadFaceCommand.self,
            ReadPhotoCommand.self, ReadAgeCommand.self, ReadCertificatesCommand.self, ReadRegisterCommand.self,
            ReadAllCommand.self,
        ]
    )
}
