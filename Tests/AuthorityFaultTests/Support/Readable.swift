import Foundation

/// Waiting for many sockets at once.
enum Readable {
    /// Calls `body` once for each descriptor, by its place, as soon as there is something to read from it.
    static func each(_ descriptors: [Int32], _ body: (Int) throws -> Void) throws {
        var waiting = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var left = waiting.count
        while left > 0 {
            guard unsafe poll(&waiting, nfds_t(waiting.count), 20_000) > 0 else {
                throw HTTPConnection.Ended(errno: errno)
            }
            for place in waiting.indices where waiting[place].revents != 0 {
                try body(place)
                // Negative numbers are passed over.
                waiting[place].fd = -1
                waiting[place].revents = 0
                left -= 1
            }
        }
    }
}
