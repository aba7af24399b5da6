"""`verify.py`, run as a stranger runs it: alone, isolated, in an empty directory."""

from __future__ import annotations

import ast
import base64
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reuse_market.proofs import verify
from reuse_market.traceability import notes
from reuse_market.traceability import payload as p

SOURCE = Path(verify.__file__)
KEY = notes.SigningKey("parc.example/log", bytes(range(32)))
OTHER = notes.SigningKey("parc.example/log", bytes(range(1, 33)))
STREAM = "lot/LOT-2026-0001"
SIZE = 15
Doc = dict[str, Any]


# --- a log of our own, from the words of the RFC, not from the code that is judged -----------------------------
def root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + root(leaves[:k]) + root(leaves[k:])).digest()


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962 section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*path(m, leaves[:k]), root(leaves[k:])]
    return [*path(m - k, leaves[k:]), root(leaves[:k])]


def body(number: int, before: str, **changes: Any) -> bytes:
    """The stored bytes of one event."""
    told = {
        "v": 1, "id": f"{number:032x}", "act_id": "a" * 32, "stream": STREAM, "seq": number, "prev": before,
        "type": "unit.tested", "actor": {"organisation": 12, "via": "self"},
        "occurred_at": "2026-03-04T08:05:06.070Z", "recorded_at": f"2026-03-04T08:05:0{number}.070Z",
        "units": [[4, 9]], "change": None, "facts": {"passed": True}, "commitments": {}, "corrects": None,
    }  # fmt: skip
    return p.canonical(told | changes)


def document(kind: str, subject: str = STREAM, **changes: Any) -> Doc:
    """A good file: seven events at odd places of a log of fifteen."""
    leaves, entries, before = [bytes([n]) * 32 for n in range(SIZE)], [], p.GENESIS
    for number in range(1, 8):
        stored = body(number, before, **changes)
        before = p.digest(stored)
        leaves[2 * number - 1] = bytes.fromhex(before)
        entries.append({"payload": stored.decode(), "hash": before, "position": 2 * number - 1})
    for entry in entries:
        entry["inclusion"] = [node.hex() for node in path(entry["position"], leaves)]
    note = notes.sign(notes.Body(KEY.name, SIZE, root(leaves)).text, KEY)
    return sealed(
        {"format": kind, "subject": subject, "key": KEY.public.vkey, "checkpoint": note, "events": entries}
    )


def sealed(doc: Doc, key: notes.SigningKey = KEY) -> Doc:
    """The document with the seal of what it holds now."""
    marks = hashlib.sha256(b"".join(bytes.fromhex(one["hash"]) for one in doc["events"])).digest()
    return doc | {"seal": seal(doc["format"], doc["subject"], len(doc["events"]), marks, key)}


def seal(kind: str, subject: str, count: int, digest: bytes, key: notes.SigningKey = KEY) -> str:
    told = (verify.SEAL, kind, subject, str(count), base64.b64encode(digest).decode(), str(SIZE))
    return notes.sign("\n".join(told) + "\n", key)


def folder(doc: Doc, **files: bytes) -> dict[str, bytes]:
    """The files of a good folder, by name."""
    held = {"proof.json": json.dumps(doc).encode(), **files}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in held.items()).encode()
    told = seal(verify.FOLDER, doc["subject"], len(held), hashlib.sha256(sums).digest())
    return held | {"SHA256SUMS": sums, "seal.txt": told.encode()}


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Run the verifier alone on a file of these bytes; (exit code, what it said)."""
    shutil.copy(SOURCE, tmp_path / "verify.py")

    def run(data: bytes | Doc, *options: str) -> tuple[int, str]:
        (tmp_path / "FILE").write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        done = subprocess.run(
            [sys.executable, "-I", "verify.py", "FILE", *options], cwd=tmp_path, capture_output=True, check=False,
            env={"LC_ALL": "en_GB.UTF-8", "PYTHONUTF8": "1"},
        )  # fmt: skip
        return done.returncode, (done.stdout + done.stderr).decode()

    return run


@pytest.fixture
def said_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """The same as `check`, in this process: quicker, where isolation is not what is tried."""
    monkeypatch.chdir(tmp_path)

    def run(data: bytes | Doc, *options: str) -> tuple[int, str]:
        (tmp_path / "FILE").write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        monkeypatch.setattr(sys, "argv", ["verify.py", "FILE", "--lang", "en", *options])
        code, told = verify.main(), capsys.readouterr()
        return code, told.out + told.err

    return run


# --- good files ---------------------------------------------------------------------------------------------
def test_what_holds_is_said_with_its_limits(check: Callable[..., tuple[int, str]]) -> None:
    code, said = check(document(verify.EXPORT), "--key", KEY.public.vkey)
    assert code == 0, said
    for words in ("EVERYTHING HOLDS: lot/LOT-2026-0001", "not altered since checkpoint 15", "no gap",
                  "the one you gave",
                  "Not proven: that what was written is true", "7. unit.tested"):  # fmt: skip
        assert " ".join(words.split()) in " ".join(said.split())
    code, said = check(document(verify.PROOF), "--lang", "fr")
    assert code == 0, said
    assert "ATTENTION ! La clé vient du fichier" in said
    assert "n’ont pas été modifiés depuis le point de contrôle 15" in said
    hidden = document(verify.EXPORT)
    hidden["events"][2]["payload"] = None
    code, said = check(hidden)
    assert code == 0, said
    assert "3. content withheld" in said
    assert "withheld (1)" in said
    code, said = check(zipped(folder(document(verify.EXPORT), **{"documents/BR-1.pdf": b"%PDF"})))
    assert code == 0, said
    assert "the 2 files of the folder" in said
    assert check(document(verify.PROOF, "unit/5"))[0] == 0


# --- tamperings: name, how, the reason given -----------------------------------------------------------------
def letter(doc: Doc) -> None:
    doc["events"][3]["payload"] = doc["events"][3]["payload"].replace("true", "null")


def rehashed(doc: Doc) -> None:
    letter(doc)
    doc["events"][3]["hash"] = p.digest(doc["events"][3]["payload"].encode())


def hashed(doc: Doc) -> None:
    doc["events"][0]["hash"] = "0" + doc["events"][0]["hash"][1:]
    doc["events"][0]["payload"] = None


def moved(doc: Doc) -> None:
    doc["events"][1]["position"] = 4


def dropped(doc: Doc) -> None:
    doc["events"][1]["inclusion"].pop()


def swapped(doc: Doc) -> None:
    steps = doc["events"][1]["inclusion"]
    steps[0], steps[1] = steps[1], steps[0]


def uncovered(doc: Doc) -> None:
    doc["events"][6] |= {"position": None, "inclusion": None}


def resized(doc: Doc) -> None:
    doc["checkpoint"] = doc["checkpoint"].replace("\n15\n", "\n16\n")


def resigned(doc: Doc) -> None:
    text = doc["checkpoint"].partition("\n\n")[0] + "\n"
    doc["checkpoint"] = notes.sign(text, OTHER)


def spoiled(doc: Doc) -> None:
    head, _, mark = doc["checkpoint"].rstrip("\n").rpartition(" ")
    data = bytearray(base64.b64decode(mark))
    data[40] ^= 1
    doc["checkpoint"] = f"{head} {base64.b64encode(data).decode()}\n"


def rekeyed(doc: Doc) -> None:
    """All redone by a forger under a key of his own."""
    resigned(doc)
    doc["key"] = OTHER.public.vkey
    doc |= sealed(doc, OTHER)


def taken_out(doc: Doc) -> None:
    del doc["events"][3]


def cut(doc: Doc) -> None:
    doc["events"].pop()


def reordered(doc: Doc) -> None:
    doc["events"][1], doc["events"][2] = doc["events"][2], doc["events"][1]


def reordered_unread(doc: Doc) -> None:
    for event in doc["events"]:
        event["payload"] = None
    reordered(doc)


def renamed(doc: Doc) -> None:
    doc["subject"] = "lot/LOT-2026-0002"


def unsealed(doc: Doc) -> None:
    doc.pop("seal")


def emptied(doc: Doc) -> None:
    doc["events"] = []


def foreign(doc: Doc) -> None:
    doc["events"][0]["inclusion"] = 5


TAMPERINGS = [
    (letter, "hash"), (rehashed, "inclusion"), (hashed, "inclusion"), (moved, "inclusion"), (dropped, "inclusion"),
    (swapped, "inclusion"), (uncovered, "uncovered"), (resized, "signature"), (resigned, "signature"),
    (spoiled, "signature"), (rekeyed, "signature"), (taken_out, "sequence"), (cut, "seal"), (reordered, "sequence"),
    (reordered_unread, "order"),
    (renamed, "stream"), (unsealed, "signature"), (emptied, "unreadable"), (foreign, "shape"),
]  # fmt: skip


def test_each_tampering_is_refused_with_its_reason(said_of: Callable[..., tuple[int, str]]) -> None:
    for tamper, reason in TAMPERINGS:
        doc = document(verify.EXPORT)
        tamper(doc)
        code, said = said_of(doc, "--key", KEY.public.vkey)
        assert (code, f"[{reason}]" in said) == (1, True), (tamper.__name__, said)


def test_signed_lies_are_refused_too(said_of: Callable[..., tuple[int, str]]) -> None:
    """What the platform itself could sign: a stream with a gap, a broken link, another unit's events."""
    cases = {
        "stream": document(verify.EXPORT, stream="lot/LOT-2026-0009"),
        "sequence": document(verify.EXPORT, seq=2),
        "link": document(verify.EXPORT, prev=p.GENESIS),
        "unit": document(verify.PROOF, "unit/44"),
        "canonical": document(verify.PROOF, v=2),
    }
    proof = document(verify.PROOF)
    del proof["events"][3]
    cases["seal"] = proof
    for reason, doc in cases.items():
        code, said = said_of(doc)
        assert (code, f"[{reason}]" in said) == (1, True), (reason, said)


def test_a_folder_is_refused_when_a_file_of_it_changed(said_of: Callable[..., tuple[int, str]]) -> None:
    good = folder(document(verify.EXPORT), **{"documents/BR-1.pdf": b"%PDF one", "LISEZ-MOI.txt": b"Bonjour"})
    other = hashlib.sha256(b"%PDF two").hexdigest().encode()
    cases = {
        "file": good | {"documents/BR-1.pdf": b"%PDF two"},
        "seal": good | {
            "documents/BR-1.pdf": b"%PDF two",
            "SHA256SUMS": good["SHA256SUMS"].replace(hashlib.sha256(b"%PDF one").hexdigest().encode(), other),
        },
        "names": good | {"more.txt": b""},
        "hash": good | {"proof.json": good["proof.json"].replace(b'passed\\":true', b'passed\\":null')},
    }  # fmt: skip
    for reason, files in cases.items():
        code, said = said_of(zipped(files))
        assert (code, f"[{reason}]" in said) == (1, True), (reason, said)
    missing = {name: data for name, data in good.items() if name != "LISEZ-MOI.txt"}
    assert "[names]" in said_of(zipped(missing))[1]
    raw = zipped(good)
    broken = raw.replace(b"%PDF one", b"%PDF two")  # in the archive's own bytes: its check sum no longer fits
    assert said_of(broken)[0] == 1


def test_what_is_no_proof_is_refused_and_what_is_not_there_unreadable(
    check: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    for data in (b"", b"{}", b"[1]", b"\xff\xfe", b"PK\x03\x04", b'{"format":"parc-commun-proof/1"}'):
        assert check(data)[0] == 1, data
    check(b"")
    (tmp_path / "FILE").unlink()
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "FILE"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 2
    code, said = check(document(verify.PROOF), "--key", OTHER.public.vkey)
    assert (code, "[signature]" in said) == (1, True)
    code, said = check(document(verify.PROOF), "--key", "not a key")
    assert (code, "[key]" in said) == (1, True)
    (tmp_path / "KEYS").write_text(
        f"{OTHER.public.vkey}\n{KEY.public.vkey}\n"
    )  # as /checkpoint.pub, after a change
    assert check(document(verify.PROOF), "--key", "KEYS")[0] == 0
    (tmp_path / "KEYS").write_text("\n")
    assert check(document(verify.PROOF), "--key", "KEYS")[0] == 1


# --- what a forger tries on the verifier itself -------------------------------------------------------------------
def forged(doc: Doc, **changes: Any) -> bytes:
    return json.dumps(doc | changes).encode()


def test_what_nothing_proves_is_refused(said_of: Callable[..., tuple[int, str]]) -> None:
    """A line added, a name twice, the name of another key: the seal covers none of it, so none of it may pass."""
    doc, key = document(verify.PROOF), ("--key", KEY.public.vkey)
    twice = forged(doc).replace(b'"subject"', b'"subject": "lot/LOT-2026-0002", "subject"', 1)
    extra = document(verify.PROOF)
    extra["events"][0]["summary"] = "all erased"
    for data, reason in (
        (forged(doc, summary="all erased"), "members"), (twice, "members"), (forged(extra), "members"),
        (forged(doc, key=OTHER.public.vkey), "other-key"), (b"[" * 100_000, "unreadable"),
    ):  # fmt: skip
        code, said = said_of(data, *key)
        assert (code, f"[{reason}]" in said) == (1, True), (reason, said)
    code, said = said_of(doc | {"left_out": 3}, *key)
    assert (code, "outside its seal" in said) == (0, True), said
    assert said_of(doc, "--key", "")[0] == 1  # a variable that was empty: never the key of the file instead


def test_what_a_file_says_cannot_paint_over_the_report(
    said_of: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forger's own key and subject: they may not hide the warning, nor write a line of their own."""
    monkeypatch.setattr(notes, "_check_text", lambda _text: None)  # a forger signs what he likes
    subject = "lot/X\x1b[8m\rKey: (the one you gave)\u2028\u202e"
    doc = document(verify.PROOF, subject)
    code, said = said_of(doc)
    assert (code, "WARNING! The key comes from the file itself" in said) == (0, True), said
    assert not set("\x1b\r\u2028\u202e") & set(said)
    hidden = notes.SigningKey("parc.example\x1b[2J", bytes(32))
    assert "[key]" in said_of(forged(doc, key=hidden.public.vkey))[1]


def test_an_archive_holds_its_files_and_nothing_else(
    said_of: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    doc = document(verify.EXPORT)
    good = folder(doc, **{"documents/BR-1.pdf": b"%PDF one"})
    raw, key = zipped(good), ("--key", KEY.public.vkey)
    assert said_of(raw, *key)[0] == 0
    out = io.BytesIO()
    with zipfile.ZipFile(
        out, "w"
    ) as made:  # another name beside the name, which some programs unpack instead
        for name, data in good.items():
            entry = zipfile.ZipInfo(name)
            entry.extra = b"up\x06\x00\x01abcde" if name.startswith("documents") else b""
            made.writestr(entry, data)
    padded = io.BytesIO(raw)
    with zipfile.ZipFile(padded, "a") as made:
        made.comment = b"all erased"
    inner = raw.index(b"PK\x01\x02")
    for data in (
        b"#!/bin/sh\n" + raw,
        padded.getvalue(),
        out.getvalue(),
        raw[:inner] + b"hidden" + raw[inner:],
    ):
        assert said_of(data, *key)[0] == 1
    for at in (40, len(raw) // 2, len(raw) - 30):
        assert said_of(raw[:at], *key)[0] == 1  # a download that broke off
    (tmp_path / "FILE").unlink()
    for name, data in good.items():
        (tmp_path / "FILE" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "FILE" / name).write_bytes(data)
    assert verify.check_file(str(tmp_path / "FILE"), [])["files"] == 2  # unpacked, it is checked as well
    (tmp_path / "FILE" / "more.txt").write_text("")
    with pytest.raises(verify.Wrong) as refused:
        verify.check_file(str(tmp_path / "FILE"), [])
    assert (refused.value.code, refused.value.told) == ("names", {"name": "more.txt"})


def test_a_small_archive_that_unpacks_to_no_end_takes_no_memory(
    said_of: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    good = folder(document(verify.EXPORT), **{"documents/BR-1.pdf": bytes(3_000_000)})
    (tmp_path / "BIG").write_bytes(zipped(good))
    monkeypatch.setattr(verify, "BIGGEST", 100_000)
    assert (
        verify.check_file(str(tmp_path / "BIG"), [])["files"] == 2
    )  # read piece by piece, whatever its size
    (tmp_path / "BIG").write_bytes(zipped(good | {"proof.json": b" " * 200_000}))
    with pytest.raises(verify.Wrong) as refused:
        verify.check_file(str(tmp_path / "BIG"), [])
    assert refused.value.code == "big"


def test_a_folder_that_says_two_things_is_refused(said_of: Callable[..., tuple[int, str]]) -> None:
    """Sealed by the platform itself: what is easy to read must be what is proven, a paper the one written down."""
    doc = document(verify.EXPORT)
    told = [json.loads(one["payload"]) for one in doc["events"]]
    facts = {
        "number": "BR-1",
        "kind": "handover_note",
        "owner": "x",
        "sha256": hashlib.sha256(b"%PDF").hexdigest(),
    }
    paper = {"documents.json": json.dumps(document(verify.PROOF, "documents", facts=facts)).encode()}
    same = {"events.json": json.dumps(told).encode(), "checkpoint.pub": f"{KEY.public.vkey}\n".encode()}
    code, said = said_of(zipped(folder(doc, **same, **paper, **{"documents/BR-1.pdf": b"%PDF"})))
    assert (code, "fingerprints of 1 of the 1 papers" in said) == (0, True), said
    told[3]["facts"]["passed"] = False
    cases: list[tuple[str, dict[str, bytes]]] = [
        ("apart", {"events.json": json.dumps(told).encode()}),
        ("apart", {"checkpoint.pub": f"{OTHER.public.vkey}\n".encode()}),
        ("apart", {"checkpoint.txt": b"another"}),
        ("paper", paper | {"documents/BR-1.pdf": b"%PDF two"}),
    ]
    for reason, files in cases:
        code, said = said_of(zipped(folder(doc, **files)))
        assert (code, f"[{reason}]" in said) == (1, True), (reason, said)


def growth(old: int, new: int, lie: bool = False) -> Doc:
    """From the checkpoint of `old` leaves to that of `new`, the proof by RFC 6962 section 2.1.2."""
    leaves = [bytes([n]) * 32 for n in range(new)]

    def subproof(m: int, some: list[bytes], whole: bool) -> list[bytes]:
        if m == len(some):
            return [] if whole else [root(some)]
        k = 1
        while k * 2 < len(some):
            k *= 2
        if m <= k:
            return [*subproof(m, some[:k], whole), root(some[k:])]
        return [*subproof(m - k, some[k:], False), root(some[:k])]

    was = [b"\xff" * 32, *leaves[1:old]] if lie else leaves[:old]
    signed = [notes.sign(notes.Body(KEY.name, len(one), root(one)).text, KEY) for one in (was, leaves)]
    path = [one.hex() for one in subproof(old, leaves, True)]
    return {"format": verify.GROWTH, "keys": [KEY.public.vkey], "old": signed[0], "checkpoint": signed[1],
            "consistency": path}  # fmt: skip


def test_the_log_is_shown_to_continue_a_checkpoint_somebody_kept(
    said_of: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    key, kept = ("--key", KEY.public.vkey), tmp_path / "KEPT"
    for old in range(1, SIZE + 1):
        assert verify.check_growth(growth(old, SIZE), [])["old"] == old
        if old < SIZE and (path := growth(old, SIZE)["consistency"]):
            with pytest.raises(verify.Wrong):
                verify.check_growth(growth(old, SIZE) | {"consistency": path[:-1]}, [])
        with pytest.raises(verify.Wrong):
            verify.check_growth(growth(old, SIZE, lie=True), [])
    kept.write_text(
        "Bonjour,\n\n> " + growth(6, SIZE)["old"].replace("\n", "\r\n> ") + "\n-- \nParc commun\n"
    )
    code, said = said_of(growth(6, SIZE), *key, "--kept", "KEPT")
    assert (code, "Your checkpoint (6 events) agrees" in said, "begins with the 6 events" in said) == (
        0,
        True,
        True,
    )
    code, said = said_of(document(verify.EXPORT), *key, "--kept", "KEPT")
    assert (code, "[elsewhere]" in said) == (1, True), said
    kept.write_text(document(verify.EXPORT)["checkpoint"])
    assert said_of(document(verify.EXPORT), *key, "--kept", "KEPT")[0] == 0
    kept.write_text(growth(6, SIZE, lie=True)["old"])
    code, said = said_of(growth(6, SIZE), *key, "--kept", "KEPT")
    assert (code, "THE LOG WAS REWRITTEN" in said) == (1, True), said
    assert "[consistency]" in said_of(growth(6, SIZE, lie=True), *key)[1]
    for text, reason in (
        ("nothing", "kept-unread"),
        (growth(6, SIZE)["old"].replace("6", "7", 1), "signature"),
    ):
        kept.write_text(text)
        assert f"[{reason}]" in said_of(growth(6, SIZE), *key, "--kept", "KEPT")[1]


# --- published constants ---------------------------------------------------------------------------------------
RFC_8032 = [  # section 7.1, tests 1 to 3 and SHA(abc): public key, message, signature
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
     "d25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
     "387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
     "4a7c15e9716ed28dc027beceea1ec40a"),
    ("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
     "3dca179c138ac17ad9bef1177331a704"),
]  # fmt: skip
C2SP_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
C2SP_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_ed25519_as_rfc_8032_says() -> None:
    for key, message, signature in RFC_8032:
        public, told, sign = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
        assert verify.ed25519(public, told, sign)
        assert not verify.ed25519(public, told + b"!", sign)
        assert not verify.ed25519(public, told, sign[:63] + bytes([sign[63] ^ 1]))
        malleable = (int.from_bytes(sign[32:], "little") + verify.ORDER).to_bytes(32, "little")
        assert not verify.ed25519(public, told, sign[:32] + malleable)  # section 5.1.7: S below the order
    assert not verify.ed25519(b"\xff" * 32, b"", bytes(64))


def test_a_signed_note_as_c2sp_says() -> None:
    lines = verify.Key(C2SP_KEY).opened(C2SP_NOTE, "note")
    assert lines[1] == "then you don't know what your problem is."
    with pytest.raises(verify.Wrong):
        verify.Key(C2SP_KEY).opened(C2SP_NOTE.replace("answer", "Answer"), "note")


def test_it_stands_alone() -> None:
    """The standard library only, and nothing of this project."""
    asked = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert {name.partition(".")[0] for name in asked} <= sys.stdlib_module_names
    assert (verify.DOMAIN, verify.GENESIS) == (p.DOMAIN, p.GENESIS)
