// swift-tools-version: 6.2
import PackageDescription

/// A package of its own, so that nothing it needs reaches a normal build.
let package = Package(
    name: "fuda-benchmarks",
    dependencies: [.package(name: "fuda", path: "..")],
    targets: [
        .executableTarget(
            name: "CardBench",
            dependencies: [.product(name: "FudaCard", package: "fuda")],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny")]
        )
    ],
    swiftLanguageModes: [.v6]
)
