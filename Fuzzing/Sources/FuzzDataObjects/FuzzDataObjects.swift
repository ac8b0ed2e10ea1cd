import FuzzDriver
import FuzzHarness

@_cdecl("FuzzDataObjects_main")
public func main(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32 {
    search(.dataObjects, count, arguments)
}
