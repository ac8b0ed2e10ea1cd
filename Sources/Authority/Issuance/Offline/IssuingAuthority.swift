import CertificateProfiles
import CivilCalendar

/// One generation of one authority of the offline maker: an issuer, and the serial number it gives next.
///
/// Its records are the sealed file it is stored in, which is written before anything that was issued is handed out.
struct IssuingAuthority: Sendable {
    let issuer: Issuer
    let key: SigningKey
    var nextSerial: UInt32

    var certificate: [UInt8] { issuer.certificate }

    init(_ name: CertificateAuthority, generatingAt seconds: Int64) throws(IssuanceError) {
        let key = try SigningKey.generate()
        let generation = try NewGeneration(
            of: name,
            generation: 1,
            serial: 1,
            key: key,
            locator: Self.locator,
            at: seconds
        )
        self.key = key
        issuer = generation.issuer
        nextSerial = 2
    }

    /// Puts together what was stored; refuses a certificate that is not about this key.
    init(
        _ name: CertificateAuthority,
        key: SigningKey,
        certificate: [UInt8],
        nextSerial: UInt32
    ) throws(IssuanceError) {
        guard nextSerial >= 2, nextSerial <= Issuer.serials.upperBound + 1 else { throw .malformedAuthority }
        self.key = key
        self.nextSerial = nextSerial
        issuer = try Issuer(name, generation: 1, certificate: certificate, key: key)
    }

    /// Issues a certificate; the serial number is spent as soon as there is a plan for it.
    mutating func issue(_ request: IssuanceRequest) throws(IssuanceError) -> [UInt8] {
        let plan = try issuer.check(request).plan(serial: nextSerial)
        nextSerial += 1
        return try IssuancePermit(plan, recordedAs: plan.event).sign(with: issuer).der
    }

    private static let locator = "file:authority.sealed"
}
