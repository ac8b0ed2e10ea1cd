import FacePicture
import Foundation
import Testing

/// Files exchanged with the command-line tools of the package libopenjp2-tools.
struct ForeignToolTests {
    @Test func `another program reads our file and sees the same pixels`() throws {
        let folder = try Folder()
        let pixels = Sample.face(288, 360)
        let jp2 = try FacePicture.encodeJP2(width: 288, height: 360, grey: pixels, maximumBytes: 7000)
        try Data(jp2).write(to: folder.file("face.jp2"))
        try folder.run("opj_decompress", "-i", folder.file("face.jp2").path, "-o", folder.file("face.pgm").path)
        let theirs = try Data(contentsOf: folder.file("face.pgm"))
        #expect([UInt8](theirs.suffix(288 * 360)) == (try FacePicture.decode(jp2).grey))
    }

    @Test func `a colour picture of another program becomes grey`() throws {
        let picture = try decoded(
            portable: "P6\n2 2\n255\n",
            samples: [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255],
            named: "colour.ppm"
        )
        #expect(picture.grey == [76, 150, 29, 255])
    }

    @Test func `sixteen bits become eight`() throws {
        let picture = try decoded(
            portable: "P5\n3 1\n65535\n",
            samples: [0, 0, 0x80, 0x80, 0xFF, 0xFF],
            named: "deep.pgm"
        )
        #expect(picture.grey == [0, 0x80, 0xFF])
    }

    @Test func `a picture in several tiles comes together`() throws {
        let pixels = Sample.face(100, 70)
        let picture = try decoded(
            portable: "P5\n100 70\n255\n",
            samples: pixels,
            named: "tiles.pgm",
            "-t",
            "32,32",
            "-n",
            "3"
        )
        #expect(picture.width == 100)
        #expect(picture.height == 70)
        #expect(picture.grey == pixels)
    }

    /// Has the other program compress a picture without loss, and decodes it.
    private func decoded(
        portable header: String,
        samples: [UInt8],
        named name: String,
        _ options: String...
    ) throws -> (width: Int, height: Int, grey: [UInt8]) {
        let folder = try Folder()
        try Data(Array(header.utf8) + samples).write(to: folder.file(name))
        let fewResolutions = options.contains("-n") ? [] : ["-n", "1"]
        try folder.run(
            "opj_compress",
            arguments: ["-i", folder.file(name).path, "-o", folder.file("out.jp2").path] + fewResolutions + options
        )
        return try FacePicture.decode([UInt8](Data(contentsOf: folder.file("out.jp2"))))
    }
}

/// A temporary folder, gone with the test.
private final class Folder {
    private struct ToolFailed: Error {
        let tool: String
        let hint = "needs the package libopenjp2-tools"
    }

    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("face-picture-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func file(_ name: String) -> URL {
        url.appendingPathComponent(name)
    }

    func run(_ tool: String, _ arguments: String...) throws {
        try run(tool, arguments: arguments)
    }

    func run(_ tool: String, arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ToolFailed(tool: tool) }
    }
}
