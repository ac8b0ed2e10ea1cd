import ForeignTools
import Foundation
import Testing

extension Emitted {
    @Suite struct `pkilint finds in what is emitted` {
        private let scene: Scene
        init() throws { scene = try Scene.current }

        /// A finding that is not one of ours to mend, on objects whose names have this end, and why.
        struct Accepted: Decodable {
            let code: String
            /// Ends of objects' names after the set of algorithms, such as `sign.cert`; both sets have it.
            let objects: [String]
            let why: String
        }

        struct Finding: Decodable, Hashable {
            let object: String
            let severity: String?
            let code: String?
            let place: String?
            let message: String?
            let judgements: Int?
        }

        private static func judged(_ folder: String) throws -> [Finding] {
            let script = try #require(
                Bundle.module.url(forResource: "lint", withExtension: "py", subdirectory: "Scripts")
            )
            let answer = try ForeignProgram.run(
                RunningAuthority.repository + "/.venv-test/bin/python3",
                [script.path, folder]
            )
            try #require(answer.status == 0, "Scripts/setup test installs pkilint: \(answer.notes)")
            return try answer.text.split(separator: "\n").map {
                try JSONDecoder().decode(Finding.self, from: Data($0.utf8))
            }
        }

        private static func accepted() throws -> [Accepted] {
            let file = try #require(
                Bundle.module.url(forResource: "accepted-findings", withExtension: "json", subdirectory: "Scripts")
            )
            return try JSONDecoder().decode([Accepted].self, from: Data(contentsOf: file))
        }

        @Test func `only what is accepted and explained, and all of that`() throws {
            let objects = try FileManager.default.contentsOfDirectory(atPath: scene.authority.path(Emitted.folder))
            #expect(objects.count == 2 * (2 * (1 + 3 + 5 + 5) + 1) + 4)
            let lines = try Self.judged(scene.authority.path(Emitted.folder))
            // Every object was looked at, by more than a few rules.
            #expect(Set(lines.filter { ($0.judgements ?? 0) > 5 }.map(\.object)) == Set(objects))
            let accepted = try Self.accepted()
            var met: Set<String> = []
            for finding in lines {
                guard let code = finding.code else { continue }
                let name = Self.withoutSet(finding.object)
                let rule = accepted.first { $0.code == code && $0.objects.contains(name) }
                #expect(
                    rule != nil,
                    "\(finding.object): \(finding.severity ?? "") \(code) at \(finding.place ?? ""): \(finding.message ?? "")"
                )
                if rule != nil { met.insert(code + " " + finding.object) }
            }
            for rule in accepted {
                #expect(rule.why.count > 20, "\(rule.code)")
                for object in objects where rule.objects.contains(Self.withoutSet(object)) {
                    #expect(met.contains(rule.code + " " + object), "never met: \(rule.code) on \(object)")
                }
                for name in rule.objects {
                    #expect(objects.contains { Self.withoutSet($0) == name }, "no such object: \(name)")
                }
            }
        }

        @Test func `an error where there is one: it does look at each kind`() throws {
            let folder = scene.authority.path("faulty")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            // cA of an authority false, as DER never writes it; a reason that there is not; an answer's end before its
            // beginning.
            let faults: [(String, [UInt8], [UInt8])] = [
                ("current-sign-ca.cert", [0x30, 0x03, 0x01, 0x01, 0xFF], [0x30, 0x03, 0x01, 0x01, 0x00]),
                (
                    "current-sign-all.crl", [0x55, 0x1D, 0x15, 0x04, 0x03, 0x0A, 0x01, 0x00],
                    [
                        0x55, 0x1D, 0x15, 0x04, 0x03, 0x0A, 0x01, 0x07,
                    ]
                ),
                ("current-auth-good.ocsp", [0xA0, 0x11, 0x18, 0x0F, 0x32], [0xA0, 0x11, 0x18, 0x0F, 0x31]),
            ]
            for (name, from, to) in faults {
                var object = Data(try scene.authority.read("\(Emitted.folder)/\(name)"))
                object.replaceSubrange(try #require(object.firstRange(of: Data(from)), "\(name)"), with: to)
                try object.write(to: URL(filePath: folder + "/" + name))
            }
            let errors = try Self.judged(folder).filter { ["ERROR", "FATAL"].contains($0.severity ?? "") }
            #expect(Set(errors.map(\.object)) == Set(faults.map(\.0)))
        }

        private static func withoutSet(_ object: String) -> String {
            for set in ["current-", "next-"] where object.hasPrefix(set) { return String(object.dropFirst(set.count)) }
            return object
        }
    }
}
