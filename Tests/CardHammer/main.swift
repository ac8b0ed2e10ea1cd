import CardStorage
import CardTearing
import Glibc

// Lives through a card's events, a line each from standard input, and says each answer after it was given; at a step of the
// disk it kills itself. Somebody else compares what is in the file with what was said.
//
//     CardHammer FILE [STEP before|half|after]

let arguments = CommandLine.arguments
guard arguments.count == 2 || arguments.count == 4 else { exit(2) }

/// One write for one line: what is in the pipe when the process dies is whole.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
}

let disk: KillingDisk
if arguments.count == 4 {
    guard let step = Int(arguments[2]), let moment = KillingDisk.Moment(rawValue: arguments[3]) else { exit(2) }
    disk = KillingDisk(at: step, moment)
} else {
    disk = KillingDisk()
}
let life = CardLife(at: arguments[1], on: disk)
do {
    while let line = readLine() {
        guard let event = CardEvent(line: line) else { exit(2) }
        say("answer \(try life.live(event))")
    }
    say("steps \(disk.steps)")
} catch {
    say("stopped \(error)")
    exit(1)
}
