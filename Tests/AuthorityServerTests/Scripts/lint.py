"""Lets pkilint judge every object in a folder; prints one finding a line as JSON.

Objects are DER files, told apart by the ends of their names: .cert, .crl (certificates of users), .arl (of authorities),
.ocsp. The validators are made once, for making them takes longer than judging.
"""

import json
import logging
import pathlib
import sys

from pkilint import loader, pkix, validation
from pkilint.pkix import certificate, crl, extension, name, ocsp
from pkilint.pkix.crl import crl_extension


def certificates():
    return certificate.create_pkix_certificate_validator_container(
        certificate.create_decoding_validators(name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS),
        [
            certificate.create_issuer_validator_container([]),
            certificate.create_validity_validator_container(),
            certificate.create_subject_validator_container([]),
            certificate.create_extensions_validator_container([]),
            certificate.create_spki_validator_container([]),
        ],
    )


def lists():
    # Two judges of reasons that pkilint has and its own command leaves out; JPKI knows the reasons 0 to 6.
    unknown_reason = validation.ValidationFinding(validation.ValidationFindingSeverity.ERROR, "fuda.reason_not_of_jpki")
    return crl.create_pkix_crl_validator_container(
        [
            pkix.create_attribute_decoder(name.ATTRIBUTE_TYPE_MAPPINGS),
            pkix.create_extension_decoder(extension.EXTENSION_MAPPINGS),
        ],
        [
            crl.create_issuer_validator_container([]),
            crl.create_validity_validator_container([]),
            crl.create_extensions_validator_container([]),
            crl_extension.CrlReasonCodeValidator(),
            crl_extension.CrlReasonCodeAllowlistValidator(range(7), unknown_reason),
        ],
    )


def answers():
    return ocsp.create_pkix_ocsp_response_validator_container(
        [
            ocsp.create_response_decoder(),
            pkix.create_attribute_decoder(name.ATTRIBUTE_TYPE_MAPPINGS),
            pkix.create_extension_decoder(extension.EXTENSION_MAPPINGS),
        ],
        [],
    )


def main(folder):
    # A validator that raises is a finding of its own; the trace beside it says nothing more.
    logging.disable(logging.CRITICAL)
    judges = {
        ".cert": (loader.RFC5280CertificateDocumentLoader(), certificates()),
        ".crl": (loader.RFC5280CertificateListDocumentLoader(), lists()),
        ".arl": (loader.RFC5280CertificateListDocumentLoader(), lists()),
        ".ocsp": (loader.RFC6960OCSPResponseDocumentLoader(), answers()),
    }
    for path in sorted(pathlib.Path(folder).iterdir()):
        reader, judge = judges[path.suffix]
        document = reader.load_der_document(path.read_bytes(), path.name)
        validators = 0
        for result in judge.validate(document.root):
            validators += 1
            for one in result.finding_descriptions:
                print(
                    json.dumps(
                        {
                            "object": path.name,
                            "severity": one.finding.severity.name,
                            "code": one.finding.code,
                            "place": result.node.path,
                            "message": one.message or "",
                        }
                    )
                )
        print(json.dumps({"object": path.name, "judgements": validators}))


if __name__ == "__main__":
    main(sys.argv[1])
