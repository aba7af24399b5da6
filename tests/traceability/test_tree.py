"""RFC 6962 and C2SP against published constants, and against the full sets where they are."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest

from reuse_market.traceability import notes, tree

_ROOT = os.environ.get("REUSE_MARKET_SAMPLES") or Path(__file__).parents[3] / "shared" / "data"
VECTORS = Path(_ROOT) / "vectors" / "merkle" / "testdata"

# Constants published with RFC 6962's reference implementations (certificate-transparency, transparency-dev/merkle).
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
EMPTY_LEAF = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    EMPTY_LEAF,
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (old, new) → proof, from the same set
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
# The example of the signed note's reference implementation (golang.org/x/mod/sumdb/note). Ed25519 is deterministic:
# the same key signs the same text to the same bytes.
C2SP_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
C2SP_SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
C2SP_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
C2SP_NOTE = (
    f"{C2SP_TEXT}\n\u2014 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def hashes() -> list[bytes]:
    return [tree.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]


def within(found: list[bytes], ranges: list[tuple[int, int]]) -> list[bytes]:
    return [tree.root_of(found[start:end]) for start, end in ranges]


def test_the_published_hashes() -> None:
    found = hashes()
    assert tree.EMPTY.hex() == tree.root_of([]).hex() == EMPTY
    assert (
        tree.leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    )
    assert tree.node_hash(b"N123", b"N456").hex() == (
        "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    )
    assert [tree.root_of(found[: n + 1]).hex() for n in range(8)] == ROOTS
    for (old, new), proof in CONSISTENCY.items():
        assert [one.hex() for one in within(found, tree.consistency_ranges(old, new))] == proof


def test_every_proof_of_small_trees_holds_and_no_other() -> None:
    found = hashes()
    roots = [tree.EMPTY, *map(bytes.fromhex, ROOTS)]
    for size in range(1, 9):
        for position in range(size):
            proof = within(found, tree.inclusion_ranges(position, size))
            assert tree.proves_inclusion(found[position], position, size, proof, roots[size])
            assert not tree.proves_inclusion(found[position], (position + 1) % 8, size, proof, roots[size])
            assert not tree.proves_inclusion(
                found[position], position, size, [*proof, proof[-1] if proof else roots[0]], roots[size]
            )
            assert not proof or not tree.proves_inclusion(
                found[position], position, size, proof[:-1], roots[size]
            )
        for old in range(1, size + 1):
            proof = within(found, tree.consistency_ranges(old, size))
            assert tree.proves_consistency(old, size, proof, roots[old], roots[size])
            assert old == size or not tree.proves_consistency(old, size, proof, roots[size], roots[size])
            assert not tree.proves_consistency(old, size, [*proof, roots[1]], roots[old], roots[size])


@pytest.mark.skipif(
    not VECTORS.is_dir(), reason="NO SAMPLES: set REUSE_MARKET_SAMPLES to run the full Merkle vectors"
)
def test_the_full_sets() -> None:
    def raw(text: Any) -> bytes:
        return base64.b64decode(text or "")

    counted = {"inclusion": 0, "consistency": 0}
    for kind in counted:
        for path in sorted((VECTORS / kind).rglob("*.json")):
            one = json.loads(path.read_text())
            proof = [raw(part) for part in one["proof"] or []]
            if kind == "inclusion":
                held = tree.proves_inclusion(
                    raw(one["leafHash"]), one["leafIdx"], one["treeSize"], proof, raw(one["root"])
                )
            else:
                held = tree.proves_consistency(
                    one["size1"], one["size2"], proof, raw(one["root1"]), raw(one["root2"])
                )
            assert held is not one["wantErr"], path
            counted[kind] += 1
    assert min(counted.values()) >= 90


def test_the_published_note() -> None:
    key = notes.read_skey(C2SP_SKEY)
    assert key.public.vkey == C2SP_VKEY
    assert notes.sign(C2SP_TEXT, key) == C2SP_NOTE
    assert notes.opened(C2SP_NOTE, notes.read_vkey(C2SP_VKEY))[0] == C2SP_TEXT


def test_signed_notes() -> None:
    key = notes.SigningKey("parc.example/log", bytes(range(32)))
    assert notes.read_skey(key.skey) == key
    assert notes.read_vkey(key.public.vkey) == key.public
    note = notes.sign(notes.Body("parc.example/log", 8, bytes.fromhex(ROOTS[7])).text, key)
    text, signer = notes.opened(note, key.public)
    assert signer == key.public
    assert notes.read_body(text) == notes.Body("parc.example/log", 8, bytes.fromhex(ROOTS[7]))
    other = notes.SigningKey("parc.example/log", bytes(32)).public
    wrong = [
        note.replace("\n8\n", "\n9\n"),
        note.replace("parc.example/log\n8", "parc.example/log\r8"),
        note[:-2],
        note.replace("\u2014 ", "- "),
        note.replace("\n\n", "\n"),
    ]
    for spoilt in wrong:
        with pytest.raises(notes.BadNote):
            notes.opened(spoilt, key.public)
    with pytest.raises(notes.BadNote, match="no known key"):
        notes.opened(note, other)
    for bad in ("parc.example/log", key.public.vkey.replace("log+", "log+0"), key.public.vkey[:-8]):
        with pytest.raises(notes.BadNote):
            notes.read_vkey(bad)
