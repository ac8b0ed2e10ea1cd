import PlainHTTP
import Testing

@Suite("Addresses on this machine")
struct AddressTests {
    @Test("Loopback in its three spellings is taken")
    func taken() {
        let plain = PlainHTTPAddress("http://127.0.0.1:8080/ocsp/sign")
        #expect(plain?.host == "127.0.0.1" && plain?.port == 8080 && plain?.path == "/ocsp/sign")
        #expect(PlainHTTPAddress("HTTP://LOCALHOST")?.port == 80)
        #expect(PlainHTTPAddress("http://localhost?a=b")?.path == "/?a=b")
        #expect(PlainHTTPAddress("http://[::1]:81/x#y")?.host == "::1")
        #expect(PlainHTTPAddress("http://[::1]:81/x#y")?.path == "/x")
    }

    @Test(
        "Everything else is not",
        arguments: [
            "https://127.0.0.1/", "http://example.test/", "http://127.0.0.1.example.test/", "http://user@127.0.0.1/",
            "http://127.0.0.1:0/", "http://127.0.0.1:65536/", "http://127.0.0.1:/", "http://127.0.0.1:+1/", "http://",
            "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y", "127.0.0.1", "", "http://[::1", "http://[::1]x/",
            "http://0.0.0.0/", "http://127.0.0.1/é",
        ]
    )
    func refused(text: String) {
        #expect(PlainHTTPAddress(text) == nil)
    }
}
