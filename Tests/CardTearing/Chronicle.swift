/// What a card has been, and what it answered, with the disk's steps beside both: from it follows what may be found after
/// a crash at any of them.
public struct Chronicle: Sendable {
    /// A state of the card, from the beginning of the commit that makes it.
    public struct Moment: Hashable, Sendable {
        /// ``CardState/changes()`` as bytes.
        public let state: [UInt8]
        /// The first step of its commit.
        public let began: Int
        /// The first step after its commit; `nil` when that has not returned.
        public fileprivate(set) var ended: Int?
    }

    /// An event and its end: the card's status word, or 9000 for what is no command.
    public struct Answer: Hashable, Sendable {
        public let event: CardEvent
        public let status: UInt16
        /// The first step after it.
        public let ended: Int
    }

    public private(set) var moments: [Moment] = []
    public private(set) var answers: [Answer] = []

    public init() {}

    mutating func begins(_ state: [UInt8], at step: Int) { moments.append(Moment(state: state, began: step)) }
    mutating func ends(at step: Int) { moments[moments.count - 1].ended = step }
    mutating func answered(_ event: CardEvent, _ status: UInt16, at step: Int) {
        answers.append(Answer(event: event, status: status, ended: step))
    }

    /// What may be found when the disk stops before or within a step: two states only while a commit is under way.
    public func possible(at step: Int, doing event: CardEvent? = nil) -> PossibleFindings {
        possible(
            from: moments.lastIndex { ended($0, by: step) },
            upTo: moments.lastIndex { $0.began <= step },
            after: answers.prefix { $0.ended <= step },
            doing: event
        )
    }

    /// What may be found by somebody who knows of so many answers and of nothing else.
    public func possible(afterAnswers count: Int) -> PossibleFindings {
        let heard = answers.prefix(count)
        let last = heard.last?.ended ?? 0
        let next = count < answers.count ? answers[count].ended : last
        return possible(
            from: count == 0 ? nil : moments.lastIndex { ended($0, by: last) },
            upTo: moments.lastIndex { $0.began < next || ended($0, by: last) },
            after: heard,
            doing: nil
        )
    }

    private func ended(_ moment: Moment, by step: Int) -> Bool { moment.ended.map { $0 <= step } ?? false }

    private func possible(
        from lower: Int?,
        upTo upper: Int?,
        after heard: ArraySlice<Answer>,
        doing event: CardEvent?
    ) -> PossibleFindings {
        var told = ToldTries()
        for answer in heard { told.hear(answer.event, answer.status) }
        // The answer that was under way is known when the life was lived to its end elsewhere.
        if heard.endIndex < answers.count {
            told.mayBecome(answers[heard.endIndex].event, answers[heard.endIndex].status)
        } else if let event {
            told.mayBecome(event, nil)
        }
        let states = upper.map { moments[(lower ?? 0)...$0].map(\.state) } ?? []
        return PossibleFindings(
            states: states,
            past: moments[..<(lower ?? 0)].map(\.state),
            mayBeAbsent: lower == nil,
            told: told
        )
    }
}
