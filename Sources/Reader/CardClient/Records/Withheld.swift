// Records about a person tell nothing when they are printed or dumped: descriptions end up in logs.

extension FourFacts: CustomStringConvertible {
    public var description: String { "FourFacts(withheld)" }
}

extension FaceRecord: CustomStringConvertible {
    public var description: String { "FaceRecord(withheld)" }
}

extension AgeRecord: CustomStringConvertible {
    public var description: String { "AgeRecord(withheld)" }
}

#if !hasFeature(Embedded)
    extension FourFacts: CustomReflectable {
        public var customMirror: Mirror { Mirror(self, children: []) }
    }

    extension IndividualNumber: CustomReflectable {
        public var customMirror: Mirror { Mirror(self, children: []) }
    }

    extension FaceRecord: CustomReflectable {
        public var customMirror: Mirror { Mirror(self, children: []) }
    }

    extension AgeRecord: CustomReflectable {
        public var customMirror: Mirror { Mirror(self, children: []) }
    }
#endif
