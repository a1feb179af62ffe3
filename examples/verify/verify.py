#!/usr/bin/env python3
"""Checks a file of evidence (comity-proof/1) without a line of Comity's own code.

usage: verify.py FILE --root HANDLE=sha256:HEX --root HANDLE=sha256:HEX [--agreement FILE]

Written from docs/protocol.md alone, over Python's library and the package `cryptography` (Ed25519, ML-DSA). Where that
package has no ML-DSA, only the Ed25519 half of each pair of signatures is checked, and the answer says so.

It checks: the container; the descriptors against the pinned roots; the signatures of statement and receipt; officers'
certificates and approvals over release.json; the leaf, the inclusion proof, the checkpoint and the cosignatures of both
logs; that the receipt answers the statement; that both roots signed the agreement. It does not read the agreement's
clauses. Exit 0: all of it holds. Exit 1: the first thing that does not, with its field, or that the agreement's text is
neither in the file nor beside it.
"""

import argparse
import base64
import hashlib
import json
import sys
import zlib
from datetime import datetime, timezone

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey, MLDSA65PublicKey
except ImportError:
    MLDSA44PublicKey = MLDSA65PublicKey = None

FORMAT = b"comity-proof/1 "
FILE_LIMIT, DOCUMENT_LIMIT = 8 << 20, 16 << 20
TYPE = "application/vnd.comity."
halves = {"ed25519": 0, "ml-dsa": 0}


class Flaw(Exception):
    """The first thing that does not hold."""

    def __init__(self, field, message):
        super().__init__(f"`{field}`: {message}")


def must(holds, field, message):
    if not holds:
        raise Flaw(field, message)


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
    payload, signatures = signed["payload"].encode(), signed["signatures"]
    must(len(signatures) == 2, field, "it does not carry exactly two signatures")
    must(any(signed_by(TYPE + kind, payload, signatures, key) for key in keys), field,
         "its signatures are of no key that was valid")
    return payload


def check_envelope(field, kind, text, keys):
    """As check_signed, of a DSSE envelope in JSON."""
    envelope = parse(text)
    must(envelope["payloadType"] == TYPE + kind, field, "signed as something else")
    signatures = [(it["keyid"], it["sig"]) for it in envelope["signatures"]]
    payload = unbase64(envelope["payload"]).decode()
    return check_signed(field, kind, {"payload": payload, "signatures": signatures}, keys)


# Descriptors.


class Party:
    """The descriptors of one root."""

    def __init__(self, root, root_key):
        self.root, self.root_key, self.keys = root, root_key, []

    def valid(self, use, at):
        """Public keys of a use that were valid at a time."""
        return [unbase64(key["public"]) for key in self.keys
                if key["use"] == use and instant(key["not_before"]) <= at < instant(key["not_after"])]


def read_descriptors(descriptors, pinned):
    parties = {}
    for signed in descriptors:
        descriptor = parse(signed["payload"])
        roots = [unbase64(key["public"]) for key in descriptor["keys"] if key["use"] == "root"]
        must(len(roots) == 1 and len(roots[0]) == 1984, "descriptors", "not exactly one root key")
        root = "sha256:" + sha256(roots[0]).hex()
        must(descriptor["root"] == root, "descriptors", "it names another root than it carries")
        must(root in pinned, "descriptors", f"the root {root} is not pinned")
        check_signed("descriptors", "descriptor+json", signed, roots)
        parties.setdefault(root, Party(root, roots[0])).keys += descriptor["keys"]
    must(len(parties) == 2, "descriptors", "they are not those of two parties")
    return parties


# The log.


def note_keys(party, use, name, first_type):
    """The verifier keys of a log or a witness: what stands in a signature line, and how it is checked."""
    for key in party.keys:
        kinds = {"ed25519": first_type, "ml-dsa-44": 6}
        if key["use"] == use and key["alg"] in kinds:
            kind, public = kinds[key["alg"]], unbase64(key["public"])
            yield sha256(name.encode(), b"\n", bytes([kind]), public)[:4], kind, public, key


def signers(field, note, party, use, name, first_type, checkpoint):
    """The types of the party's keys that signed a note; a signature in the name of one that does not hold is a flaw."""
    text, lines = note
    origin, size, root = checkpoint
    types = set()
    keys = list(note_keys(party, use, name, first_type))
    stated = [int.from_bytes(blob[4:12], "big") for who, blob in lines
              if who == name and any(blob[:4] == it[0] and it[1] != 1 for it in keys)]
    for who, blob in lines:
        for key_id, kind, public, key in keys:
            if who != name or blob[:4] != key_id:
                continue
            if kind == 1:
                at, holds = max(stated, default=0), ed25519(public, blob[4:], text)
            else:
                at, signature = int.from_bytes(blob[4:12], "big"), blob[12:]
                if kind == 4:
                    message = b"cosignature/v1\ntime %d\n%s" % (at, text)
                    holds = ed25519(public, signature, message)
                else:
                    message = b"".join([
                        b"subtree/v1\n\0", bytes([len(name)]), name.encode(), at.to_bytes(8, "big"),
                        bytes([len(origin)]), origin.encode(), bytes(8), size.to_bytes(8, "big"), root])
                    holds = ml_dsa(MLDSA44PublicKey, public, signature, message)
            must(holds, field, f"a signature of `{name}` does not hold")
            begin, end = instant(key["not_before"]), instant(key["not_after"])
            must(begin // 10**9 <= at and at * 10**9 < end, field, "a key signed when it was not valid")
            types.add(kind)
    return types


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


def check_place(field, payload, raw, proof, owner, witness):
    """That a statement stands in the log of its channel, under a checkpoint that the other party cosigned."""
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
    signed = (text, marks)
    log = signers(field, signed, owner, "log", origin, 1, (origin, size, root))
    must(log == {1, 6}, field, "not both keys of the log signed")
    name = f"comity/witness/{witness.root[7:39]}"
    cosigned = signers(field, signed, witness, "witness", name, 4, (origin, size, root))
    claimed = any(who == name for who, _ in marks)
    must(cosigned == {4, 6} or not claimed, field, "not both witness keys of the other party cosigned")
    return size, claimed


# The whole.


def check_approvals(payload, parties):
    """Gives the officers who approved the exact text of release.json."""
    field, body = "statement.approvals", payload["body"]
    record = parse(body["release"])
    same = all(record[name] == payload[name] for name in ("from", "to", "agreement", "parts"))
    must(same, "statement.release", "what was approved does not fit the statement")
    digest = "sha256:" + sha256(body["release"].encode()).hex()
    at = instant(payload["issued_at"])
    registrars = parties[payload["from"]].valid("registrar", at)
    officers = []
    must(body["approvals"], field, "there are none")
    for signed in body["approvals"]:
        certificate = parse(check_envelope(field, "officer+json", signed["certificate"], registrars))
        public = [unbase64(certificate["public"])]
        standing = parse(signed["approval"])["payloadType"] == TYPE + "standing-approval+json"
        kind = "standing-approval+json" if standing else "approval+json"
        approval = parse(check_envelope(field, kind, signed["approval"], public))
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


def check_statement(field, signed, parties):
    raw = signed["payload"].encode()
    payload = parse(raw)
    speaker = parties.get(payload["from"])
    must(speaker is not None and payload["to"] in parties, field, "it is of another party")
    must(payload["from"] != payload["to"], field, "it is to who says it")
    check_signed(field, "statement+json", signed, speaker.valid("statement", instant(payload["issued_at"])))
    return payload, raw


def agreement_of(evidence, beside):
    """The signed agreement in the file, else the one that is given beside it, as text and signatures; None without both."""
    if evidence["agreement"] is not None:
        return evidence["agreement"]["payload"].encode(), evidence["agreement"]["signatures"]
    if beside is None:
        return None
    envelope = parse(beside)
    must(envelope["payloadType"] == TYPE + "agreement+toml", "agreement", "signed as something else")
    return unbase64(envelope["payload"]), [(it["keyid"], it["sig"]) for it in envelope["signatures"]]


def check(data, pinned, beside=None):
    must(len(data) <= FILE_LIMIT and data.startswith(FORMAT), "file", "not of the format comity-proof/1")
    digest, newline, body = data[15:79], data[79:80], data[80:]
    must(newline == b"\n" and sha256(body).hex().encode() == digest, "file", "it was changed or damaged")
    stream = zlib.decompressobj()
    document = stream.decompress(body, DOCUMENT_LIMIT)
    must(stream.eof and not stream.unused_data and not stream.unconsumed_tail, "file", "not compressed as it must be")
    evidence = parse(document)
    members = ["format", "descriptors", "agreement", "statement", "proof", "receipt"]
    again = json.dumps(evidence, separators=(",", ":"), ensure_ascii=False).encode()
    must(list(evidence) == members and again == document, "file", "it is not in its one form")
    parties = read_descriptors(evidence["descriptors"], pinned)
    payload, raw = check_statement("statement", evidence["statement"], parties)
    owner, witness = parties[payload["from"]], parties[payload["to"]]
    said = {"kind": payload["kind"], "statement": "sha256:" + sha256(raw).hex()}
    if payload["kind"] == "release":
        record, officers = check_approvals(payload, parties)
        said |= {"folio": record["folio"], "clause": record["clause"], "officers": officers}
    agreement = agreement_of(evidence, beside)
    said["verdict"] = "incomplete" if agreement is None else "proved"
    if agreement is not None:
        text, signatures = agreement
        must("sha256:" + sha256(text).hex() == payload["agreement"]["digest"], "agreement", "it is another text")
        kind = TYPE + "agreement+toml"
        both = all(signed_by(kind, text, signatures, party.root_key) for party in parties.values())
        must(both and len(signatures) == 4, "agreement", "not exactly both roots signed it")
    said |= {"sequence": payload["sequence"]}
    said["size"], cosigned = check_place("proof", payload, raw, evidence["proof"], owner, witness)
    must(cosigned, "proof", "the other party did not cosign its place")
    if payload["kind"] not in ("receipt", "checkpoint"):
        must(evidence["receipt"] is not None, "receipt.statement", "there is none")
        receipt, receipt_raw = check_statement("receipt.statement", evidence["receipt"]["statement"], parties)
        answers = receipt["kind"] == "receipt" and receipt["from"] == witness.root
        answers = answers and receipt["agreement"]["id"] == payload["agreement"]["id"]
        entries = [it for it in receipt["body"]["entries"]
                   if (it["sequence"], it["digest"]) == (payload["sequence"], said["statement"])]
        must(answers and entries, "receipt.statement", "it does not answer this statement")
        proof = evidence["receipt"]["proof"]
        _, said["receipt_cosigned"] = check_place("receipt.proof", receipt, receipt_raw, proof, witness, owner)
        said |= {"outcome": entries[0]["outcome"], "received_at": entries[0]["received_at"]}
    return said


def main():
    arguments = argparse.ArgumentParser(description="Checks a comity-proof/1 file without Comity.")
    arguments.add_argument("file")
    arguments.add_argument("--root", action="append", required=True, metavar="HANDLE=ROOT")
    arguments.add_argument("--agreement", metavar="FILE", help="the agreement that both signed, where the file has none")
    given = arguments.parse_args()
    try:
        beside = None
        if given.agreement is not None:
            with open(given.agreement, "rb") as file:
                beside = file.read(FILE_LIMIT)
        with open(given.file, "rb") as file:
            said = check(file.read(FILE_LIMIT + 1), {it.partition("=")[2] for it in given.root}, beside)
    except Flaw as flaw:
        print(json.dumps({"verdict": "does-not-hold", "flaw": str(flaw)}))
        return 1
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, zlib.error, RecursionError) as error:
        flaw = f"`file`: not of the format ({type(error).__name__})"
        print(json.dumps({"verdict": "does-not-hold", "flaw": flaw}))
        return 1
    checked = "both halves" if halves["ml-dsa"] else "the Ed25519 halves only: this `cryptography` has no ML-DSA"
    verdict = said.pop("verdict")
    missing = ["agreement"] if verdict == "incomplete" else []
    print(json.dumps({"verdict": verdict, "missing": missing, "signatures": checked, **said}))
    return 0 if verdict == "proved" else 1


if __name__ == "__main__":
    sys.exit(main())
