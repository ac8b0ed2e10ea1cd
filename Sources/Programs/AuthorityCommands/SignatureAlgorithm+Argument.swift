public import ArgumentParser
public import AuthorityCryptography

/// `rsa2048-sha256` and `p384-sha384`, as arguments.
extension SignatureAlgorithm: ExpressibleByArgument {}
