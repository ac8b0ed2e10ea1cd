import Glibc

// ReaderBench FOLDER PROGRAMS: the card and the reader as they run, through Debian's pcscd and vpcd driver: each figure
// beside the floor of the transport or the limit it has a bar against, taken in the same run.

let folder = CommandLine.arguments.dropFirst().first ?? "/tmp"
let file = folder + "/bench.card"
try Program.demand(
    ["fuda-issue", "new", "--persona", "adult", "-o", file],
    in: folder,
    environment: ["XDG_DATA_HOME": folder]
)

try StartBench(folder: folder, file: file).run()
try MemoryBench(folder: folder, file: file).run()
try FirstCommandBench(folder: folder, file: file).run()
for condition in Condition.allCases {
    let first = condition == .oneProcessor ? processors - 1 : 0
    try useProcessors(first...processors - 1, in: folder)
    if !comeFirst(condition == .oneProcessor, in: folder), condition == .oneProcessor {
        say("the system does not let this come before everything else (chrt): what follows holds others' work, too")
    }
    let readers = try Readers(folder, card: file)
    try ExchangeBench(readers: readers, condition: condition).run()
    try SigningBench(readers: readers, folder: folder, condition: condition).run()
    let reading = ReadingBench(readers: readers, folder: folder, condition: condition)
    if condition == .oneProcessor { try reading.countCommands() }
    try reading.measureTime()
    readers.stop()
}
