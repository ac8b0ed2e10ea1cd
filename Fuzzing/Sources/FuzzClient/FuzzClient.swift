import FuzzDriver
import FuzzHarness

@_cdecl("FuzzClient_main")
public func main(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32 {
    search(.client, count, arguments)
}
