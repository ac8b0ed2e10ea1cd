import ArgumentParser
import CardClient
import FacePicture
import JPEGPicture
import PNGPicture
import Problems
import Secrets
import Terminal

/// The forms a portrait can be given in.
enum PhotoFormat: String, ExpressibleByArgument, CaseIterable {
    case png
    case jpeg
    /// As it is on the card (ISO/IEC 15444-1).
    case jp2

    init?(path: String) {
        switch path.lowercased() {
        case let name where name.hasSuffix(".png"): self = .png
        case let name where name.hasSuffix(".jpg") || name.hasSuffix(".jpeg"): self = .jpeg
        case let name where name.hasSuffix(".jp2"): self = .jp2
        default: return nil
        }
    }

    var mediaType: String { "image/" + rawValue }

    /// The card's JPEG 2000 in this form.
    func convert(_ jp2: [UInt8]) throws(Problem) -> [UInt8] {
        if self == .jp2 { return jp2 }
        do {
            let picture = try FacePicture.decode(jp2)
            return try self == .png
                ? PNGPicture.eightBit(width: picture.width, height: picture.height, grey: picture.grey)
                : JPEGPicture.grey(width: picture.width, height: picture.height, grey: picture.grey)
        } catch {
            throw .photoUnreadable
        }
    }
}

/// The pictures of a card's face, by what they show.
struct FacePictures {
    let record: FaceRecord
    /// The picture of My Number, where number A was verified.
    var number: [UInt8]?

    init(_ record: FaceRecord) { self.record = record }

    private var all: [(key: String, label: Text, fileName: String, bytes: [UInt8])] {
        var all = [
            ("nameImage", Text(ja: "氏名の画像", en: "picture of the name"), "name.png", record.nameImage),
            ("addressImage", Text(ja: "住所の画像", en: "picture of the address"), "address.png", record.addressImage),
            (
                "securityCodeImage", Text(ja: "セキュリティコードの画像", en: "picture of the security code"),
                "security-code.png", record.securityCodeImage
            ),
        ]
        if let number {
            all.append(("numberImage", Text(ja: "個人番号の画像", en: "picture of My Number"), "number.png", number))
        }
        return all
    }

    /// Adds what each picture is, and the picture itself where it is wanted.
    func add(to report: inout Report, inFull: Bool) throws {
        for picture in all { report.add(picture.key, picture.label, value(picture.bytes, "image/png", inFull)) }
        let photo = inFull && !record.photo.isEmpty ? try PhotoFormat.png.convert(record.photo) : record.photo
        report.add(
            "photo",
            Text(ja: "顔写真", en: "portrait"),
            photo.isEmpty ? .absent(nil) : value(photo, inFull ? "image/png" : "image/jp2", inFull)
        )
    }

    private func value(_ bytes: [UInt8], _ mediaType: String, _ inFull: Bool) -> Report.Value {
        if inFull { return .bytes(bytes, mediaType: mediaType) }
        var report = Report()
        let shown = Text(ja: "\(bytes.count) バイト (\(mediaType))", en: "\(bytes.count) bytes (\(mediaType))")
        report.add("bytes", nil, .number(bytes.count))
        report.add("mediaType", nil, .text(mediaType))
        return .described(report, shown)
    }

    /// Writes every picture into a folder: PNG as on the card, the portrait as PNG and as it is.
    func save(in folder: String, replacing: Bool) throws {
        // All that can fail before anything is written does so here.
        var files = all.map { (name: $0.fileName, bytes: $0.bytes) }
        if !record.photo.isEmpty {
            files.append(("photo.jp2", record.photo))
            files.append(("photo.png", try PhotoFormat.png.convert(record.photo)))
        }
        let folder = try Files.folder(folder)
        if !replacing {
            for file in files where Files.exists(folder + "/" + file.name) {
                throw Problem.outputExists(folder + "/" + file.name)
            }
        }
        for file in files { try Files.write(file.bytes, to: folder + "/" + file.name, replacing: replacing) }
    }
}

extension IndividualNumber {
    /// As what opens the card face.
    func asSecret() throws -> JudgedSecret {
        var bytes = Array(digits.utf8)
        return try SecretJudge.judge(SecretBytes(taking: &bytes), as: .numberA)
    }
}

extension Problem {
    static var photoUnreadable: Problem {
        Problem(
            code: "photo-unreadable",
            outcome: .other,
            whatHappened: Text(ja: "顔写真を変換できません。", en: "The portrait cannot be converted."),
            whatToDo: Text(
                ja: "--format jp2 でカードにあるまま取り出せます。",
                en: "--format jp2 gives it as it is on the card."
            )
        )
    }
}
