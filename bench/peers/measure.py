#!/usr/bin/env python3
"""Times one peer at its work, inside one process that was started and warmed before the clock runs.

usage: measure.py PEER SECONDS ROUNDS FILE [PATTERNS]

  stix2            parses each line of FILE, one object a line
  stix2-validator  parses each line as JSON and validates it
  stix2-matcher    compiles each line of PATTERNS once and matches it against the bundles of FILE, each alone
  stix2-matcher-together  the same, against all bundles in one call
  evidence         checks each line of FILE with examples/verify: a file of evidence in hexadecimal, and the pinned roots

Each round starts at the first line and ends with the last, or when SECONDS have passed. What is counted is the
processor's time for this process, which has one thread: the machine may do other things meanwhile. Out comes one
JSON line:
{"version": ..., "python": ..., "rounds": [{"items": ..., "bytes": ..., "seconds": ...}]}.
"""

import importlib.util
import itertools
import json
import logging
import platform
import sys
import time
from importlib import metadata
from pathlib import Path


def stix2_parse(lines, _patterns):
    """One job a line."""
    import stix2

    for line in lines:
        yield 1, len(line), lambda line=line: stix2.parse(line, allow_custom=True, version="2.1")


def stix2_validator(lines, _patterns):
    """One job a line."""
    from stix2validator import ValidationOptions, validate_instance

    options = ValidationOptions(version="2.1")
    for line in lines:
        yield 1, len(line), lambda line=line: validate_instance(json.loads(line), options)


def stix2_matcher(lines, patterns):
    """One job for each pattern and each bundle."""
    from stix2matcher.matcher import Pattern

    compiled = [Pattern(pattern.decode(), "2.1") for pattern in patterns]
    bundles = [json.loads(line) for line in lines]
    for pattern, bundle in itertools.product(compiled, bundles):
        yield 1, 0, lambda pattern=pattern, bundle=bundle: pattern.match([bundle])


def stix2_matcher_together(lines, patterns):
    """One job a pattern; it evaluates as many observations as there are bundles."""
    from stix2matcher.matcher import Pattern

    bundles = [json.loads(line) for line in lines]
    for pattern in patterns:
        compiled = Pattern(pattern.decode(), "2.1")
        yield len(bundles), 0, lambda compiled=compiled: compiled.match(bundles)


def evidence(lines, _patterns):
    """One job a line. Without ML-DSA the checker would do half of the work, and say so."""
    place = Path(__file__).resolve().parents[2] / "examples" / "verify" / "verify.py"
    spec = importlib.util.spec_from_file_location("verify", place)
    verify = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(verify)
    for line in lines:
        given = json.loads(line)
        data, pinned = bytes.fromhex(given["file"]), set(given["roots"])
        if not verify.halves["ml-dsa"]:
            verify.check(data, pinned)
            if not verify.halves["ml-dsa"]:
                raise SystemExit("this `cryptography` has no ML-DSA")
        yield 1, len(data), lambda data=data, pinned=pinned: verify.check(data, pinned)


PEERS = {
    "stix2": ("stix2", stix2_parse),
    "stix2-validator": ("stix2-validator", stix2_validator),
    "stix2-matcher": ("stix2-matcher", stix2_matcher),
    "stix2-matcher-together": ("stix2-matcher", stix2_matcher_together),
    "evidence": ("cryptography", evidence),
}


def read(name):
    """The lines of a file, without their ends."""
    with open(name, "rb") as file:
        return file.read().splitlines()


def timed(jobs, seconds):
    """One round."""
    items = size = 0
    start = now = time.process_time()
    for count, length, job in jobs:
        job()
        items += count
        size += length
        now = time.process_time()
        if now - start > seconds:
            break
    return {"items": items, "bytes": size, "seconds": now - start}


def main():
    """Runs the command line; gives the exit status."""
    if len(sys.argv) not in (5, 6) or sys.argv[1] not in PEERS:
        print(__doc__, file=sys.stderr)
        return 2
    logging.disable()
    package, jobs_of = PEERS[sys.argv[1]]
    seconds, rounds = float(sys.argv[2]), int(sys.argv[3])
    patterns = read(sys.argv[5]) if len(sys.argv) == 6 else []
    jobs = list(jobs_of(read(sys.argv[4]), patterns))
    for _, _, job in jobs[:20]:
        job()
    told = {
        "version": metadata.version(package),
        "python": platform.python_version(),
        "rounds": [timed(jobs, seconds) for _ in range(rounds)],
    }
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
