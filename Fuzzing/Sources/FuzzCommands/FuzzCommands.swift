import FuzzDriver
import FuzzHarness

@_cdecl("FuzzCommands_main")
public func main(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32 {
    search(.commands, count, arguments)
}
