#!/usr/bin/env python3
"""Asks one peer for its verdicts. Cases come in as JSON lines, verdicts go out as JSON lines, in the same order.

usage: judge.py stix2 | stix2-validator | stix2-patterns | stix2-matcher

The first line out names the peer and its version: {"peer": ..., "version": ...}. A case is
{"object": {...}} for the first two, {"pattern": "..."} for the third and {"pattern": "...", "bundles": [...]} for the
last. A verdict is {"yes": true or false, "why": "..."}: whether the object or the pattern is valid, whether the
pattern matches.
"""

import json
import logging
import sys
from importlib import metadata


def stix2_parse():
    """Objects, as `stix2.parse` sees them; custom content allowed, as the standard allows it."""
    import stix2

    def judge(case):
        stix2.parse(case["object"], allow_custom=True, version="2.1")
        return True, ""

    return judge


def stix2_validator():
    """Objects, as the OASIS validator sees their MUSTs: its default options."""
    from stix2validator import ValidationOptions, validate_instance

    options = ValidationOptions(version="2.1")

    def judge(case):
        result = validate_instance(case["object"], options)
        return result.is_valid, "; ".join(str(error.message) for error in result.errors or [])

    return judge


def stix2_patterns():
    """Patterns, as the OASIS pattern validator reads them."""
    from stix2patterns.validator import validate

    def judge(case):
        passed, errors = validate(case["pattern"], stix_version="2.1", ret_errs=True)
        return passed, "; ".join(map(str, errors))

    return judge


def stix2_matcher():
    """Whether a pattern matches observed data, as the OASIS matcher evaluates it."""
    from stix2matcher.matcher import match

    def judge(case):
        return bool(match(case["pattern"], case["bundles"], stix_version="2.1")), ""

    return judge


PEERS = {
    "stix2": stix2_parse,
    "stix2-validator": stix2_validator,
    "stix2-patterns": stix2_patterns,
    "stix2-matcher": stix2_matcher,
}


def main():
    """Runs the command line; gives the exit status."""
    if len(sys.argv) != 2 or sys.argv[1] not in PEERS:
        print(f"usage: judge.py {' | '.join(PEERS)}", file=sys.stderr)
        return 2
    logging.disable()
    peer = sys.argv[1]
    judge = PEERS[peer]()
    print(json.dumps({"peer": peer, "version": metadata.version(peer)}))
    for line in sys.stdin.buffer:
        try:
            yes, why = judge(json.loads(line))
        except Exception as error:  # whatever a peer throws at a case is its verdict on the case
            yes, why = False, f"{type(error).__name__}: {error}"
        print(json.dumps({"yes": yes, "why": why[:300]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
