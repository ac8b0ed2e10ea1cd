import CertificateProfiles
import HTTPTypes
import Hummingbird
import NIOCore
import PKIX
import TimeStamping

extension Routes {
    /// The types of RFC 3161, 3.4.
    private static let queryType = "application/timestamp-query"
    private static let replyType = "application/timestamp-reply"

    func addTimeStamps(to router: Router<BasicRequestContext>) {
        router.post("tsa") { request, _ in try await self.timeStamp(request) }
        // HEAD goes where GET goes.
        for method: HTTPRequest.Method in [.get, .put, .patch, .delete, .options] {
            router.on("tsa", method: method) { _, _ in
                Response(status: .methodNotAllowed, headers: [.allow: "POST", .cacheControl: "no-store"])
            }
        }
    }

    /// A time stamp, or why there is none, in the words of the protocol; 503 where too many wait for theirs.
    private func timeStamp(_ request: Request) async throws -> Response {
        let asker = try asker(request)
        guard Self.isQuery(request.headers[.contentType]) else { throw HTTPError(.unsupportedMediaType) }
        let limit = TimeStampRequest.sizeLimit
        // Nothing of what is too long is read, where it says so.
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw HTTPError(.contentTooLarge)
        }
        let body = try await request.body.collect(upTo: limit)
        guard let reply = await stamps.answer(Array(body.readableBytesView)) else {
            return Response(status: .serviceUnavailable, headers: [.retryAfter: "1", .cacheControl: "no-store"])
        }
        if case .granted = reply { count(request, asker, .tsa, .sign) }
        return Response(
            status: .ok,
            headers: [.contentType: Self.replyType, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: reply.bytes))
        )
    }

    /// Whether a media type is that of requests, whatever its parameters.
    private static func isQuery(_ type: String?) -> Bool {
        let name = type?.split(separator: ";", omittingEmptySubsequences: false).first ?? ""
        return name.split { $0 == " " || $0 == "\t" }.map { $0.lowercased() } == [queryType]
    }
}
