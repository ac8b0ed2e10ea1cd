import PKIX

/// Objects written by hand that our own writers would not write.
enum Forged {
    /// A list of one entry whose only extension is `2.5.29.x`.
    static func entryExtension(
        by name: [UInt8],
        _ identifier: UInt8,
        isCritical: Bool
    ) throws -> [UInt8] {
        var writer = DERWriter()
        writer.sequence { outer in
            outer.sequence { list in
                list.integer(1)
                list.append(AlgorithmIdentifier.sha256WithRSAEncryption.encoded)
                list.append(name)
                list.append(DERTag.utcTime, Array("260101000000Z".utf8))
                list.append(DERTag.utcTime, Array("260103000000Z".utf8))
                list.sequence { entries in
                    entries.sequence { entry in
                        entry.integer(7)
                        entry.append(DERTag.utcTime, Array("260101000000Z".utf8))
                        entry.sequence { extensions in
                            extensions.sequence { one in
                                one.objectIdentifier([0x55, 0x1D, identifier])
                                if isCritical { one.append(DERTag.boolean, [0xFF]) }
                                one.append(DERTag.octetString, [0x05, 0x00])
                            }
                        }
                    }
                }
            }
            outer.append(AlgorithmIdentifier.sha256WithRSAEncryption.encoded)
            outer.bitString([1, 2, 3])
        }
        return writer.bytes
    }
}
