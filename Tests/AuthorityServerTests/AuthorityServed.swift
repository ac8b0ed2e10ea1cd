import Testing

/// Everything that one running server is asked by foreign programs.
///
/// The scene: `good`, `held`, `revoked` and `kept` (not handed over yet) are cards; `first` and `second` were issued to
/// the same person on a telephone, and `first` was revoked as superseded.
@Suite(.serialized, .authority(Scene.served)) enum AuthorityServed {}

extension Scene {
    @Sendable static func served(_ authority: RunningAuthority) throws -> Scene {
        var scene = Scene(authority: authority)
        try authority.report("authority", "init", "--data", "D")
        try authority.start()
        let cards = [("good", "adult"), ("held", "foreign"), ("revoked", "adult"), ("first", "android")]
        for (name, persona) in cards { scene.serials[name] = try authority.issue(persona, to: name + ".card") }
        scene.serials["second"] = try authority.issue("android", to: "second.card")
        scene.serials["kept"] = try authority.issue("adult", to: "kept.card", "--keep")
        for (card, reason) in [("held", "hold"), ("revoked", "key-compromise"), ("first", "superseded")] {
            try authority.report("authority", "revoke", "--data", "D", "--card", card + ".card", "--reason", reason)
        }
        try authority.report("authority", "crl", "--data", "D")
        return scene
    }
}
