// swift-tools-version: 6.2
import PackageDescription

/// Settings every first-party target shares, in one list so that no target drifts.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// A target in the folder of the part of the system it belongs to.
func part(_ folder: String, _ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(folder)/\(name)", swiftSettings: strict)
}

/// A program; where it is linked for use, with its relocations packed, which would fill a megabyte of its memory otherwise.
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies,
        path: "Sources/Programs/\(name)",
        swiftSettings: strict,
        linkerSettings: [
            .unsafeFlags(
                ["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"],
                .when(platforms: [.linux], configuration: .release)
            )
        ]
    )
}

func test(
    _ name: String,
    _ dependencies: [Target.Dependency],
    exclude: [String] = [],
    resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies,
        exclude: exclude,
        resources: resources,
        swiftSettings: strict
    )
}

func library(_ name: String, pkgConfig: String, apt package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/Adapters/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")

let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")

let package = Package(
    name: "fuda",
    products: [
        .executable(name: "fuda", targets: ["fuda"]),
        .executable(name: "fuda-card", targets: ["fuda-card"]),
        .executable(name: "fuda-issue", targets: ["fuda-issue"]),
        .executable(name: "fuda-server", targets: ["fuda-server"]),
        .library(
            name: "FudaRecords",
            targets: [
                "AuthorityCryptography", "CertificateProfiles", "EventLog", "AuthorityRecords", "SQLiteRecords",
                "PostgresRecords",
            ]
        ),
        .library(name: "FudaReader", targets: ["FudaReader", "CardClient", "CardTrace"]),
        .library(
            name: "FudaCard",
            targets: [
                "SmartCard", "TLV", "Secrets", "CardProfiles", "VirtualCard", "CardFaults", "CardKeys", "CardStorage",
                "VPCD",
            ]
        ),
        .library(
            name: "FudaAuthority",
            targets: [
                "AuthorityAssembly", "AuthorityCryptography", "AuthorityService", "CAKeys",
                "CertificateProfiles", "CivilCalendar", "EventLog", "Issuance", "Revocation", "Secrets",
            ]
        ),
        .library(name: "AuthorityTesting", targets: ["AuthorityTesting", "ForeignTools"]),
        .library(name: "FudaRelying", targets: ["PKIX", "Validation"]),
        .library(name: "FuzzHarness", targets: ["FuzzHarness"]),
        // For Benchmarks, which are a package of their own.
        .library(name: "FudaReaderHost", targets: ["PCSC", "ReaderHost"]),
        .library(name: "CardTesting", targets: ["CardTesting"]),
        .library(name: "AllocationCounter", targets: ["AllocationCounter"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // Ground: no Foundation, no packages.
        part("Ground", "SmartCard"),
        part("Ground", "TLV"),
        part("Ground", "Secrets"),
        part("Ground", "Threads"),
        part("Ground", "Problems"),
        part("Ground", "CivilCalendar"),
        part("Ground", "CardCryptography"),
        part("Ground", "AuthorityCryptography"),

        // Facts.
        part("Card", "CardProfiles", ["SmartCard", "TLV", "Problems", "CivilCalendar"]),
        part(
            "Authority",
            "CertificateProfiles",
            ["AuthorityCryptography", "CivilCalendar", "PKIX", asn1, x509, crypto]
        ),

        part("Authority", "PKIX", ["CivilCalendar"]),

        // Engines.
        part("Authority", "EventLog", ["AuthorityCryptography", "CertificateProfiles", crypto]),
        part(
            "Authority",
            "AuthorityRecords",
            ["AuthorityCryptography", "CertificateProfiles", "EventLog", "Problems", crypto]
        ),
        part("Authority", "KeyCeremony", ["AuthorityCryptography", "Problems", "Secrets", crypto]),
        part("Card", "VirtualCard", ["SmartCard", "TLV", "Secrets", "CardProfiles", "CardCryptography"]),
        part("Card", "Personalization", ["SmartCard", "TLV", "Secrets", "Problems", "CivilCalendar", "CardProfiles"]),
        part("Card", "CardFaults", ["SmartCard", "Problems"]),
        part(
            "Authority",
            "Revocation",
            ["AuthorityCryptography", "CertificateProfiles", "CivilCalendar", "EventLog", "PKIX", crypto]
        ),
        part("Authority", "TimeStamping", ["AuthorityCryptography", "PKIX", crypto]),
        part(
            "Authority",
            "Issuance",
            [
                "AuthorityCryptography", "CivilCalendar", "CertificateProfiles", "EventLog", "PKIX", "SmartCard", "TLV",
                asn1, x509, crypto, cryptoExtras,
            ]
        ),

        part(
            "Reader",
            "CardClient",
            ["SmartCard", "TLV", "Secrets", "Problems", "CivilCalendar", "CardProfiles", "CardCryptography"]
        ),
        part("Reader", "CardTrace", ["SmartCard", "TLV", "CardProfiles", "CardClient"]),
        part("Relying", "Validation", ["Problems", "CivilCalendar", "PKIX", asn1, x509, crypto]),

        // Adapters: each wraps exactly one outside thing.
        library("CPCSC", pkgConfig: "libpcsclite", apt: "libpcsclite-dev"),
        library("CTurboJPEG", pkgConfig: "libturbojpeg", apt: "libturbojpeg0-dev"),
        library("COpenSSL", pkgConfig: "libcrypto", apt: "libssl-dev"),
        library("CP11Kit", pkgConfig: "p11-kit-1", apt: "libp11-kit-dev"),
        library("CCairo", pkgConfig: "cairo", apt: "libcairo2-dev"),
        library("CPangoCairo", pkgConfig: "pangocairo", apt: "libpango1.0-dev"),
        library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        library("COpenJPEG", pkgConfig: "libopenjp2", apt: "libopenjp2-7-dev"),
        part("Adapters", "CardKeys", ["COpenSSL", "CardCryptography"]),
        part(
            "Adapters",
            "CAKeys",
            ["COpenSSL", "CP11Kit", "AuthorityCryptography", "Problems", "Secrets", "Threads"]
        ),
        part(
            "Adapters",
            "CardStorage",
            ["CardKeys", "CardCryptography", "VirtualCard", "CardProfiles", "Problems", "Secrets", "SmartCard", "TLV"]
        ),
        part("Adapters", "PCSC", ["CPCSC", "CardClient"]),
        part("Adapters", "VPCD", []),
        part("Adapters", "ReaderHost", ["Problems"]),
        part("Adapters", "ControlSocket", ["Threads"]),
        part("Adapters", "PlainHTTP"),
        .systemLibrary(name: "CLinux", path: "Sources/Adapters/CLinux"),
        part("Adapters", "Terminal", ["CLinux", "Problems", "Secrets"]),
        part("Adapters", "PNGPicture", ["CZlib"]),
        part("Adapters", "JPEGPicture", ["CTurboJPEG"]),
        part("Adapters", "CardArtwork", ["CCairo", "CPangoCairo", "PNGPicture"]),
        part("Adapters", "FacePicture", ["COpenJPEG"]),
        library("CPostgres", pkgConfig: "libpq", apt: "libpq-dev"),
        part("Adapters", "SQLiteRecords", ["AuthorityRecords", "Threads", grdb, sqlite]),
        part("Adapters", "PostgresRecords", ["AuthorityRecords", "CPostgres", "Threads"]),

        // Compositions: the only places that know adapters by name.
        part(
            "Reader",
            "FudaReader",
            [
                "SmartCard", "TLV", "Secrets", "Problems", "CivilCalendar", "CardProfiles", "CardClient", "CardKeys",
                "CardCryptography", "PCSC",
            ]
        ),
        part("Programs", "CommandManual", ["Problems"]),
        part(
            "Programs",
            "FudaCommands",
            [
                "Problems", "SmartCard", "TLV", "Secrets", "CivilCalendar", "CardProfiles", "CardClient", "CardTrace",
                "CardKeys", "CardCryptography", "EventLog", "FudaReader", "PKIX", "Validation", "PCSC", "PlainHTTP",
                "FacePicture",
                "PNGPicture",
                "JPEGPicture",
                "Terminal", "CommandBasics", "CommandManual", arguments,
            ]
        ),
        part("Programs", "CommandBasics", ["Problems", "SmartCard", "CardStorage", "Terminal", arguments]),
        part(
            "Programs",
            "CardHost",
            [
                "Problems", "SmartCard", "CardProfiles", "VirtualCard", "CardFaults", "CardKeys", "CardStorage", "VPCD",
                "ReaderHost", "ControlSocket", "Terminal", "Threads", "CommandBasics", arguments,
            ]
        ),
        part(
            "Programs",
            "IssueCommands",
            [
                "Problems", "SmartCard", "CivilCalendar", "CardProfiles", "VirtualCard", "Personalization",
                "AuthorityAssembly", "CertificateProfiles", "EventLog", "Issuance", "CardKeys", "CardStorage",
                "CardArtwork", "FacePicture", "Terminal", "CommandBasics", arguments,
            ]
        ),

        part(
            "Servers",
            "AuthorityAssembly",
            [
                "AuthorityCryptography", "AuthorityRecords", "AuthorityService", "CAKeys", "CardStorage",
                "CertificateProfiles", "CivilCalendar", "ControlSocket", "EventLog", "Issuance", "PKIX", "Problems",
                "PostgresRecords", "Revocation", "SQLiteRecords", "Secrets",
            ]
        ),
        part(
            "Servers",
            "AuthorityService",
            [
                "AuthorityCryptography", "AuthorityRecords", "CertificateProfiles", "CivilCalendar", "EventLog",
                "Issuance", "PKIX", "Revocation", "Threads", "TimeStamping",
            ]
        ),
        part(
            "Programs",
            "AuthorityCommands",
            [
                "AuthorityAssembly", "AuthorityCryptography", "CAKeys", "CardStorage", "CertificateProfiles",
                "CommandBasics", "EventLog", "IssueCommands", "KeyCeremony", "Problems", "Secrets", "Terminal",
                arguments,
            ]
        ),

        part(
            "Servers",
            "AuthorityServer",
            [
                "AuthorityAssembly", "AuthorityRecords", "AuthorityService", "CardStorage", "CertificateProfiles",
                "CivilCalendar", "ControlSocket", "EventLog", "PKIX", "Problems", "Revocation", "TimeStamping",
                hummingbird, hummingbirdCore, logging, nioCore, nioHTTP1, nioPosix,
            ]
        ),
        part(
            "Programs",
            "ServerCommands",
            ["AuthorityAssembly", "AuthorityServer", "CommandBasics", "Problems", "Terminal", arguments]
        ),

        // Programs.
        program("fuda-server", ["ServerCommands"]),
        program("fuda", ["FudaCommands"]),
        program("fuda-card", ["CardHost"]),
        program("fuda-issue", ["IssueCommands", "AuthorityCommands"]),

        // Tests.
        .systemLibrary(name: "CMalloc", path: "Tests/CMalloc"),
        .target(
            name: "ForeignTools",
            dependencies: ["CMalloc"],
            path: "Tests/ForeignTools",
            swiftSettings: strict
        ),
        .target(
            name: "AuthorityTesting",
            dependencies: [
                "AuthorityCryptography", "CertificateProfiles", "CivilCalendar", "EventLog", "Issuance", asn1, x509,
                crypto, cryptoExtras,
            ],
            path: "Tests/AuthorityTesting",
            swiftSettings: strict
        ),
        .target(
            name: "CardTesting",
            dependencies: ["SmartCard", "CardProfiles", "VirtualCard", "CardCryptography", "CardKeys"],
            path: "Tests/CardTesting",
            swiftSettings: strict
        ),
        .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
        .executableTarget(
            name: "AllocationProbe",
            dependencies: ["AllocationCounter", "CardTesting", "SmartCard", "VirtualCard"],
            path: "Tests/AllocationProbe",
            swiftSettings: strict
        ),
        .target(
            name: "CardTearing",
            dependencies: ["CardStorage", "CardTesting", "CardKeys", "CardProfiles", "SmartCard", "VirtualCard"],
            path: "Tests/CardTearing",
            swiftSettings: strict
        ),
        .target(
            name: "CardModel",
            dependencies: ["CardTesting", "CardCryptography", "CardKeys"],
            path: "Tests/CardModel",
            swiftSettings: strict
        ),
        .target(
            name: "FuzzHarness",
            dependencies: [
                "CardTesting", "CardClient", "CardKeys", "CardProfiles", "CardStorage", "CardTrace", "PKIX", "Secrets",
                "CardCryptography", "SmartCard", "TLV", "VPCD", "VirtualCard",
            ],
            path: "Tests/FuzzHarness",
            swiftSettings: strict
        ),
        .target(
            name: "ReaderTesting",
            dependencies: [
                "CardTesting", "CardClient", "CardKeys", "CardProfiles", "CertificateProfiles", "CivilCalendar",
                "Issuance", "Personalization", "Secrets", "SmartCard", "VirtualCard",
            ],
            path: "Tests/ReaderTesting",
            swiftSettings: strict
        ),
        test(
            "CardClientTests",
            [
                "ForeignTools", "FudaReader", "ReaderTesting", "CardTesting", "CardClient", "CardKeys", "CardProfiles",
                "CivilCalendar", "Issuance", "Personalization", "Problems", "Secrets", "SmartCard", "VirtualCard",
            ]
        ),
        test(
            "CardTraceTests",
            [
                "ReaderTesting", "CardTesting", "CardTrace", "CardClient", "CardKeys", "CardProfiles", "CivilCalendar",
                "Personalization", "SmartCard",
            ]
        ),
        test("FuzzHarnessTests", ["FuzzHarness"]),
        test(
            "VirtualCardTests",
            [
                "CardModel", "CardTesting", "ForeignTools", "SmartCard", "CardProfiles", "VirtualCard",
                "CardCryptography", "CardKeys",
            ],
            resources: [.copy("Fixtures")]
        ),
        test("CardArtworkTests", ["CardArtwork", "CZlib"]),
        test("PictureTests", ["ForeignTools", "PNGPicture", "JPEGPicture"]),
        test(
            "ValidationTests",
            [
                "AuthorityTesting", "ForeignTools", "PKIX", "Validation", "Problems", "CertificateProfiles",
                "CivilCalendar", "Issuance", asn1, x509, crypto, cryptoExtras,
            ]
        ),
        test("CommandManualTests", ["ForeignTools", "CommandManual", "Problems"]),
        test("FacePictureTests", ["FacePicture"]),
        test(
            "RevocationTests",
            [
                "AuthorityTesting", "AuthorityCryptography", "CertificateProfiles", "CivilCalendar", "EventLog",
                "ForeignTools", "Issuance", "PKIX", "Revocation",
            ]
        ),
        test("PKIXTests", ["ForeignTools", "PKIX", crypto, cryptoExtras]),
        test(
            "TimeStampingTests",
            [
                "AuthorityTesting", "AuthorityCryptography", "CertificateProfiles", "CivilCalendar", "ForeignTools",
                "Issuance", "PKIX", "TimeStamping",
            ]
        ),
        test(
            "CertificateProfilesTests",
            ["AuthorityCryptography", "CertificateProfiles", "CivilCalendar", "PKIX", asn1, x509, crypto]
        ),
        test(
            "IssuanceTests",
            [
                "AuthorityTesting", "AuthorityCryptography", "EventLog", "ForeignTools", "Issuance",
                "CertificateProfiles", "CivilCalendar", "SmartCard", "TLV", x509, crypto, cryptoExtras,
            ]
        ),
        test("GroundTests", ["SmartCard", "TLV", "Secrets", "Problems", "CivilCalendar", "CardProfiles"]),
        test("CardKeysTests", ["ForeignTools", "CardKeys", "CardCryptography"]),
        test("KeyCeremonyTests", ["KeyCeremony", "AuthorityCryptography", "ForeignTools", "Problems", "Secrets"]),
        test("CAKeysTests", ["ForeignTools", "CAKeys", "AuthorityCryptography", "Problems", "Secrets"]),
        .executableTarget(
            name: "CardHammer",
            dependencies: ["CardTearing", "CardStorage"],
            path: "Tests/CardHammer",
            swiftSettings: strict
        ),
        test(
            "CardStorageTests",
            [
                "CardHammer", "CardTearing", "CardStorage", "CardKeys", "VirtualCard", "CardProfiles", "CardTesting",
                "ForeignTools", "Problems", "SmartCard",
            ],
            resources: [.copy("Fixtures")]
        ),
        test(
            "CardSoakTests",
            [
                "CardModel", "CardTesting", "ForeignTools", "CardCryptography", "CardKeys", "CardProfiles",
                "CardStorage", "SmartCard", "VirtualCard",
            ]
        ),
        test("VPCDTests", ["ForeignTools", "VPCD", "VirtualCard", "CardTesting"]),
        .executableTarget(
            name: "LedgerHammer",
            dependencies: [
                "AuthorityRecords", "SQLiteRecords", "PostgresRecords", "EventLog", "AuthorityCryptography",
                "CertificateProfiles",
            ],
            path: "Tests/LedgerHammer",
            swiftSettings: strict
        ),
        test("EventLogTests", ["EventLog", "AuthorityCryptography", "CertificateProfiles", crypto]),
        test(
            "AuthorityRecordsTests",
            [
                "ForeignTools", "LedgerHammer", "AuthorityRecords", "SQLiteRecords", "PostgresRecords", "EventLog",
                "AuthorityCryptography", "CertificateProfiles", crypto,
            ],
            exclude: ["Shims"]
        ),
        test(
            "AuthorityServerTests",
            [
                "ForeignTools", "AuthorityAssembly", "AuthorityCryptography", "AuthorityService", "CertificateProfiles",
                "CivilCalendar", "EventLog", "Issuance", "Problems", "Revocation", "TimeStamping", asn1, x509, crypto,
            ],
            resources: [.copy("Scripts")]
        ),
        test("CardFaultsTests", ["CardFaults", "SmartCard", "Problems"]),
        test("ControlSocketTests", ["ControlSocket"]),
        test("PlainHTTPTests", ["ForeignTools", "PlainHTTP"]),
        test(
            "PersonalizationTests",
            [
                "ForeignTools", "Personalization", "Problems", "IssueCommands", "CardProfiles", "CivilCalendar",
                "Issuance", "CardKeys",
                "CardStorage", "VirtualCard", crypto,
            ]
        ),
        test("TerminalTests", ["Terminal"]),
        test("FudaReaderTests", ["FudaReader"]),
        test("CommandTests", ["ForeignTools", "FudaCommands", "Problems"]),
        test(
            "AuthorityFaultTests",
            [
                "AuthorityAssembly", "AuthorityTesting", "CertificateProfiles", "CivilCalendar", "ControlSocket",
                "EventLog", "ForeignTools", "Issuance", "PKIX", "Problems", crypto, cryptoExtras,
            ],
            resources: [.copy("Shims")]
        ),
        test("InteroperabilityTests", ["ForeignTools", "ReaderHost"], resources: [.copy("Scripts")]),
    ],
    swiftLanguageModes: [.v6]
)
