"""Holds JSON documents against a JSON Schema.

Usage: documents.py SCHEMA. Each line of standard input is one document; each is answered with `valid`, or with what is
wrong with it. The schema itself has to be one of draft 2020-12.
"""

import json
import sys

from jsonschema import Draft202012Validator

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
for line in sys.stdin:
    flaws = [f"{'/'.join(map(str, flaw.path))}: {flaw.message}" for flaw in validator.iter_errors(json.loads(line))]
    print("; ".join(flaws).replace("\n", " ") or "valid")
