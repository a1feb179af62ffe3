#!/usr/bin/env python3
"""Writes tree.json and notes.json, the vectors of this crate, from the texts of the standards.

Shares no code with the crate: the tree is RFC 6962's recursive definition, the signatures are those
of Python's `cryptography` (48 or newer, with ML-DSA). Run it in this folder. Only the ML-DSA-44
signatures come out different each time.
"""
import base64
import hashlib
import json
import struct

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey


def sha(data):
    return hashlib.sha256(data).digest()


def b64(data):
    return base64.b64encode(data).decode()


def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return sha(b"\0" + leaves[0])
    k = split(len(leaves))
    return sha(b"\1" + mth(leaves[:k]) + mth(leaves[k:]))


def path(m, leaves):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return path(m, leaves[:k]) + [mth(leaves[k:])]
    return path(m - k, leaves[k:]) + [mth(leaves[:k])]


def subproof(m, leaves, whole):
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return subproof(m, leaves[:k], whole) + [mth(leaves[k:])]
    return subproof(m - k, leaves[k:], False) + [mth(leaves[:k])]


def tree():
    leaves = [b"", b"\x00", b"\x01\x02", b"one", b"sealed", b"received", b"purged", bytes(40)]
    return {
        "leaves": [leaf.hex() for leaf in leaves],
        "roots": [b64(mth(leaves[:n])) for n in range(9)],
        "inclusion": [
            {"index": m, "size": n, "proof": [b64(h) for h in path(m, leaves[:n])]}
            for n in range(1, 9) for m in range(n)
        ],
        "consistency": [
            {"old": m, "new": n, "proof": [b64(h) for h in subproof(m, leaves[:n], True)]}
            for n in range(1, 9) for m in range(1, n + 1)
        ],
    }


def vkey(name, kind, public):
    key_id = sha(name.encode() + b"\n" + bytes([kind]) + public)[:4]
    return key_id, f"{name}+{key_id.hex()}+{b64(bytes([kind]) + public)}"


def opaque(text):
    return bytes([len(text)]) + text.encode()


def signature(kind, seed, name, origin, size, root, time, text=None):
    """The vkey and the line of one signature, over `text` if that is no checkpoint."""
    text = text or f"{origin}\n{size}\n{b64(root)}\n"
    if kind == 6:
        key = MLDSA44PrivateKey.from_seed_bytes(seed)
        message = (b"subtree/v1\n\0" + opaque(name) + struct.pack(">Q", time) + opaque(origin)
                   + struct.pack(">QQ", 0, size) + root)
    else:
        key = Ed25519PrivateKey.from_private_bytes(seed)
        message = text.encode()
        if kind == 4:
            message = f"cosignature/v1\ntime {time}\n".encode() + message
    key_id, verifier = vkey(name, kind, key.public_key().public_bytes_raw())
    stamp = b"" if kind == 1 else struct.pack(">Q", time)
    return verifier, f"— {name} {b64(key_id + stamp + key.sign(message))}", text


def notes():
    origin, size, root = "log.example/channel", 8, mth([b"x"] * 8)
    time = 1_770_000_000
    keys = [
        (1, origin, bytes(range(32))),
        (4, "witness.example/first", bytes(range(32, 64))),
        (6, "witness.example/second", bytes(range(64, 96))),
    ]
    out = {"text": f"{origin}\n{size}\n{b64(root)}\n", "time": time, "keys": []}
    for kind, name, seed in keys:
        verifier, line, _ = signature(kind, seed, name, origin, size, root, time)
        out["keys"].append({"type": kind, "name": name, "seed": seed.hex(), "vkey": verifier, "line": line})
    out["note"] = out["text"] + "\n" + "".join(key["line"] + "\n" for key in out["keys"])
    out["odd"] = []
    for case, number, at, text in [
        ("time zero", 1, 0, None),
        ("time zero", 2, 0, None),
        ("largest time", 1, 2**63 - 1, None),
        ("largest time", 2, 2**63 - 1, None),
        ("time too large", 1, 2**63, None),
        ("time too large", 2, 2**63, None),
        ("no checkpoint", 0, 0, "any text\n"),
        ("no checkpoint", 1, time, "any text\n"),
    ]:
        kind, name, seed = keys[number]
        verifier, line, text = signature(kind, seed, name, origin, size, root, at, text)
        out["odd"].append({"case": case, "type": kind, "vkey": verifier, "note": f"{text}\n{line}\n"})
    return out


for name, vectors in [("tree", tree()), ("notes", notes())]:
    with open(f"{name}.json", "w", encoding="utf-8") as file:
        json.dump(vectors, file, indent=1, ensure_ascii=False)
        file.write("\n")
