// swift-tools-version: 6.2
import PackageDescription

/// libFuzzer targets, a package of their own: the sanitizers change how everything is built.
///
/// Built by Scripts/fuzz, which has them compiled into every target, so that the search sees the code it attacks and not
/// only the way there. What holds for which bytes stands in Tests/FuzzHarness, which `make test` runs, too.
func fuzz(_ name: String) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["FuzzDriver", .product(name: "FuzzHarness", package: "fuda")],
        swiftSettings: [.unsafeFlags(["-parse-as-library"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]
    )
}

let package = Package(
    name: "fuda-fuzzing",
    dependencies: [.package(name: "fuda", path: "..")],
    targets: [
        .target(name: "FuzzDriver", dependencies: [.product(name: "FuzzHarness", package: "fuda")]),
        fuzz("FuzzCommands"),
        fuzz("FuzzFrames"),
        fuzz("FuzzDataObjects"),
        fuzz("FuzzCardFile"),
        fuzz("FuzzClient"),
        fuzz("FuzzRevocation"),
    ],
    swiftLanguageModes: [.v6]
)
