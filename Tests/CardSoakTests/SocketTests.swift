import CardModel
import CardProfiles
import CardTesting
import ForeignTools
import SmartCard
import Testing
import VirtualCard

/// The program that serves a card, attacked over its socket (cases 104 to 107 and 110 of docs/card/conformance.md).
@Suite struct `A card behind its socket` {
    /// A few thousand where all tests run; `make soak` asks for more.
    private static let wanted = Soak.commands ?? 4_000

    @Test func `answers as its model, whatever the reader sends, and keeps what it acknowledged`() throws {
        let sample = try SampleCards.real()
        let reader = try ReaderEnd()
        let program = try CardProgram(sample, port: reader.port)
        var run = try SocketRun(reader, sample, seed: 2026_1125)
        let gauge = SoakGauge("over the socket", commands: Self.wanted, process: program.identifier)
        var silences = 0
        var deaths = 0
        do {
            while run.commands < Self.wanted {
                let before = run.commands
                if let fault = try run.step() {
                    Issue.record("command \(run.commands): \(fault)\n\(run.history())")
                    return
                }
                gauge.count(run.commands - before)
            }
        } catch ReaderEnd.Failure.silence {
            silences += 1
        } catch ReaderEnd.Failure.closed {
            deaths += 1
        }
        if !program.isRunning { deaths += 1 }
        #expect(silences == 0 && deaths == 0, "\(run.history())\n\(program.log)")
        reader.leave()
        #expect(program.stop() == 0, "\(program.log)")

        // What was acknowledged is what the file holds.
        let state = try program.state()
        for (position, held) in run.model.held {
            let place = try #require(CardProfile.of(.plastic).applications.first { $0.aid.bytes == position.place.aid })
            #expect(state.triesLeft(ObjectID(place.place, FileID(position.file))) == held.left, "\(position)")
        }
        // A run that never got anywhere would say nothing.
        let reached: [UInt16] = [
            0x9000, 0x63C2, 0x6700, 0x6884, 0x6982, 0x6985, 0x6986, 0x69FC, 0x6A82, 0x6A86, 0x6D00, 0x6E00,
        ]
        #expect(reached.filter { run.statuses[$0] == nil }.isEmpty, "statuses that were never reached")

        guard Soak.commands != nil, let report = gauge.report() else { return }
        Soak.say(
            "soak: \(report.commands) commands over the socket: \(deaths) deaths, \(silences) silences, \(report), "
                + "\(run.connections) connections, longest wait \(Int(run.longestWait * 1_000)) ms"
        )
        for manner in SocketRun.Manner.allCases {
            Soak.say("soak: over the socket, \(manner.rawValue): \(run.manners[manner] ?? 0)")
            #expect(run.manners[manner] != nil, "\(manner) was never shown")
        }
        #expect(report.growth.resident < 2 << 20, "memory grows")
        #expect(report.slowestQuarter < 2, "commands take longer and longer")
    }
}
