#!/usr/bin/env python3
"""Checks a file of evidence (comity-proof/1) without a line of Comity's own code.

usage: verify.py FILE --root HANDLE=sha256:HEX --root HANDLE=sha256:HEX [--agreement FILE] [--descriptor FILE]...

Written from docs/protocol.md alone, over Python's library and the package `cryptography` (Ed25519, ML-DSA). Where that
package has no ML-DSA, only the Ed25519 half of each pair of signatures is checked, and the answer says so.

It checks: the container; that the document has its one form; the descriptors against the pinned roots; the signatures of statement and receipt; officers'
certificates and approvals over release.json; the leaf, the inclusion proof, the checkpoint and the cosignatures of both
logs; that the receipt answers the statement; that both roots signed the agreement; whether a descriptor, in the file or given
with --descriptor, takes a key back. It does not read the agreement's clauses. Exit 0: all of it holds. Exit 1: the first
thing that does not, with its field; that something is missing (the receipt, the other party's cosignature, or the agreement's
text, which is neither in the file nor beside it); or that a key was taken back and nothing in the record shows that it signed
before. Exit 2: a file cannot be read, or the command line is wrong.
"""

import argparse
import base64
import hashlib
import json
import sys
import zlib
from contextlib import contextmanager
from datetime import datetime, timezone

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey, MLDSA65PublicKey
except ImportError:
    MLDSA44PublicKey = MLDSA65PublicKey = None

FORMAT = b"comity-proof/1 "
FILE_LIMIT, DOCUMENT_LIMIT, DESCRIPTORS = 8 << 20, 16 << 20, 16
TYPE = "application/vnd.comity."
halves = {"ed25519": 0, "ml-dsa": 0}


class Flaw(Exception):
    """The first thing that does not hold."""

    def __init__(self, field, message):
        super().__init__(f"`{field}`: {message}")


def must(holds, field, message):
    if not holds:
        raise Flaw(field, message)


MALFORMED = (ValueError, KeyError, IndexError, TypeError, AttributeError, zlib.error, RecursionError)


@contextmanager
def within(field):
    """What cannot be read in here is a flaw of this field."""
    try:
        yield
    except MALFORMED as error:
        raise Flaw(field, f"not of the format ({type(error).__name__})") from error


def sha256(*pieces):
    return hashlib.sha256(b"".join(pieces)).digest()


def unbase64(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not canonical base64")
    return data


def no_doubles(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError("a member stands there twice")
    return dict(pairs)


def parse(data):
    return json.loads(data, object_pairs_hook=no_doubles)


def must_be(holds, place):
    """A rule of the one form in which a document is written (docs/protocol.md section 9.2)."""
    must(holds, "file", f"it is not in its one form, first at `{place}`")


def one_form(document, evidence):
    """The members and their order, the texts, and the order of signatures, which nothing signs."""
    again = json.dumps(evidence, separators=(",", ":"), ensure_ascii=False).encode()
    must_be(again == document, "document")

    def members(place, value, *names):
        must_be(isinstance(value, dict) and list(value) == list(names), place)

    def signed(place, value):
        members(place, value, "payload", "signatures")
        signatures = value["signatures"]
        must_be(isinstance(value["payload"], str) and isinstance(signatures, list), place)
        for pair in signatures:
            must_be(isinstance(pair, list) and [type(it) for it in pair] == [str, str], place)
        ids = [key_id.encode() for key_id, _ in signatures]
        must_be(all(one < other for one, other in zip(ids, ids[1:])), f"{place}.signatures")

    members("document", evidence, "format", "descriptors", "agreement", "statement", "proof", "receipt")
    must_be(evidence["format"] == "comity-proof/1" and isinstance(evidence["descriptors"], list), "document")
    must_be(isinstance(evidence["proof"], str), "proof")
    must_be(len(evidence["descriptors"]) <= DESCRIPTORS, "descriptors")
    for at, descriptor in enumerate(evidence["descriptors"]):
        signed(f"descriptors[{at}]", descriptor)
    if evidence["agreement"] is not None:
        signed("agreement", evidence["agreement"])
    signed("statement", evidence["statement"])
    if evidence["receipt"] is not None:
        members("receipt", evidence["receipt"], "statement", "proof")
        signed("receipt.statement", evidence["receipt"]["statement"])
        must_be(isinstance(evidence["receipt"]["proof"], str), "receipt.proof")


def instant(text):
    """A time as a number that orders as times do, to the nanosecond."""
    day, _, rest = text.rstrip("Z").partition(".")
    whole = datetime.strptime(day, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return int(whole.timestamp()) * 10**9 + int((rest or "0").ljust(9, "0")[:9])


# Signatures.


def ed25519(public, signature, message):
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    halves["ed25519"] += 1
    return True


def ml_dsa(kind, public, signature, message):
    if kind is None:
        return True
    try:
        kind.from_public_bytes(public).verify(signature, message)
    except UnsupportedAlgorithm:
        return True
    except (InvalidSignature, ValueError):
        return False
    halves["ml-dsa"] += 1
    return True


def signed_by(payload_type, payload, signatures, public):
    """Whether both halves of a hybrid key of 1984 bytes signed, once each (docs/protocol.md section 1.3)."""
    message = b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)
    first, second = public[:32], public[32:]
    ids = [f"{name}:{sha256(key).hex()[:32]}" for name, key in (("ed25519", first), ("ml-dsa-65", second))]
    found = [[unbase64(sig) for key_id, sig in signatures if key_id == wanted] for wanted in ids]
    if [len(it) for it in found] != [1, 1]:
        return False
    return ed25519(first, found[0][0], message) and ml_dsa(MLDSA65PublicKey, second, found[1][0], message)


def check_signed(field, kind, signed, keys):
    """Gives the payload and the key that signed it."""
    payload, signatures = signed["payload"].encode(), signed["signatures"]
    must(len(signatures) == 2, field, "it does not carry exactly two signatures")
    by = next((key for key in keys if signed_by(TYPE + kind, payload, signatures, key)), None)
    must(by is not None, field, "its signatures are of no key that was valid")
    return payload, by


def opened(field, kind, text):
    """A DSSE envelope in JSON, as a file of evidence has it."""
    with within(field):
        envelope = parse(text)
        must(envelope["payloadType"] == TYPE + kind, field, "signed as something else")
        signatures = [(it["keyid"], it["sig"]) for it in envelope["signatures"]]
        return {"payload": unbase64(envelope["payload"]).decode(), "signatures": signatures}


def check_envelope(field, kind, text, keys):
    """As check_signed, of a DSSE envelope in JSON."""
    return check_signed(field, kind, opened(field, kind, text), keys)


# Descriptors.


def seconds(key, at):
    """Whether a key is valid at a time of whole seconds; one that begins within the second is."""
    return instant(key["not_before"]) // 10**9 <= at and at * 10**9 < instant(key["not_after"])


def exactly(key, at):
    """Whether a key is valid at a time of nanoseconds."""
    return instant(key["not_before"]) <= at < instant(key["not_after"])


class TakenBack:
    """Which of the keys were taken back that signed a statement (its registrar's with it), its log, and as a witness its place."""

    def __init__(self):
        self.statement = self.log = self.witness = False

    def any(self):
        return self.statement or self.log or self.witness


def stands(about, answer):
    """Whether what was signed can be held against both parties, though keys were taken back: each party's own log holds it, under
    keys that were not (docs/protocol.md section 9.3). `answer` is of the receipt; without one the witness binds the receiver."""
    return not about.log and not (about.witness if answer is None else answer.log)


class Party:
    """The descriptors of one root, by serial."""

    def __init__(self, root, root_key):
        self.root, self.root_key, self.descriptors = root, root_key, []

    @property
    def keys(self):
        return [key for descriptor in self.descriptors for key in descriptor["keys"]]

    def valid(self, use, at):
        """Public keys of a use that were valid at a time."""
        return [unbase64(key["public"]) for key in self.keys if key["use"] == use and exactly(key, at)]

    def took_back(self, use, public, at, covers=exactly):
        """Whether a key was taken back that signed at a time: the descriptor after one that lists it for that time does not, and
        was made while the key's time was not over, or others between the two are not here (docs/protocol.md section 9.3)."""
        def until(descriptor):
            ends = [instant(key["not_after"]) for key in descriptor["keys"]
                    if key["use"] == use and unbase64(key["public"]) == public and covers(key, at)]
            return ends[0] if ends else None

        return any(until(one) is not None and until(other) is None
                   and (one["serial"] + 1 < other["serial"] or instant(other["issued_at"]) < until(one))
                   for one, other in zip(self.descriptors, self.descriptors[1:]))


def read_descriptor(signed, pinned):
    """A descriptor and the root key that signed it."""
    field, descriptor = "descriptors", parse(signed["payload"])
    roots = [unbase64(key["public"]) for key in descriptor["keys"] if key["use"] == "root"]
    must(len(roots) == 1 and len(roots[0]) == 1984, field, "not exactly one root key")
    root = "sha256:" + sha256(roots[0]).hex()
    must(descriptor["root"] == root, field, "it names another root than it carries")
    must(root in pinned, field, f"the root {root} is not pinned")
    check_signed(field, "descriptor+json", signed, roots)
    return descriptor, roots[0]


def read_descriptors(descriptors, pinned, both, beside):
    """The two parties, who speaks first: in the file those of each stand together and by serial; more may lie beside it,
    and those of somebody else count for nothing."""
    parties, field = {}, "descriptors"
    for signed in descriptors:
        descriptor, root_key = read_descriptor(signed, pinned)
        root = descriptor["root"]
        is_new = root not in parties
        must(is_new or list(parties)[-1] == root, field, "those of a party do not stand together")
        party = parties.setdefault(root, Party(root, root_key))
        must(is_new or party.descriptors[-1]["serial"] < descriptor["serial"], field, "they do not stand by serial")
        party.descriptors.append(descriptor)
    must(len(parties) < 2 or list(parties)[0] == both[0], field, "those of who speaks do not stand first")
    for signed in beside:
        with within(field):
            of_another = parse(signed["payload"])["root"] not in both
        if of_another:
            continue
        descriptor, root_key = read_descriptor(signed, pinned)
        party = parties.setdefault(descriptor["root"], Party(descriptor["root"], root_key))
        same = [it for it in party.descriptors if it["serial"] == descriptor["serial"]]
        must(same in ([], [descriptor]), field, "two of one party have the same serial")
        party.descriptors = sorted(party.descriptors + [descriptor][len(same):], key=lambda it: it["serial"])
    for party in parties.values():
        made = [instant(it["issued_at"]) for it in party.descriptors]
        must(all(one < other for one, other in zip(made, made[1:])), field, "one was not made after those before it")
    must(len(parties) == 2, field, "they are not those of two parties")
    return parties


# The log.


def signers(field, lines, text, checkpoint, signer, taken):
    """Checks the two lines of a log or a witness under a checkpoint. Gives the time that they state, in nanoseconds."""
    party, use, name, kinds = signer
    origin, size, root = checkpoint
    must([who for who, _ in lines] == [name, name], field, f"not exactly two lines of `{name}` stand in their place")
    stated = int.from_bytes(lines[1][1][4:12], "big")
    latest = stated
    for (_, blob), kind, algorithm in zip(lines, kinds, ("ed25519", "ml-dsa-44")):
        known = [(key, unbase64(key["public"])) for key in party.keys
                 if key["use"] == use and key["alg"] == algorithm]
        known = [(key, public) for key, public in known
                 if sha256(name.encode(), b"\n", bytes([kind]), public)[:4] == blob[:4]]
        must(known, field, f"a line of `{name}` is of another key, or stands in another order")
        public = known[0][1]
        at, signature = int.from_bytes(blob[4:12], "big"), blob[12:]
        if kind == 1:
            at, holds = stated, ed25519(public, blob[4:], text)
        elif kind == 4:
            holds = ed25519(public, signature, b"cosignature/v1\ntime %d\n%s" % (at, text))
        else:
            message = b"".join([
                b"subtree/v1\n\0", bytes([len(name)]), name.encode(), at.to_bytes(8, "big"),
                bytes([len(origin)]), origin.encode(), bytes(8), size.to_bytes(8, "big"), root])
            holds = ml_dsa(MLDSA44PublicKey, public, signature, message)
        must(holds, field, f"a signature of `{name}` does not hold")
        must(any(seconds(key, at) for key, _ in known), field, "a key signed when it was not valid")
        setattr(taken, use, getattr(taken, use) or party.took_back(use, public, at, seconds))
        latest = max(latest, at)
    return latest * 10**9


def climb(leaf, index, size, hashes):
    """The root to which an inclusion proof leads (RFC 9162 section 2.1.3.2)."""
    node, last, at = leaf, size - 1, index
    for sibling in hashes:
        if last == 0:
            return None
        if at % 2 or at == last:
            node = sha256(b"\x01", sibling, node)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            node = sha256(b"\x01", node, sibling)
        at, last = at >> 1, last >> 1
    return node if last == 0 else None


def check_place(field, payload, raw, proof, owner, witness, taken):
    """That a statement stands in the log of its channel. Gives the size of the tree, and when the other party cosigned it;
    None where it did not."""
    head, _, note = proof.partition("\n\n")
    lines = head.split("\n")
    must(lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("index "), field, "not a tlog-proof")
    index, hashes = int(lines[1][6:]), [unbase64(it) for it in lines[2:]]
    must(lines[1] == f"index {index}" and all(len(it) == 32 for it in hashes), field, "not a tlog-proof")
    body, _, tail = note.partition("\n\n")
    text = body.encode() + b"\n"
    must(tail.endswith("\n"), field, "the note is cut short")
    marks = []
    for line in tail[:-1].split("\n"):
        dash, name, blob = line.split(" ")
        must(dash == "\u2014", field, "not a signature line")
        marks.append((name, unbase64(blob)))
    origin, size, root = body.split("\n")
    must(str(int(size)) == size, field, "not a checkpoint")
    size, root = int(size), unbase64(root)
    uuid = payload["agreement"]["id"].removeprefix("agreement--")
    channel = f"comity/{uuid}/{payload['epoch']}/{payload['from'][7:39]}/{payload['to'][7:39]}"
    must(origin == channel, field, "it is of another log")
    must(index == payload["sequence"] and index < size, field, "it is of another place")
    leaf = sha256(b"\x00", b"comity/leaf/v1\n", sha256(raw))
    must(climb(leaf, index, size, hashes) == root, field, "the hashes do not lead to the root")
    must(len(marks) in (2, 4), field, "other lines stand under the checkpoint than those of the log and of the witness")
    checkpoint = (origin, size, root)
    signers(field, marks[:2], text, checkpoint, (owner, "log", origin, (1, 6)), taken)
    if len(marks) == 2:
        return size, None
    name = f"comity/witness/{witness.root[7:39]}"
    return size, signers(field, marks[2:], text, checkpoint, (witness, "witness", name, (4, 6)), taken)


# The whole.


def check_approvals(payload, parties, taken):
    """Gives release.json and the officers who approved its exact text."""
    field, body = "statement.approvals", payload["body"]
    record = parse(body["release"])
    same = all(record[name] == payload[name] for name in ("from", "to", "agreement", "parts"))
    must(same, "statement.release", "what was approved does not fit the statement")
    digest = "sha256:" + sha256(body["release"].encode()).hex()
    at = instant(payload["issued_at"])
    party = parties[payload["from"]]
    registrars = party.valid("registrar", at)
    officers = []
    must(body["approvals"], field, "there are none")
    for signed in body["approvals"]:
        text, by = check_envelope(field, "officer+json", signed["certificate"], registrars)
        certificate = parse(text)
        taken.statement = taken.statement or party.took_back("registrar", by, at)
        public = [unbase64(certificate["public"])]
        standing = parse(signed["approval"])["payloadType"] == TYPE + "standing-approval+json"
        kind = "standing-approval+json" if standing else "approval+json"
        approval = parse(check_envelope(field, kind, signed["approval"], public)[0])
        must(approval["officer"] == certificate["officer"], field, "it is of another officer")
        given = instant(approval["from" if standing else "at"])
        begin, end = instant(certificate["not_before"]), instant(certificate["not_after"])
        must(begin <= given < end and given <= at, field, "it was given when it could not be")
        if standing:
            must(approval["agreement"] == payload["agreement"]["digest"] and approval["clause"] == record["clause"]
                 and given <= at < instant(approval["until"]), field, "the standing approval does not cover it")
        else:
            must(approval["release"] == digest and approval["decision"] == "approve", field,
                 "it is of another release")
        officers.append(certificate["officer"])
    return record, officers


MEMBERS = {"v", "kind", "id", "nonce", "from", "to", "agreement", "epoch", "sequence", "previous", "issued_at", "parts", "body"}
KINDS = {"release", "receipt", "recall", "recall-answer", "purge", "request", "clarification", "answer", "consent", "consent-answer",
         "proposal", "decision", "advice", "agreement", "descriptor", "suspension", "termination", "checkpoint"}


def check_payload(field, payload):
    """The members that every payload has (docs/protocol.md section 3.1)."""
    must(set(payload) == MEMBERS and type(payload["v"]) is int and payload["v"] == 1, field, "not a payload of version 1")
    must(payload["kind"] in KINDS, field, f"the kind `{payload['kind']}` is not one of this version")
    must(len(unbase64(payload["nonce"])) == 32, field, "its nonce has not 32 bytes")
    must(set(payload["agreement"]) == {"id", "version", "digest"}, field, "its agreement has other members")
    place, before = payload["sequence"], payload["previous"]
    must(payload["kind"] == "checkpoint" or type(place) is int and place >= 0, field, "it has no place")
    must((before is None) == (not place), field, "its place and what stands before it do not fit")
    must(before is None or before.startswith("sha256:") and len(bytes.fromhex(before[7:])) == 32, field, "no digest stands before it")
    sizes = [part["size"] for part in payload["parts"]]
    must(all(type(size) is int and size >= 0 for size in sizes), field, "a part has no size")


def check_statement(field, signed, parties, taken):
    """Gives the payload and its exact bytes."""
    raw = signed["payload"].encode()
    payload = parse(raw)
    check_payload(field, payload)
    speaker = parties.get(payload["from"])
    must(speaker is not None and payload["to"] in parties, field, "it is of another party")
    must(payload["from"] != payload["to"], field, "it is to who says it")
    at = instant(payload["issued_at"])
    _, by = check_signed(field, "statement+json", signed, speaker.valid("statement", at))
    taken.statement = speaker.took_back("statement", by, at)
    return payload, raw


def agreement_of(evidence, beside):
    """The signed agreement in the file, else the one that is given beside it, as text and signatures; None without both."""
    inside = evidence["agreement"]
    if beside is not None:
        beside = opened("agreement", "agreement+toml", beside)
        must(inside is None or inside["payload"] == beside["payload"], "agreement",
             "the one beside the file is another text than the one in it")
    signed = inside if inside is not None else beside
    return None if signed is None else (signed["payload"].encode(), signed["signatures"])


def check(data, pinned, beside=None, descriptors=()):
    must(len(data) <= FILE_LIMIT and data.startswith(FORMAT), "file", "not of the format comity-proof/1")
    digest, newline, body = data[15:79], data[79:80], data[80:]
    must(newline == b"\n" and sha256(body).hex().encode() == digest, "file", "it was changed or damaged")
    stream = zlib.decompressobj()
    document = stream.decompress(body, DOCUMENT_LIMIT)
    must(stream.eof and not stream.unused_data and not stream.unconsumed_tail, "file", "not compressed as it must be")
    evidence = parse(document)
    one_form(document, evidence)
    claimed = parse(evidence["statement"]["payload"])
    both = [claimed["from"], claimed["to"]]
    beside_file = [opened("descriptors", "descriptor+json", it) for it in descriptors]
    parties = read_descriptors(evidence["descriptors"], pinned, both, beside_file)
    taken, of_receipt = TakenBack(), None
    payload, raw = check_statement("statement", evidence["statement"], parties, taken)
    owner, witness = parties[payload["from"]], parties[payload["to"]]
    said = {"kind": payload["kind"], "statement": "sha256:" + sha256(raw).hex()}
    if payload["kind"] == "release":
        record, officers = check_approvals(payload, parties, taken)
        said |= {"folio": record["folio"], "clause": record["clause"], "officers": officers}
    agreement = agreement_of(evidence, beside)
    missing = ["agreement"] if agreement is None else []
    if agreement is not None:
        text, signatures = agreement
        must("sha256:" + sha256(text).hex() == payload["agreement"]["digest"], "agreement", "it is another text")
        kind = TYPE + "agreement+toml"
        with within("agreement"):
            by_both = all(signed_by(kind, text, signatures, party.root_key) for party in parties.values())
        must(by_both and len(signatures) == 4, "agreement", "not exactly both roots signed it")
    said |= {"sequence": payload["sequence"]}
    proof = evidence["proof"]
    said["size"], cosigned = check_place("proof", payload, raw, proof, owner, witness, taken)
    if cosigned is None:
        missing.append("cosignature")
    answered = None
    is_receipted = payload["kind"] not in ("receipt", "checkpoint")
    must(is_receipted or evidence["receipt"] is None, "receipt", "a statement of this kind gets none")
    if is_receipted and evidence["receipt"] is None:
        missing.append("receipt")
    elif is_receipted:
        of_receipt = TakenBack()
        receipt, receipt_raw = check_statement("receipt.statement", evidence["receipt"]["statement"], parties,
                                               of_receipt)
        answers = receipt["kind"] == "receipt" and receipt["from"] == witness.root
        answers = answers and receipt["agreement"]["id"] == payload["agreement"]["id"]
        entries = [it for it in receipt["body"]["entries"]
                   if (it["sequence"], it["digest"]) == (payload["sequence"], said["statement"])]
        must(answers and entries, "receipt.statement", "it does not answer this statement")
        _, answered = check_place("receipt.proof", receipt, receipt_raw, evidence["receipt"]["proof"], witness, owner,
                                  of_receipt)
        said["receipt_cosigned"] = answered is not None
        said |= {"outcome": entries[0]["outcome"], "received_at": entries[0]["received_at"]}
    said["revoked"] = taken.any() or (of_receipt is not None and of_receipt.any())
    said |= {"verdict": "incomplete" if missing else "proved", "missing": missing}
    if said["revoked"] and not missing and not stands(taken, of_receipt):
        said["verdict"] = "consistent, a key was revoked"
    return said


def read(name):
    """A file, or as much of it as shows that it is too long."""
    with open(name, "rb") as file:
        return file.read(FILE_LIMIT + 1)


def main():
    arguments = argparse.ArgumentParser(description="Checks a comity-proof/1 file without Comity.")
    arguments.add_argument("file")
    arguments.add_argument("--root", action="append", required=True, metavar="HANDLE=ROOT")
    arguments.add_argument("--agreement", metavar="FILE", help="the agreement that both signed, where the file has none")
    arguments.add_argument("--descriptor", action="append", default=[], metavar="FILE",
                           help="a descriptor that is not in the file, such as a later one that revokes a key")
    given = arguments.parse_args()
    pinned = {it.partition("=")[2] for it in given.root}
    if not all(it.startswith("sha256:") for it in pinned):
        arguments.error("a root is given as HANDLE=sha256:HEX")
    try:
        data = read(given.file)
        beside = None if given.agreement is None else read(given.agreement)
        descriptors = [read(name) for name in given.descriptor]
    except OSError as error:
        print(f"verify.py: cannot read `{error.filename}`: {error.strerror}", file=sys.stderr)
        return 2
    try:
        with within("file"):
            said = check(data, pinned, beside, descriptors)
    except Flaw as flaw:
        print(json.dumps({"verdict": "does-not-hold", "flaw": str(flaw)}))
        return 1
    checked = "both halves" if halves["ml-dsa"] else "the Ed25519 halves only: this `cryptography` has no ML-DSA"
    verdict = said.pop("verdict")
    print(json.dumps({"verdict": verdict, "missing": said.pop("missing"), "signatures": checked, **said}))
    return 0 if verdict == "proved" else 1


if __name__ == "__main__":
    sys.exit(main())
