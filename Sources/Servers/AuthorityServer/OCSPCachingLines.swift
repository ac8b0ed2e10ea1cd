/// The header lines by which caches may keep an answer (RFC 5019, 6.2), but for the entity tag.
struct OCSPCachingLines {
    /// Up to the tag, and from its end on.
    let before: [UInt8]
    let after: [UInt8]
    private let thisUpdate: Int64
    private let nextUpdate: Int64
    private let now: Int64

    /// Times are seconds since 1970 UTC.
    init(thisUpdate: Int64, nextUpdate: Int64, now: Int64) {
        before =
            Array("content-type: application/ocsp-response\r\nlast-modified: ".utf8) + HTTPDate.bytes(thisUpdate)
            + Array("\r\nexpires: ".utf8) + HTTPDate.bytes(nextUpdate) + Array("\r\netag: ".utf8)
        let age = max(0, nextUpdate - now)
        after = Array("\r\ncache-control: max-age=\(age), public, no-transform, must-revalidate\r\n".utf8)
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.now = now
    }

    func isOf(_ thisUpdate: Int64, _ nextUpdate: Int64, _ now: Int64) -> Bool {
        self.thisUpdate == thisUpdate && self.nextUpdate == nextUpdate && self.now == now
    }
}
