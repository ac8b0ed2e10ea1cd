import Foundation
import Testing

/// Every fault the virtual card knows by name, and what `fuda` says when it meets it.
@Suite(.serialized) struct FudaFaultTests {
    private let reader: CardInReader

    init() throws { reader = try CardInReader("adult") }

    /// A fault that a person has to be told of, in words of both languages.
    struct Told: CustomTestStringConvertible {
        let fault: String
        let status: Int32
        let code: String
        let ja: [String]
        let en: [String]
        var isOut = false
        var testDescription: String { fault }
    }

    // `read basic` sends: SELECT JPKI, SELECT 0006, READ, SELECT input support, SELECT 0011, the query, VERIFY,
    // SELECT 0002, READ.
    static let told = [
        Told(
            fault: "torn-out:3",
            status: 4,
            code: "card-removed",
            ja: [
                "fuda: トークン情報 (EF 0006)の処理中にカードが離れました。",
                "      カードをしっかり置き、終わるまで動かさずにもう一度実行してください。 [card-removed]",
            ],
            en: [
                "fuda: The card left the reader at the token information (EF 0006).",
                "      Put it on firmly, leave it there until the end, and run the command again. [card-removed]",
            ],
            isOut: true
        ),
        Told(
            fault: "torn-out:9",
            status: 4,
            code: "card-removed",
            ja: [
                "fuda: 4情報 (FF20) (EF 0002)の処理中にカードが離れました。",
                "      カードをしっかり置き、終わるまで動かさずにもう一度実行してください。 [card-removed]",
            ],
            en: [
                "fuda: The card left the reader at the four facts (FF20) (EF 0002).",
                "      Put it on firmly, leave it there until the end, and run the command again. [card-removed]",
            ],
            isOut: true
        ),
        Told(
            fault: "garbage:9",
            status: 1,
            code: "answer-garbled",
            ja: [
                "fuda: 4情報 (FF20) (EF 0002)への応答が短すぎて読めません。",
                "      カードを置き直してもう一度実行してください。 [answer-garbled]",
            ],
            en: [
                "fuda: The answer at the four facts (FF20) (EF 0002) is too short to be one.",
                "      Put the card on again and run the command again. [answer-garbled]",
            ]
        ),
        Told(
            fault: "garbage:7",
            status: 12,
            code: "outcome-unknown",
            ja: [
                "fuda: 券面事項入力補助用暗証番号を送りましたが、応答が届きませんでした。照合されたか、回数が減ったかは不明です。",
                "      カードを置き直し、`fuda pin status` で残り回数を見てから続けてください。 [outcome-unknown]",
            ],
            en: [
                "fuda: The input-support PIN was sent and no answer came: whether it was right, and whether a try was spent, is unknown.",
                "      Put the card on again and look at `fuda pin status` before you go on. [outcome-unknown]",
            ]
        ),
        Told(
            fault: "verify-answer-lost",
            status: 12,
            code: "outcome-unknown",
            ja: [
                "fuda: 券面事項入力補助用暗証番号を送りましたが、応答が届きませんでした。照合されたか、回数が減ったかは不明です。",
                "      カードを置き直し、`fuda pin status` で残り回数を見てから続けてください。 [outcome-unknown]",
            ],
            en: [
                "fuda: The input-support PIN was sent and no answer came: whether it was right, and whether a try was spent, is unknown.",
                "      Put the card on again and look at `fuda pin status` before you go on. [outcome-unknown]",
            ],
            isOut: true
        ),
    ]

    @Test(arguments: told) func `is told in the right words, in both languages`(told: Told) throws {
        for (language, words) in [("ja", told.ja), ("en", told.en)] {
            try reader.fault(told.fault)
            let answer = try reader.fuda("read", "basic", "--pin", "env:PIN", "--lang", language)
            #expect(answer.status == told.status)
            #expect(answer.complaint.split(separator: "\n").map(String.init) == words)
            #expect(answer.output.isEmpty)
            if told.isOut { try reader.putBack() } else { try reader.fault("none") }
        }
        try reader.fault(told.fault)
        #expect(try reader.fuda("read", "basic", "--pin", "env:PIN", "--json").errorCode == told.code)
        if told.isOut { try reader.putBack() } else { try reader.fault("none") }
    }

    @Test(arguments: ["get-response", "wrong-le", "end-of-file-word", "slow:4:700"])
    func `is survived without a word, and everything read is the same`(fault: String) throws {
        let whole = try reader.fuda("read", "all", "--pin", "env:PIN", "--json", "--images")
        try #require(whole.status == 0, "\(whole.text)")
        try reader.fault(fault)
        let again = try reader.fuda("read", "all", "--pin", "env:PIN", "--json", "--images")
        try reader.fault("none")
        #expect(again.status == 0, "\(again.text)")
        #expect(again.output == whole.output && again.complaint.isEmpty)
    }

    @Test func `a PIN whose answer is lost was tried once, right or wrong, and never again`() throws {
        for (secret, left) in [("WRONG_PIN", 2), ("WRONG_PIN", 1)] {
            try reader.fault("verify-answer-lost")
            #expect(try reader.fuda("read", "basic", "--pin", "env:\(secret)").status == 12)
            try reader.putBack()
            let rows = try reader.fuda("pin", "status", "--json").json["secrets"] as? [[String: Any]] ?? []
            #expect(rows.first { $0["secret"] as? String == "input" }?["triesLeft"] as? Int == left)
        }
    }

    @Test func `a flipped byte in a signed record is either noticed in reading or fails its check`() throws {
        var failed = 0
        // From the first block of the number's file on, one block after the other.
        for position in stride(from: 30, through: 80, by: 10) {
            try reader.fault("wrong-byte:\(position)")
            let answer = try reader.fuda(
                "verify",
                "face",
                "--by",
                "pin",
                "--pin",
                "env:PIN",
                "--trust",
                reader.authority,
                "--json"
            )
            try reader.fault("none")
            #expect([1, 8].contains(answer.status), "byte of answer \(position): \(answer.text)")
            if answer.status == 8 { failed += answer.findings.values.count { $0 == "failed" } }
        }
        #expect(failed > 0)
    }
}
