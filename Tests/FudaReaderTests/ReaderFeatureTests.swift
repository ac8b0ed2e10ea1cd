import FudaReader
import Testing

/// What readers say of themselves (PC/SC part 10, 2.2: a tag, a length of 4 and a control code, repeated).
@Suite struct `A reader's features` {
    @Test func `a keypad is known by the ways to verify a PIN at it`() {
        let answer: [UInt8] = [0x06, 0x04, 0x42, 0x33, 0x00, 0x06, 0x07, 0x04, 0x42, 0x33, 0x00, 0x07]
        #expect(ReaderFeature.list(answer) == [.verifyPINDirect, .modifyPINDirect])
        #expect(ReaderFeature.list(answer).hasKeypad)
    }

    @Test(
        arguments: [
            [], [0x06], [0x06, 0x04, 0x42, 0x33, 0x00], [0x06, 0x03, 0x42, 0x33, 0x00, 0x06],
            [0x12, 0x04, 0x42, 0x33, 0x00, 0x12],
            [0x0A, 0x04, 0x42, 0x33, 0x00, 0x0A],
        ] as [[UInt8]]
    )
    func `anything else is none, whatever its length`(answer: [UInt8]) {
        #expect(!ReaderFeature.list(answer).hasKeypad)
    }
}
