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
              fuda card personas            作れる模擬の人物の一覧
              fuda card new --persona 名前 -o ファイル
                                            カードを作る
              fuda card insert ファイル      仮想リーダーに挿入する
                                            （--own-reader: 専用のpcscd）
              fuda card inspect ファイル     カードの中と規則を見る
              fuda card fault ファイル 名前   挿入中に不具合を起こす
              fuda card terminal            模擬端末として応答する
            `fuda authority` は模擬認証局を運用します:
              fuda authority init           認証局を作る
                                            （fuda-server authority で動かす）
              fuda authority issue          カードを発行する
              fuda authority revoke         失効・一時保留にする
              fuda authority ceremony       鍵を作る
              fuda authority activate       鍵を使えるようにする
            """,
            """
            `fuda card` makes simulated cards (nothing in them passes for real):
              fuda card personas            list the persons there are cards for
              fuda card new --persona NAME -o FILE
                                            make a card
              fuda card insert FILE         put it into a virtual reader
                                            (--own-reader: with its own pcscd)
              fuda card inspect FILE        look at what it holds and obeys
              fuda card fault FILE NAME     let it misbehave in its reader
              fuda card terminal            answer as a simulated terminal
            `fuda authority` operates a simulated authority:
              fuda authority init           make one (fuda-server authority runs it)
              fuda authority issue          make a card that it certifies
              fuda authority revoke         revoke, or put on hold
              fuda authority ceremony       make its key
              fuda authority activate       let a service use it
            """
        ),
        subcommands: [
            ReadCommand.self, PINCommand.self, CertificateCommand.self, SignCommand.self, VerifyCommand.self,
            ReadersCommand.self, DoctorCommand.self, ExplainCommand.self, APDUCommand.self, TraceCommand.self,
            TourCommand.self, CompletionCommand.self, ManualCommand.self,
        ]
    )
}
