"""What must hold of the examples, whoever changes them."""

import tomllib
import uuid

from .numbers import cas_is_right, container_check_digit, imo_check_digit
from .stix import GRADING, NEW_TYPES, SCO_NAMESPACE, TLP, canonical

CONTRIBUTING = {"domain-name": ("value",), "email-addr": ("value",), "ipv4-addr": ("value",), "url": ("value",)}
LEAST_OBJECTS = 300
LEAST_A_SIDE = 170


def problems(us, mx, bundle, story, agreement):
    """Every broken promise, as a sentence."""
    # The bundle goes to the holdings of us, so that is where its references lead.
    sides = {"us": us + bundle["objects"], "mx": mx}
    found = list(published_example_problems())
    for side, objects in sides.items():
        ids = [made["id"] for made in objects]
        known = set(ids)
        found += [f"{side}: `{one}` stands twice" for one in sorted(known) if ids.count(one) > 1]
        for made in objects:
            found += [f"{side}: {made['id']}: {what}" for what in object_problems(made, known)]
    for side, objects in (("us", us), ("mx", mx)):
        if len(objects) < LEAST_A_SIDE:
            found.append(f"{side}: {len(objects)} objects, fewer than {LEAST_A_SIDE}")
    distinct = {made["id"] for objects in sides.values() for made in objects}
    if len(distinct) < LEAST_OBJECTS:
        found.append(f"{len(distinct)} objects in all, fewer than {LEAST_OBJECTS}")
    return found + list(story_problems(sides, story, agreement))


def published_example_problems():
    """Whether the generator agrees with the examples of ISO 6346, of the IMO and of STIX 2.1 section 2.9."""
    if container_check_digit("CSQU305438") != "3":
        yield "the container check digit is reckoned wrongly"
    if imo_check_digit("907472") != "9":
        yield "the check digit of ships is reckoned wrongly"
    name = canonical({"value": "198.51.100.3"}).decode()
    if str(uuid.uuid5(SCO_NAMESPACE, name)) != "28bb3599-77cd-5a82-a950-b5bc3caf07c4":
        yield "the ids of observables are reckoned wrongly"


def object_problems(made, known):
    """What is wrong with one object."""
    kind, identifier = made["type"], made["id"]
    prefix, _, tail = identifier.partition("--")
    if prefix != kind:
        yield "its id is of another type"
    if kind in CONTRIBUTING:
        values = {name: made[name] for name in CONTRIBUTING[kind]}
        if tail != str(uuid.uuid5(SCO_NAMESPACE, canonical(values).decode())):
            yield "its id does not follow from its contributing properties"
    elif kind != "marking-definition" and uuid.UUID(tail).version != 4:
        yield "its id has no version-4 UUID"
    for one in references(made):
        if one not in known:
            yield f"refers to `{one}`, which nobody here holds"
    if kind in NEW_TYPES and NEW_TYPES[kind] not in made["extensions"]:
        yield "does not name the extension that defines its type"
    for number in made.get("container_numbers", ()):
        if container_check_digit(number[:10]) != number[10:]:
            yield f"`{number}` has a wrong check digit"
    if "vessel_imo" in made and imo_check_digit(made["vessel_imo"][:6]) != made["vessel_imo"][6:]:
        yield f"`{made['vessel_imo']}` has a wrong check digit"
    if "cas_number" in made and not cas_is_right(made["cas_number"]):
        yield f"`{made['cas_number']}` has a wrong check digit"


def references(value):
    """Every id that a property ending in `_ref` or `_refs` names, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.endswith("_ref"):
                yield inner
            elif name.endswith("_refs"):
                yield from inner
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def story_problems(sides, story, agreement):
    """Whether the clauses do to the objects of the story what the story says."""
    terms = tomllib.loads(agreement)
    clauses = {clause["id"]: clause for clause in terms["clause"]}
    expectations = (
        (story, {name: story[name] for name in ("passes", "redacted", "withheld")}),
        (story["answer"], {"passes": story["answer"]["ids"]}),
    )
    for part, expected in expectations:
        clause = clauses[part["clause"]]
        held = {made["id"]: made for made in sides[part["from"]]}
        if (clause["from"], clause["to"]) != (part["from"], part["to"]):
            yield f"clause `{clause['id']}` goes the other way"
        if part["purpose"] not in clause["purposes"]:
            yield f"clause `{clause['id']}` is not for `{part['purpose']}`"
        for name, ids in expected.items():
            for one in ids:
                if (real := outcome(held[one], clause)) != name:
                    yield f"story: `{one}` is {real}, not {name}"
    clause = clauses[story["clause"]]
    consignments = [made for made in sides["us"] if made["type"] == "consignment"]
    kept = [made["id"] for made in consignments if outcome(made, clause) != "passes"]
    if len(consignments) != 60 or kept:
        yield f"{len(consignments)} consignments in us, {len(kept)} of them do not pass"
    others = (made for made in sides["us"] if made["type"] != "marking-definition")
    changed = {made["id"] for made in others if outcome(made, clause) != "passes"}
    for made in consignments + [made for made in sides["us"] if made["id"] in story["passes"]]:
        if changed & set(references(made)):
            yield f"`{made['id']}` passes but refers to what does not pass"


def outcome(made, clause):
    """What a clause of the example agreement does to an object: passes, redacted or withheld."""
    order = list(TLP)
    marked = made.get("object_marking_refs", ())
    label = order[max((order.index(name) for name, one in TLP.items() if one in marked), default=0)]
    grade = made.get("extensions", {}).get(GRADING)
    if (
        made["type"] not in clause["kinds"]
        or "minor" in made.get("labels", ())
        or label == "red"
        or order.index(label) > order.index(clause["max_tlp"])
        or not grade
        or grade["source_reliability"] > clause["min_grade"][0]
        or grade["information_credibility"] > clause["min_grade"][1]
    ):
        return "withheld"
    person = made["type"] == "identity" and made.get("identity_class") == "individual"
    finer = {"latitude", "longitude", "precision", "city", "postal_code", "street_address"}
    if (
        person and clause.get("persons") == "pseudonym"
        or made["type"] == "location" and "location" in clause.get("precision", ()) and finer & set(made)
        or "description" in made and clause.get("descriptions") == "withhold"
    ):
        return "redacted"
    paths = (path.split(".") for path in clause["redact"])
    return "redacted" if any(kind == made["type"] and name in made for kind, name in paths) else "passes"
