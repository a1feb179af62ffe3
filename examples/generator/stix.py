"""STIX 2.1 objects: ids, times, markings, grades."""

import json
import uuid
from datetime import datetime, timedelta, timezone

from .draw import Draw

SCO_NAMESPACE = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")  # STIX 2.1 section 2.9
FIRST_DAY = datetime(2026, 1, 5, tzinfo=timezone.utc)

# TLP 2.0 as OASIS and FIRST publish it: the ids are fixed and may not be replaced by others.
TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
TLP = {
    "clear": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "green": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "amber": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "amber+strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "red": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}

CONSIGNMENT = "extension-definition--0f4d9c27-8a31-4b6e-a5d2-71c3e9b0f846"
LABORATORY = "extension-definition--b3e75a10-2c94-4d8f-8b16-5e0a9f4c7d23"
OVERDOSE = "extension-definition--d91f6b84-7e02-4a5c-9c38-a4b6e2d0175f"
GRADING = "extension-definition--6a8c2d1e-5b7f-4c0a-9e3d-2f1b8a7c6d50"
NEW_TYPES = {
    "consignment": CONSIGNMENT,
    "suspected-laboratory": LABORATORY,
    "overdose-alert": OVERDOSE,
}

# STIX 2.1 appendix A, the Admiralty credibility scale; 6 has no confidence.
CONFIDENCE = {"1": 90, "2": 70, "3": 50, "4": 30, "5": 10}
GRADES = ("B2", "B2", "B3", "C2", "C3", "A2", "A1", "B1")


def moment(day, draw=None):
    """A time so many days after the first one, at a drawn second of it, as STIX writes times."""
    seconds = draw.between(7 * 3600, 19 * 3600) if draw else 0
    at = FIRST_DAY + timedelta(days=day, seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def canonical(value):
    """RFC 8785 for values without numbers, which is all that the contributing properties here hold."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def grading(grade):
    """The grading extension for a grade such as `B2`."""
    return {
        "extension_type": "property-extension",
        "source_reliability": grade[0],
        "information_credibility": grade[1],
    }


class Holdings:
    """The objects of one authority, in the order in which they were made."""

    def __init__(self, handle, lang, author=None):
        self.handle = handle
        self.lang = lang
        self.author = author
        self.objects = []

    def new_id(self, kind, key):
        """The id of the object of this type and key."""
        return f"{kind}--{Draw(f'{self.handle}/{kind}/{key}').uuid4()}"

    def add(self, kind, key, day, *, tlp="amber", grade=None, labels=(), references=(), **specific):
        """Makes a domain object or a relationship and gives its id.

        `grade=None` draws a grade of C3 or better; `grade=""` leaves the object ungraded.
        """
        draw = Draw(f"{self.handle}/{kind}/{key}/common")
        grade = draw.pick(GRADES) if grade is None else grade
        identifier = self.new_id(kind, key)
        at = moment(day, draw)
        made = {"type": kind, "spec_version": "2.1", "id": identifier}
        made["created_by_ref"] = self.author or identifier
        made |= {"created": at, "modified": at} | specific
        if labels:
            made["labels"] = list(labels)
        if grade and grade[1] in CONFIDENCE:
            made["confidence"] = CONFIDENCE[grade[1]]
        made["lang"] = self.lang
        if references:
            made["external_references"] = list(references)
        made["object_marking_refs"] = [TLP[tlp]]
        extensions = {NEW_TYPES[kind]: {"extension_type": "new-sdo"}} if kind in NEW_TYPES else {}
        if grade:
            extensions[GRADING] = grading(grade)
        if extensions:
            made["extensions"] = extensions
        self.objects.append(made)
        return identifier

    def observe(self, kind, contributing, *, tlp="green", grade="B2", **specific):
        """Makes a cyber-observable whose id follows from its contributing properties, and gives its id."""
        identifier = f"{kind}--{uuid.uuid5(SCO_NAMESPACE, canonical(contributing).decode())}"
        if all(made["id"] != identifier for made in self.objects):
            made = {"type": kind, "spec_version": "2.1", "id": identifier} | contributing | specific
            made["object_marking_refs"] = [TLP[tlp]]
            made["extensions"] = {GRADING: grading(grade)}
            self.objects.append(made)
        return identifier

    def relate(self, source, verb, target, day, description=None, **common):
        """Makes a relationship."""
        specific = {"relationship_type": verb}
        if description:
            specific["description"] = description
        specific |= {"source_ref": source, "target_ref": target}
        return self.add("relationship", f"{source}/{verb}/{target}", day, **specific, **common)
