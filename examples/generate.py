#!/usr/bin/env python3
"""Writes the example data of this folder, or with --check compares it with what it would write.

Python 3.11 or newer, its standard library alone. The same run gives the same bytes on every machine.
"""

import argparse
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from generator import bundle, checks, mx, us  # noqa: E402

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "agreement.template.toml"


def files():
    """Every file by its name, and the sentences that say what is wrong with them."""
    ours, story = us.holdings()
    theirs, answer = mx.holdings()
    report = bundle.bundle(ours)
    told = {
        "from": "us", "to": "mx", "clause": "precursors-south", "purpose": "precursor-control", **story,
        "answer": {
            "from": "mx", "to": "us", "clause": "health-north", "purpose": "public-health", **answer,
        },
    }
    agreement = TEMPLATE.read_text(encoding="utf-8")
    for name, value in {
        "{id}": "agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11",
        "{from}": "2026-02-01",
        "{until}": "2027-01-31",
        "{us_root}": "sha256:" + "0" * 64,
        "{mx_root}": "sha256:" + "1" * 64,
    }.items():
        agreement = agreement.replace(name, value)
    made = {
        "us/holdings.jsonl": lines(ours.objects),
        "us/bundle.json": json.dumps(report, ensure_ascii=False, indent=2) + "\n",
        "mx/holdings.jsonl": lines(theirs.objects),
        "story.json": json.dumps(told, ensure_ascii=False, indent=2) + "\n",
    }
    broken = checks.problems(ours.objects, theirs.objects, report, told, agreement)
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    named = (*told["passes"], *told["redacted"], *told["withheld"], *told["answer"]["ids"])
    broken += [f"README.md does not name `{one}` of story.json" for one in named if one not in readme]
    return made, broken


def lines(objects):
    """JSON lines, one object each."""
    return "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in objects)


def main():
    """Runs the command line; gives the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file differs")
    parser.add_argument("--out", type=Path, default=HERE, metavar="DIR", help="write there (default: this folder)")
    options = parser.parse_args()
    made, broken = files()
    for name, text in made.items():
        path = options.out / name
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        elif not path.is_file() or path.read_bytes() != text.encode():
            broken.append(f"{name} is not what generate.py writes; run python3 examples/generate.py")
    for sentence in broken:
        print(f"generate.py: {sentence}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
