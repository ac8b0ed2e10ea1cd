import FuzzDriver
import FuzzHarness

@_cdecl("FuzzRevocation_main")
public func main(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32 {
    search(.revocation, count, arguments)
}
