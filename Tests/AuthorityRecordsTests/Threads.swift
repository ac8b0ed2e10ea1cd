import Glibc

/// Holds the calling thread, as a process does that is stopped.
func blockThread(seconds: UInt32) { sleep(seconds) }
