// swift-tools-version: 6.2
import PackageDescription

/// A package of its own, so that nothing it needs reaches a normal build.
let package = Package(
    name: "fuda-benchmarks",
    dependencies: [
        .package(name: "fuda", path: ".."),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .executableTarget(
            name: "CardBench",
            dependencies: [.product(name: "FudaCard", package: "fuda")],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny")]
        ),
        .executableTarget(
            name: "InstructionBench",
            dependencies: [
                .product(name: "AllocationCounter", package: "fuda"), .product(name: "CardTesting", package: "fuda"),
                .product(name: "FudaCard", package: "fuda"),
            ],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny")]
        ),
        .executableTarget(
            name: "TimingBench",
            dependencies: [
                .product(name: "CardTesting", package: "fuda"), .product(name: "FudaCard", package: "fuda"),
            ],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny")]
        ),
        .executableTarget(name: "BareCard", swiftSettings: [.enableUpcomingFeature("ExistentialAny")]),
        .executableTarget(
            name: "ReaderBench",
            dependencies: [
                .product(name: "FudaCard", package: "fuda"), .product(name: "FudaReader", package: "fuda"),
                .product(name: "FudaReaderHost", package: "fuda"),
            ],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny")]
        ),
        .executableTarget(
            name: "ValidationBench",
            dependencies: [
                .product(name: "FudaRelying", package: "fuda"), .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny")]
        ),
        .executableTarget(
            name: "RecordsBench",
            dependencies: [.product(name: "FudaRecords", package: "fuda")],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny")]
        ),
        .executableTarget(
            name: "AuthorityBench",
            dependencies: [
                .product(name: "FudaAuthority", package: "fuda"), .product(name: "FudaRelying", package: "fuda"),
                .product(name: "AuthorityTesting", package: "fuda"), .product(name: "FudaRecords", package: "fuda"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny")]
        ),
        .executableTarget(
            name: "BareServer",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny")]
        ),
    ],
    swiftLanguageModes: [.v6]
)
