// swift-tools-version: 6.2
import PackageDescription

/// libFuzzer targets, a package of their own: the sanitizers change how everything is built.
func fuzz(_ name: String, _ products: String...) -> Target {
    .executableTarget(
        name: name,
        dependencies: products.map { .product(name: $0, package: "fuda") },
        swiftSettings: [.unsafeFlags(["-parse-as-library", "-sanitize=fuzzer,address"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]
    )
}

let package = Package(
    name: "fuda-fuzzing",
    dependencies: [.package(name: "fuda", path: "..")],
    targets: [
        fuzz("FuzzCommands", "FudaCard"),
        fuzz("FuzzFrames", "FudaCard"),
        fuzz("FuzzDataObjects", "FudaCard"),
        fuzz("FuzzClient", "FudaReader", "FudaCard"),
        fuzz("FuzzRevocation", "FudaRelying"),
    ],
    swiftLanguageModes: [.v6]
)
