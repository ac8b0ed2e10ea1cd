import CommandManual

/// A tree with all that a dump can hold, and texts that every format has to escape.
enum OddDump {
    /// What shells and formatters take for their own: quotes, brackets, colons, escapes, expansions.
    static let text = #"it's "an" [odd]: \fB\e$HOME `id` (x) %s {a,b} ~ ^ | & ; * ? # ! <y> 日本語"#

    static func tree() throws -> CommandTree {
        try CommandTree(parsing: [Array(json.utf8)])
    }

    private static var escaped: String {
        text.map { "\\\"".contains($0) ? "\\\($0)" : String($0) }.joined()
    }

    static var json: String {
        """
        {"serializationVersion": 0, "command": {
          "commandName": "fuda", "abstract": "\(escaped)", "shouldDisplay": true,
          "discussion": ".TH is no request\\n'nor this\\n\\n  $ fuda odd -o x\\n  .so here\\n\\nAfter it.\\n",
          "arguments": [\(flag("version"))],
          "subcommands": [
            {"commandName": "odd", "abstract": "\(escaped)", "shouldDisplay": true,
             "discussion": ".first\\n\\n  shape\\n    kept",
             "arguments": [
               {"kind": "positional", "shouldDisplay": true, "isOptional": true, "isRepeating": false,
                "valueName": "place", "abstract": ".\(escaped)", "completionKind": {"directory": {}}},
               {"kind": "option", "shouldDisplay": true, "isOptional": true, "isRepeating": true, "valueName": "it's:[x]",
                "names": [{"kind": "short", "name": "o"}, {"kind": "long", "name": "out-put"},
                          {"kind": "longWithSingleDash", "name": "out"}],
                "abstract": "\(escaped)", "discussion": "More.\\n\\n.And more.", "defaultValue": "a-b"},
               {"kind": "option", "shouldDisplay": true, "isOptional": false, "isRepeating": false, "valueName": "mode",
                "names": [{"kind": "long", "name": "mode"}], "allValues": ["it's", "b:c", "d e"]},
               {"kind": "option", "shouldDisplay": false, "isOptional": true, "isRepeating": false, "valueName": "x",
                "names": [{"kind": "long", "name": "hidden"}]},
               \(flag("yes")), \(flag("no-yes"))
             ]},
            {"commandName": "secret", "shouldDisplay": false},
            {"commandName": "plain", "shouldDisplay": true},
            {"commandName": "help", "shouldDisplay": true, "abstract": "Show subcommand help information."}
          ]}}
        """
    }

    private static func flag(_ name: String) -> String {
        """
        {"kind": "flag", "shouldDisplay": true, "isOptional": true, "isRepeating": false, "valueName": "\(name)",
         "names": [{"kind": "long", "name": "\(name)"}], "abstract": "say \(name)"}
        """
    }
}
