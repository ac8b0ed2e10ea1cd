import Foundation
import Testing

/// What `fuda` reads, field by field beside what other programs read off the same card.
@Suite(.serialized) struct FudaReadingTests {
    @Test(arguments: ["adult", "foreign", "rare-characters", "infant", "expired", "child"])
    func `every field is the one that a script of pyscard reads`(persona: String) throws {
        let reader = try CardInReader(persona)
        let facts = try #require(
            try JSONSerialization.jsonObject(with: Data(try reader.runScript("facts").joined().utf8)) as? [String: Any]
        )
        let basic = try reader.fuda("read", "basic", "--pin", "env:PIN", "--json").json
        for key in ["name", "address"] { #expect(basic[key] as? String == facts[key] as? String) }
        #expect((basic["birth"] as? String)?.filter { $0 != "-" } == facts["birth"] as? String)
        let genders = ["1": "male", "2": "female", "9": "not-applicable", "0": "unknown"]
        #expect(basic["gender"] as? String == genders[facts["gender"] as? String ?? ""])
        let number = try reader.fuda("read", "number", "--pin", "env:PIN", "--json").json
        #expect(number["individualNumber"] as? String == facts["number"] as? String)

        let card = try reader.fuda("read", "card", "--json").json
        for key in ["serial", "municipality"] { #expect(card[key] as? String == facts[key] as? String) }
        #expect((card["expiry"] as? String)?.filter { $0 != "-" } == facts["expiry"] as? String)

        let face = try reader.fuda("read", "face", "--by", "pin", "--pin", "env:PIN", "-o", "face", "--json")
        #expect(face.status == 0, "\(face.text)")
        #expect((face.json["birth"] as? String)?.filter { $0 != "-" } == facts["faceBirth"] as? String)
        #expect((face.json["expiry"] as? String)?.filter { $0 != "-" } == facts["faceExpiry"] as? String)
        let pictures = facts["pictures"] as? [String: String] ?? [:]
        #expect(pictures.count == 5)
        for (name, digest) in pictures {
            let path = "face/\(name)." + (name == "photo" ? "jp2" : "png")
            guard FileManager.default.fileExists(atPath: reader.file(path).path) else {
                // An infant's card has an empty object in place of a portrait.
                #expect(persona == "infant" && name == "photo")
                continue
            }
            let judged = try reader.run(.openssl, ["dgst", "-sha256", "-r", path])
            #expect(judged.output.hasPrefix(digest), "\(name)")
        }
    }

    @Test func `every certificate is byte for byte the one OpenSC reads`() throws {
        let reader = try CardInReader("adult")
        for (which, id) in [("auth", "01"), ("sign", "02"), ("auth-ca", "03"), ("sign-ca", "04")] {
            let ours = try reader.fuda("cert", which, "--format", "pem", "--pin", "env:PASSWORD", "-o", "\(which).pem")
            #expect(ours.status == 0, "\(ours.text)")
            let extra = which == "sign" ? ["--verify-pin", "--auth-id", "02", "--pin", "env:PASSWORD"] : []
            let theirs = try reader.run(.pkcs15Tool, ["--read-certificate", id] + extra)
            try reader.write(theirs.output, to: "theirs.pem")
            let digests = try ["\(which).pem", "theirs.pem"].map { file in
                _ = try reader.run(.openssl, ["x509", "-in", file, "-outform", "DER", "-out", "\(file).der"])
                return try reader.bytes("\(file).der")
            }
            #expect(digests[0] == digests[1] && digests[0].count > 1000)
            let der = try reader.fuda("cert", which, "--format", "der", "--pin", "env:PASSWORD", "-o", "\(which).der")
            #expect(try der.status == 0 && reader.bytes("\(which).der") == digests[0])
        }
    }

    @Test func `tries are those OpenSC counts, and asking spends none`() throws {
        let reader = try CardInReader("adult")
        #expect(
            try reader.fuda("cert", "sign", "--pin", "env:WRONG_PASSWORD", with: ["WRONG_PASSWORD": "ABC124"]).status
                == 5
        )
        for _ in 0..<2 {
            let rows = try reader.fuda("pin", "status", "--json").json["secrets"] as? [[String: Any]] ?? []
            let tries = Dictionary(
                rows.map { ("\($0["secret"] ?? "") \($0["application"] ?? "")", $0["triesLeft"] as? Int) },
                uniquingKeysWith: { first, _ in first }
            )
            let theirs = try PKCS15Dump(reader).tries
            #expect(tries["sign jpki"] == theirs["Digital Signature PIN"] && tries["sign jpki"] == 4)
            #expect(tries["auth jpki"] == theirs["User Authentication PIN"])
            #expect(tries["number-a cardFace"] == 10 && tries["register common"] == 3 && tries.count == 10)
        }
    }

    @Test func `the portrait is the card's, and every program shows it`() throws {
        let reader = try CardInReader("adult")
        for name in ["photo.jp2", "photo.png", "photo.jpg"] {
            let answer = try reader.fuda(
                "read",
                "photo",
                "--by",
                "a",
                "--pin",
                "env:NUMBER",
                "-o",
                name,
                with: Self.number
            )
            #expect(answer.status == 0, "\(answer.text)")
        }
        let decoded = try reader.run(.opjDecompress, ["-i", "photo.jp2", "-o", "theirs.pgm"])
        #expect(decoded.status == 0, "\(decoded.text)")
        let pgm = Array(try reader.bytes("theirs.pgm"))
        let shown = try reader.run(.python, ["-c", Self.unpackPNG, "photo.png"])
        #expect(shown.status == 0, "\(shown.text)")
        #expect(Array(try reader.bytes("pixels")) == pgm.suffix(288 * 360), "the same pixels")
        let jpeg = try reader.run(.djpeg, ["-grayscale", "-outfile", "jpeg.pgm", "photo.jpg"])
        #expect(jpeg.status == 0, "\(jpeg.text)")
        #expect(try reader.bytes("jpeg.pgm").starts(with: Data("P5\n288 360\n".utf8)))
    }

    @Test func `secure messaging and extended lengths give the same`() throws {
        let reader = try CardInReader("rare-characters")
        for what in ["basic", "number"] {
            let plain = try reader.fuda("read", what, "--pin", "env:PIN", "--json")
            let secured = try reader.fuda("read", what, "--pin", "env:PIN", "--json", "--secure-messaging", "-v")
            #expect(plain.status == 0 && plain.output == secured.output)
            #expect(secured.complaint.contains("08B0"), "it really was secured")
        }
        let plain = try reader.fuda("read", "face", "--by", "pin", "--pin", "env:PIN", "--json", "--images")
        let long = try reader.fuda(
            "read",
            "face",
            "--by",
            "pin",
            "--pin",
            "env:PIN",
            "--json",
            "--images",
            "--extended"
        )
        #expect(plain.status == 0 && plain.output == long.output)
    }

    private static let number = ["NUMBER": "123456789018"]

    /// Takes a greyscale PNG of eight bits apart with nothing but zlib.
    private static let unpackPNG = """
        import struct, sys, zlib
        data = open(sys.argv[1], "rb").read()
        position, packed = 8, b""
        while position < len(data):
            length, kind = struct.unpack(">I4s", data[position:position + 8])
            if kind == b"IHDR":
                width, height, depth, colour = struct.unpack(">IIBB", data[position + 8:position + 18])
                assert (width, height, depth, colour) == (288, 360, 8, 0)
            if kind == b"IDAT":
                packed += data[position + 8:position + 8 + length]
            position += 12 + length
        rows = zlib.decompress(packed)
        assert all(rows[row * 289] == 0 for row in range(360))
        open("pixels", "wb").write(b"".join(rows[row * 289 + 1:(row + 1) * 289] for row in range(360)))
        """
}
