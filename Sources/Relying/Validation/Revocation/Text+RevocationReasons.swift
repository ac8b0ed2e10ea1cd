import PKIX
import Problems

/// Why revocation failed or was not checked; nothing here quotes the certificate.
extension Text {
    static let noStatusSource = Text(
        ja: "失効情報の入手先が与えられていません",
        en: "no source of revocation status was given"
    )

    static func revoked(_ reason: CRLReason?) -> Text {
        switch reason {
        case .certificateHold?: Text(ja: "一時保留されています（失効と同じ扱いです）", en: "it is on hold, which counts as revoked")
        case let reason?: Text(ja: "失効しています（\(reason.name)）", en: "it is revoked (\(reason.name))")
        case nil: Text(ja: "失効しています", en: "it is revoked")
        }
    }

    static let unknownToResponder = Text(
        ja: "応答者はこの証明書を知りません",
        en: "the responder does not know it"
    )

    static func failure(_ failure: StatusFailure) -> Text {
        switch failure {
        case .unreachable: Text(ja: "失効情報の問い合わせ先が応答しません", en: "nobody answered who was asked about its status")
        case .noAnswer:
            Text(ja: "失効情報の問い合わせ先の応答がOCSPではありません", en: "what answered about its status is no OCSP responder")
        case .noList:
            Text(ja: "失効情報の問い合わせ先から失効リストを得られません", en: "what answered about its status gave no revocation list")
        }
    }

    static let evidenceOfFuture = Text(
        ja: "失効情報の時刻が判定の時刻より後です",
        en: "the evidence is dated after the time that is judged"
    )

    // MARK: Lists

    static let listOfOtherIssuer = Text(ja: "失効リストの発行者が違います", en: "no list is of its issuer")
    static let listOfOtherPartition = Text(
        ja: "この証明書が指す配布点の失効リストではありません",
        en: "no list is that of the distribution point it names"
    )
    static let listOfUnknownGeneration = Text(
        ja: "失効リストに署名した鍵が手元のどの世代とも合いません",
        en: "the list is signed by no generation of the authority that is at hand"
    )
    static let listSignatureWrong = Text(ja: "失効リストの署名が正しくありません", en: "the signature on the list is wrong")
    static let listHasUnknownCritical = Text(
        ja: "失効リストに理解できない重要な拡張があります",
        en: "the list has a critical extension that is not understood here"
    )
    static let listOfOtherKind = Text(
        ja: "失効リストの対象が利用者の証明書すべてではありません",
        en: "the list does not speak of all certificates of holders"
    )
    static let listNumberTooLow = Text(
        ja: "失効リストに番号がないか、以前のものより小さい番号です",
        en: "the list has no number, or a lower one than was seen before"
    )
    static let listWithoutEnd = Text(ja: "失効リストに次回更新日時がありません", en: "the list does not say when the next one comes")
    static let listOutOfDate = Text(ja: "失効リストが古すぎます", en: "the list is out of date")
    static let listAfterExpiry = Text(
        ja: "失効リストは有効期間が過ぎた証明書を載せ続けません",
        en: "the list was made after it expired and need not name it any more"
    )
    static let deltaWithoutBase = Text(
        ja: "差分失効リストの基になるリストがありません",
        en: "there is no list that the delta list adds to"
    )

    // MARK: Answers

    static let answerUnreadable = Text(ja: "OCSP応答が読めません", en: "the OCSP answer cannot be read")

    static func answerRefused(_ refusal: OCSPRefusal) -> Text {
        Text(ja: "OCSP応答者が答えませんでした（\(refusal.name)）", en: "the responder gave no answer (\(refusal.name))")
    }

    static let answerAboutOther = Text(
        ja: "OCSP応答はこの証明書についてのものではありません",
        en: "the OCSP answer is not about it"
    )
    static let answerHasUnknownCritical = Text(
        ja: "OCSP応答に理解できない重要な拡張があります",
        en: "the OCSP answer has a critical extension that is not understood here"
    )
    static let answerNonce = Text(
        ja: "OCSP応答のノンスが送ったものと違います",
        en: "the nonce of the OCSP answer is not the one that was sent"
    )
    static let answerSignatureWrong = Text(
        ja: "OCSP応答の署名が正しくありません",
        en: "the signature on the OCSP answer is wrong"
    )
    static let answerOutOfDate = Text(ja: "OCSP応答が古すぎます", en: "the OCSP answer is out of date")
    static let answerAfterExpiry = Text(
        ja: "OCSP応答者は有効期間が過ぎた証明書を覚えているとは限りません",
        en: "the responder need not remember it any more, since it had expired"
    )
    static let responderUnknown = Text(
        ja: "OCSP応答に署名した者の証明書がありません",
        en: "the certificate of who signed the OCSP answer is not there"
    )
    static let responderNotDelegated = Text(
        ja: "OCSP応答者はこの証明書の認証局から任されていません",
        en: "the responder is not delegated by the authority of this certificate"
    )
    static let responderOutsideValidity = Text(
        ja: "OCSP応答者の証明書が有効期間外です",
        en: "the responder's certificate is outside its validity"
    )
    static let responderRevocable = Text(
        ja: "OCSP応答者の証明書自体の失効状態がわかりません",
        en: "the responder's certificate could itself be revoked, and nothing tells about that"
    )
}
