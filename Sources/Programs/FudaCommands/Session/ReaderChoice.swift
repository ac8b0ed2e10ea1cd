import CardClient
import FudaReader
import PCSC
import Problems
import Terminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Finds the reader a command is about.
enum ReaderChoice {
    struct Chosen {
        let context: PCSCContext
        let state: ReaderState
    }

    static func context() throws -> PCSCContext {
        do throws(PCSCFault) {
            return try PCSCContext()
        } catch {
            throw error.problem
        }
    }

    static func readers(_ context: PCSCContext) throws -> [ReaderState] {
        do throws(PCSCFault) {
            return try context.readers()
        } catch {
            throw error.problem
        }
    }

    /// A reader with a card in it: the one that was named, else the first that has one.
    static func card(_ options: ReaderOptions) throws -> Chosen {
        let context = try context()
        var states = try readers(context)
        let deadline = now() + Int64(options.wait ?? 0) * 1000
        var hasAsked = false
        while true {
            let candidates = try named(options.reader, in: states, mayWait: options.wait != nil)
            if let state = candidates.first(where: { $0.hasCard && !$0.isMute }) ?? candidates.first(where: \.hasCard) {
                guard !state.isMute else { throw Problem.mute(reader: state.name) }
                return Chosen(context: context, state: state)
            }
            let left = deadline - now()
            guard left > 0 else {
                if states.isEmpty { throw Problem.noReader }
                throw Problem.noCard
            }
            if !hasAsked { Terminal.note(Terminal.say("カードをリーダーに置いてください。", "put the card on the reader.")) }
            hasAsked = true
            do throws(PCSCFault) {
                states = try context.waitForChange(from: states, milliseconds: Int(min(left, 60_000)))
            } catch {
                throw error.problem
            }
        }
    }

    static func connect(_ chosen: Chosen) throws -> PCSCConnection {
        let note = Terminal.say(
            "別のプログラムがカードを使っています。終わるのを待っています（Ctrl-Cで中止）。",
            "another program is in the middle of something with the card; waiting for it to end (Ctrl-C gives up)."
        )
        do throws(PCSCFault) {
            return try Terminal.explaining(note, afterMilliseconds: 2000) { () throws(PCSCFault) in
                try PCSCConnection(chosen.context, reader: chosen.state.name)
            }
        } catch {
            throw error.problem
        }
    }

    /// Readers by number from 1, by name, or by a part of it in any case.
    private static func named(_ name: String?, in states: [ReaderState], mayWait: Bool) throws -> [ReaderState] {
        guard let name else { return states }
        if let number = Int(name), number >= 1, number <= states.count { return [states[number - 1]] }
        let exact = states.filter { $0.name == name }
        let found = exact.isEmpty ? states.filter { $0.name.lowercased().contains(name.lowercased()) } : exact
        if states.isEmpty, !mayWait { throw Problem.noReader }
        guard !found.isEmpty || mayWait else { throw Problem.unknownReader(name) }
        return found
    }

    /// Milliseconds of a clock that only goes forward.
    private static func now() -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
