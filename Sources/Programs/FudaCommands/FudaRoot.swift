import ArgumentParser
import CommandBasics
import Terminal

/// `fuda` itself: the reader's commands; what other programs carry out, ``Dispatcher`` hands over before this is asked.
struct FudaRoot: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuda",
        abstract: Terminal.say("マイナンバーカードを読む・確かめる・使う", "see, check and use a My Number Card"),
        discussion: Terminal.say(
            """
            カードは `fuda card` で模擬のものを作れます（本物としては使えません）:
              fuda card personas             作れる模擬の人物の一覧
              fuda card new --persona 名前 -o ファイル
                                             カードを作る
              fuda card insert ファイル       仮想リーダーに挿入する（--own-reader で専用pcscd）
              fuda card inspect ファイル      カードの中と規則を見る
              fuda card fault ファイル 名前    挿入中のカードに不具合を起こす
              fuda card terminal             端末認証の応答を計算する（模擬）
            """,
            """
            `fuda card` makes simulated cards (nothing in them passes for real):
              fuda card personas             list the synthetic persons a card can be made for
              fuda card new --persona NAME -o FILE
                                             make a card
              fuda card insert FILE          put it into the virtual reader (--own-reader: into a pcscd of its own)
              fuda card inspect FILE         look at what it holds and obeys
              fuda card fault FILE NAME      let a card in its reader misbehave
              fuda card terminal             compute a terminal's authentication (simulated)
            """
        ),
        version: "fuda \(Dispatcher.version)",
        subcommands: [
            ReadCommand.self, PINCommand.self, CertificateCommand.self, SignCommand.self, VerifyCommand.self,
            ReadersCommand.self, DoctorCommand.self, ExplainCommand.self, APDUCommand.self, TraceCommand.self,
            CompletionCommand.self, ManualCommand.self,
        ]
    )
}
