import CardProfiles
import Testing

@Suite struct `The check digit of a My Number` {
    static let valid = ["614106526000", "379474484458", "537686677188", "983205673214", "123456789018"]

    @Test(arguments: valid) func `fits the numbers that were published`(number: String) {
        #expect(CheckDigit.isIndividualNumber(number))
    }

    @Test(arguments: valid) func `is the only one of ten that fits`(number: String) {
        let fitting = (0...9).filter { CheckDigit.isIndividualNumber(number.dropLast() + String($0)) }
        #expect(fitting.map(String.init) == [String(number.suffix(1))])
    }

    @Test(arguments: valid) func `finds any two different neighbours exchanged, or the check digit was 0`(
        number: String
    ) {
        for index in 0..<10 {
            var digits = Array(number)
            guard digits[index] != digits[index + 1] else { continue }
            digits.swapAt(index, index + 1)
            let isValid = CheckDigit.isIndividualNumber(String(digits))
            #expect(!isValid || digits[11] == "0")
        }
    }

    @Test(arguments: [
        "", "0", "12345678901", "1234567890180", "12345678901８", "１２３４５６７８９０１８", "12345678901a", " 23456789018",
        "-23456789018", "123456789018\n",
    ])
    func `is not looked for in anything but twelve digits`(text: String) {
        #expect(!CheckDigit.isIndividualNumber(text))
    }
}

@Suite struct `The check digit of a resident register code` {
    @Test(arguments: ["24727059608", "12345678903", "00000000000", "99999999995"])
    func `fits the sample that was published and the rule's own values`(code: String) {
        #expect(CheckDigit.isResidentRegisterCode(code))
    }

    @Test(arguments: ["24727059608", "12345678903", "00000000000", "99999999995"])
    func `is the only one of ten that fits`(code: String) {
        #expect((0...9).count { CheckDigit.isResidentRegisterCode(code.dropLast() + String($0)) } == 1)
    }

    @Test(arguments: ["", "1234567890", "123456789030", "1234567890３", "1234567890x", "123456789018"])
    func `is not looked for in anything but eleven digits`(text: String) {
        #expect(!CheckDigit.isResidentRegisterCode(text))
    }
}
