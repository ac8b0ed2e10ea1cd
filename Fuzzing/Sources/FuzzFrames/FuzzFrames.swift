import FuzzDriver
import FuzzHarness

@_cdecl("FuzzFrames_main")
public func main(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32 {
    search(.frames, count, arguments)
}
