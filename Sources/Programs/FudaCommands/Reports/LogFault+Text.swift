import EventLog
import Problems

extension LogFault {
    /// What is wrong, and where.
    var text: Text {
        switch self {
        case .altered(let place): Self.at(place, ja: "書き換えられています", en: "was altered")
        case .missing(let place): Self.at(place, ja: "がありません", en: "is missing")
        case .unlinked(let place):
            Self.at(place, ja: "前の記録とつながっていません", en: "does not follow from the entry before")
        case .outOfTime(let place): Self.at(place, ja: "前の記録より古い時刻です", en: "is older than the entry before")
        case .contradictsCheckpoint(let place, let number):
            Self.at(
                place,
                ja: "チェックポイント \(number) と一致しません",
                en: "is not what checkpoint \(number) says, or was cut off"
            )
        case .checkpointUnreadable: Text(ja: "読めないチェックポイントがあります", en: "a checkpoint cannot be read")
        case .checkpointForged(let number):
            Text(ja: "チェックポイント \(number) の署名が違います", en: "the signature of checkpoint \(number) is wrong")
        case .checkpointMissing(let number):
            Text(ja: "チェックポイント \(number) がありません", en: "checkpoint \(number) is missing")
        case .checkpointFallsBack(let number):
            Text(ja: "チェックポイント \(number) は前のものより後退しています", en: "checkpoint \(number) falls back behind the one before")
        case .unreadable(let place): Self.at(place, ja: "知らない出来事です", en: "is an event that this program does not know")
        case .impossible(let place): Self.at(place, ja: "規則の上で起こりえません", en: "could not have happened by the rules")
        }
    }

    private static func at(_ place: LogPosition, ja: String, en: String) -> Text {
        let name = "\(place.writer) \(place.sequence)"
        return Text(ja: "記録 \(name) \(ja)", en: "entry \(name) \(en)")
    }
}
