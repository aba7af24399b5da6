#!/usr/bin/env python3
"""Checks, offline and without trusting anybody, what the platform gave as proof.

    python -I verify.py FILE [--key KEY] [--kept NOTE] [--lang fr|en]

FILE: a proof (.json), the whole journal of a lot (.json), a proof folder (.zip, or unpacked), the growth of the log
(.json). KEY: the public key of the log, or a file of such keys, one a line, as published at /checkpoint.pub; without
it, the key in the file is used, and said. NOTE: a file with a checkpoint you kept (a mail, a download), with which
the file is compared. Leaves with 0 when everything holds, 1 when something does not, 2 when a file cannot be read.
One file, the standard library only (Python 3.9 or later). Rules: RFC 8032 (Ed25519), RFC 6962 and RFC 9162
(inclusion, consistency), C2SP signed-note, RFC 8785 (canonical JSON of integers and ASCII).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO

DOMAIN, GENESIS = b"parc-commun/event/1\0", "0" * 64
PROOF, EXPORT, FOLDER, SEAL, GROWTH = (
    f"parc-commun-{name}/1" for name in ("proof", "export", "folder", "seal", "growth")
)
HEX = re.compile(r"[0-9a-f]{64}\Z")
MEMBERS = {
    **dict.fromkeys(
        (PROOF, EXPORT), {"format", "subject", "key", "checkpoint", "seal", "events", "left_out"}
    ),
    GROWTH: {"format", "keys", "old", "checkpoint", "consistency"},
    "event": {"payload", "hash", "position", "inclusion"},
}
BIGGEST = 1 << 30  # bytes of a file that is held in memory: more is no proof, but a trap

# --- Ed25519, RFC 8032 section 5.1 -------------------------------------------------------------------------
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int, int, int]


def _point(data: bytes) -> Point | None:
    """The point that 32 bytes write (y, and the parity of x in the last bit); None when there is none."""
    number = int.from_bytes(data, "little")
    y, odd = number & ((1 << 255) - 1), number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and odd):
        return None
    x = x if x & 1 == odd else P - x
    return x, y, 1, x * y % P


def _add(a: Point, b: Point) -> Point:
    e1, e2 = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = e2 - e1, d - c, d + c, e2 + e1
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point, scalar = _add(point, point), scalar >> 1
    return total


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is that of `message` under `public` (32 bytes)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, r, s = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    base = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    if key is None or r is None or base is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = _times(s, base), _add(r, _times(h, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 == (left[1] * right[2] - right[1] * left[2]) % P


# --- C2SP signed note, RFC 6962 inclusion -------------------------------------------------------------------
class Wrong(Exception):
    """Something does not hold: a code of SAYS and what it speaks of."""

    def __init__(self, code: str, **told: Any) -> None:
        super().__init__(code)
        self.code, self.told = code, told


class Key:
    """A verifier key `name+hash+base64` (algorithm 1, Ed25519)."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        try:
            name, mark, data = self.text.split("+", 2)
            raw = base64.b64decode(data, validate=True)
        except ValueError:
            raise Wrong("key") from None
        told = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
        if (
            not name
            or not name.isprintable()
            or " " in name
            or len(raw) != 33
            or raw[0] != 1
            or told.hex() != mark.lower()
        ):
            raise Wrong("key")
        self.name, self.mark, self.public = name, told, raw[1:]

    def opened(self, note: Any, what: str) -> list[str]:
        """The lines of a note this key signed; Wrong otherwise."""
        text, blank, marks = note.rpartition("\n\n") if isinstance(note, str) else ("", "", "")
        for line in marks.split("\n") if blank else []:
            dash, name, data = (line.split(" ") + ["", ""])[:3]
            try:
                raw = base64.b64decode(data, validate=True)
            except ValueError:
                continue
            ours = dash == "—" and name == self.name and raw[:4] == self.mark
            if ours and ed25519(self.public, text.encode() + b"\n", raw[4:]):
                return text.split("\n")
        raise Wrong("signature", what=what)


def _checkpoint(known: list[Key], note: Any) -> tuple[int, bytes, Key]:
    """Size and root that a checkpoint states, and which of the known keys signed it."""
    named = [one for one in known if isinstance(note, str) and f"\n— {one.name} " in note]
    for key in named or known[:1]:
        try:
            lines = key.opened(note, "checkpoint")
            break
        except Wrong as refused:
            wrong = refused
    else:
        raise wrong
    try:
        size, root = int(lines[1]), base64.b64decode(lines[2], validate=True)
    except (ValueError, IndexError):
        raise Wrong("unreadable") from None
    if lines[0] == SEAL or lines[1] != str(size) or len(root) != 32:
        raise Wrong("unreadable")
    return size, root, key


def included(leaf: bytes, position: int, size: int, path: list[bytes], root: bytes) -> bool:
    """RFC 9162 section 2.1.3.2: whether `leaf` stands at `position` of the tree of `size` with this root."""
    if not 0 <= position < size:
        return False
    at, last, node = position, size - 1, hashlib.sha256(b"\0" + leaf).digest()
    for other in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = hashlib.sha256(b"\1" + other + node).digest()
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\1" + node + other).digest()
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def grown(old: int, new: int, path: list[bytes], old_root: bytes, new_root: bytes) -> bool:
    """RFC 9162 section 2.1.4.2: whether the tree (new, new_root) begins with the tree (old, old_root)."""
    if not 0 < old <= new or (old == new and path):
        return False
    steps = path if old & (old - 1) else [old_root, *path]
    if old == new or not steps:
        return old == new and old_root == new_root
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = steps[0]
    for other in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before = hashlib.sha256(b"\1" + other + before).digest()
            after = hashlib.sha256(b"\1" + other + after).digest()
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = hashlib.sha256(b"\1" + after + other).digest()
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _sealed(key: Key, note: Any, kind: str, subject: str, count: int, digest: bytes, size: int) -> None:
    """The signed statement that a file holds exactly this: nothing was left out of it since."""
    told = [SEAL, kind, subject, str(count), base64.b64encode(digest).decode(), str(size)]
    if key.opened(note, "seal") != told:
        raise Wrong("seal")


# --- what is checked -----------------------------------------------------------------------------------------
def _read(data: bytes) -> Any:
    """JSON in which no name stands twice: a reader may see the first, a program the last."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise Wrong("members")
        return dict(pairs)

    return json.loads(data, object_pairs_hook=once)


def check_event(number: int, event: Any, size: int, root: bytes) -> dict[str, Any] | None:
    """Bytes, hash and inclusion of one event; its payload, or None when it is withheld."""
    if not isinstance(event, dict) or not HEX.match(str(event.get("hash"))):
        raise Wrong("shape", n=number)
    if not set(event) <= MEMBERS["event"]:
        raise Wrong("members")
    stored, position, path = event.get("payload"), event.get("position"), event.get("inclusion")
    body = None
    if stored is not None:
        if hashlib.sha256(DOMAIN + str(stored).encode()).hexdigest() != event["hash"]:
            raise Wrong("hash", n=number)
        body = json.loads(stored)
        if json.dumps(body, sort_keys=True, separators=(",", ":")) != stored or body.get("v") != 1:
            raise Wrong("canonical", n=number)
    if position is None:
        raise Wrong("uncovered", n=number, size=size)
    if type(position) is not int or not isinstance(path, list) or not all(HEX.match(str(x)) for x in path):
        raise Wrong("shape", n=number)
    if not included(bytes.fromhex(event["hash"]), position, size, [bytes.fromhex(x) for x in path], root):
        raise Wrong("inclusion", n=number, size=size)
    return body


def check_chain(stream: str, events: list[Any], bodies: list[dict[str, Any] | None]) -> None:
    """A whole stream: gapless from its first event, each following the one before, in the order of the log."""
    before, place = GENESIS, -1
    for number, (event, body) in enumerate(zip(events, bodies), 1):  # noqa: B905 – `strict` came with Python 3.10
        if event["position"] <= place:
            raise Wrong("order", n=number)
        if body is not None:
            if body.get("stream") != stream:
                raise Wrong("stream", n=number, stream=stream)
            if body.get("seq") != number:
                raise Wrong("sequence", n=number, seq=body.get("seq"))
            if body.get("prev") != before:
                raise Wrong("link", n=number)
        before, place = event["hash"], event["position"]


def check_document(doc: Any, pinned: list[Key]) -> dict[str, Any]:
    """A proof, an export or a growth; what it proves, for the report. Wrong says what does not hold."""
    if not isinstance(doc, dict) or doc.get("format") not in (PROOF, EXPORT, GROWTH):
        raise Wrong("unreadable")
    if not set(doc) <= MEMBERS[doc["format"]]:
        raise Wrong("members")
    if doc["format"] == GROWTH:
        return check_growth(doc, pinned)
    own = Key(str(doc.get("key")))
    size, root, key = _checkpoint(pinned or [own], doc.get("checkpoint"))
    if key.text != own.text:
        raise Wrong("other-key")
    events = doc.get("events")
    if not isinstance(events, list) or not events:
        raise Wrong("unreadable")
    bodies = [check_event(number, event, size, root) for number, event in enumerate(events, 1)]
    subject = str(doc.get("subject"))
    if doc["format"] == EXPORT:
        check_chain(subject, events, bodies)
    unit = int(subject[5:]) if subject.startswith("unit/") else None
    for number, body in enumerate(bodies, 1):
        if unit is not None and body is not None and not any(a <= unit <= b for a, b in body["units"]):
            raise Wrong("unit", n=number)
    marks = hashlib.sha256(b"".join(bytes.fromhex(event["hash"]) for event in events)).digest()
    _sealed(key, doc.get("seal"), doc["format"], subject, len(events), marks, size)
    return {"format": doc["format"], "subject": subject, "events": bodies, "size": size, "key": key,
            "root": root.hex(), "withheld": bodies.count(None), "left_out": doc.get("left_out", 0)}  # fmt: skip


def check_growth(doc: dict[str, Any], pinned: list[Key]) -> dict[str, Any]:
    """That the log of a newer checkpoint begins, entry by entry, with that of an older one."""
    known = pinned or [Key(str(one)) for one in doc["keys"]]
    old, old_root, _ = _checkpoint(known, doc.get("old"))
    size, root, key = _checkpoint(known, doc.get("checkpoint"))
    path = doc.get("consistency")
    if not isinstance(path, list) or not all(HEX.match(str(one)) for one in path):
        raise Wrong("unreadable")
    if not grown(old, size, [bytes.fromhex(one) for one in path], old_root, root):
        raise Wrong("consistency", old=old, size=size)
    return {"format": GROWTH, "subject": key.name, "events": [], "size": size, "key": key, "root": root.hex(),
            "old": old, "old_root": old_root.hex(), "withheld": 0, "left_out": 0}  # fmt: skip


Files = dict[str, Callable[[], BinaryIO]]


def _whole(files: Files, name: str) -> bytes:
    with files[name]() as source:
        data = source.read(BIGGEST + 1)
    if len(data) > BIGGEST:
        raise Wrong("big", name=name)
    return data


def _sha256(files: Files, name: str) -> str:
    """Piece by piece: a small archive may hide a file that no memory holds."""
    digest = hashlib.sha256()
    with files[name]() as source:
        while piece := source.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def check_folder(files: Files, pinned: list[Key]) -> dict[str, Any]:
    """A proof folder: its proof, its list of files under the seal, each file by its SHA-256, its papers."""
    for name in ("proof.json", "SHA256SUMS", "seal.txt"):
        if name not in files:
            raise Wrong("names", name=name)
    doc = _read(_whole(files, "proof.json"))
    found = check_document(doc, pinned)
    if found["format"] == GROWTH:
        raise Wrong("unreadable")
    sums = _whole(files, "SHA256SUMS")
    listed = {line[66:]: line[:64] for line in sums.decode().split("\n") if line}
    for name in sorted(set(listed) ^ (set(files) - {"SHA256SUMS", "seal.txt"})):
        raise Wrong("names", name=name)
    for name, digest in sorted(listed.items()):
        if _sha256(files, name) != digest:
            raise Wrong("file", name=name)
    _sealed(found["key"], _whole(files, "seal.txt").decode(), FOLDER, found["subject"], len(listed),
            hashlib.sha256(sums).digest(), found["size"])  # fmt: skip
    again = {"checkpoint.txt": doc["checkpoint"], "checkpoint.pub": found["key"].text + "\n"}
    for name in sorted(set(again) & set(files)):
        if _whole(files, name) != again[name].encode():
            raise Wrong("apart", name=name)
    if "events.json" in files and _read(_whole(files, "events.json")) != found["events"]:
        raise Wrong("apart", name="events.json")
    return {**found, "files": len(listed), **_papers(files, listed, pinned)}


def _papers(files: Files, listed: dict[str, str], pinned: list[Key]) -> dict[str, int]:
    """How many papers the folder holds, and of how many the log bears the number and the SHA-256."""
    papers = {
        name[len("documents/") : -len(".pdf")]: name for name in listed if name.startswith("documents/")
    }
    marks = {}
    if "documents.json" in files:
        issued = check_document(_read(_whole(files, "documents.json")), pinned)
        marks = {body["facts"]["number"]: body["facts"]["sha256"] for body in issued["events"] if body}
    for number, name in sorted(papers.items()):
        if number in marks and marks[number] != listed[name]:
            raise Wrong("paper", name=name)
    return {"papers": len(papers), "written": len(set(papers) & set(marks))}


def _zipped(folder: zipfile.ZipFile) -> Files:
    """The files of an archive that holds these and nothing else: no name twice, no byte before, between or after."""
    held, end = sorted(folder.infolist(), key=lambda one: one.header_offset), 0
    if len({each.filename for each in held}) != len(held):
        raise Wrong("archive")
    for each in held:
        folder.fp.seek(end)  # type: ignore[union-attr] # it is open
        head = struct.unpack("<4s5H3I2H", folder.fp.read(30))  # type: ignore[union-attr] # it is open
        if each.header_offset != end or head[2] & 8 or head[10] or each.extra or each.comment:
            raise Wrong("archive")
        end += 30 + head[9] + each.compress_size
    if end != folder.start_dir or folder.comment:
        raise Wrong("archive")
    return {each.filename: partial(folder.open, each.filename) for each in held}  # type: ignore[misc] # bytes too


def _opened(path: str) -> BinaryIO:
    return open(path, "rb")


def _unpacked(path: str) -> Files:
    """The files of a folder that somebody unpacked."""
    inside = (os.path.join(at, one) for at, _, names in os.walk(path) for one in names)
    return {os.path.relpath(one, path).replace(os.sep, "/"): partial(_opened, one) for one in inside}


BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, ValueError, TypeError, KeyError, AttributeError, IndexError,
          RuntimeError, ArithmeticError, EOFError, MemoryError)  # fmt: skip


def check_file(path: str, pinned: list[Key]) -> dict[str, Any]:
    """Whatever FILE is: what it proves. OSError when it cannot be read; Wrong when something does not hold."""
    if os.path.isdir(path):
        try:
            return check_folder(_unpacked(path), pinned)
        except BROKEN:
            raise Wrong("unreadable") from None
    with open(path, "rb") as source:
        try:
            if source.read(2) == b"PK":
                with zipfile.ZipFile(source) as folder:
                    return check_folder(_zipped(folder), pinned)
            source.seek(0)
            return check_document(_read(_whole({path: lambda: source}, path)), pinned)
        except (*BROKEN, OSError):
            raise Wrong("unreadable") from None


def compared(found: dict[str, Any], text: str, pinned: list[Key]) -> int:
    """The size of the checkpoint somebody kept (a note, or a mail around it) when what was found continues it."""
    plain = "\n".join(re.sub(r"^[> \t]*|\s*$", "", line) for line in text.splitlines())
    kept = re.search(r"^\S+\n\d+\n[A-Za-z0-9+/]{43}=\n\n(— \S+ \S+(\n|\Z))+", plain, re.MULTILINE)
    if kept is None:
        raise Wrong("kept-unread")
    size, root, _ = _checkpoint(pinned or [found["key"]], kept[0].rstrip("\n") + "\n")
    known = {found.get("old"): found.get("old_root"), found["size"]: found["root"]}
    if size not in known:
        raise Wrong("elsewhere", kept=size, size=found["size"])
    if known[size] != root.hex():
        raise Wrong("kept", kept=size)
    return size


# --- what is said --------------------------------------------------------------------------------------------
# fmt: off
SAYS = {
    "good": ("TOUT CONCORDE : {subject}", "EVERYTHING HOLDS: {subject}"),
    "bad": ("REFUSÉ [{code}] : {reason}", "REFUSED [{code}]: {reason}"),
    "step": ("  {n}. {type}, le {when}, {units} appareil(s)", "  {n}. {type}, on {when}, {units} device(s)"),
    "hidden": ("  {n}. contenu non communiqué, empreinte prouvée", "  {n}. content withheld, fingerprint proven"),
    "proof": ("Prouvé : ces {count} événements sont dans le journal signé, tels quels, et n’ont pas été modifiés"
              " depuis le point de contrôle {size} (racine {root}).",
              "Proven: these {count} events are in the signed log, as they stand here, and were not altered since"
              " checkpoint {size} (root {root})."),
    "export": ("Prouvé aussi : la suite est sans trou du premier au dernier de ces événements, dans l’ordre.",
               "Proven too: the sequence has no gap from the first to the last of these events, in order."),
    "growth": ("Prouvé : le journal signé de {size} événements (racine {root}) commence par les {old} événements du"
               " point de contrôle ancien (racine {old_root}), tels quels.",
               "Proven: the signed log of {size} events (root {root}) begins with the {old} events of the older"
               " checkpoint (root {old_root}), as they were."),
    "sealed": ("La place, dans la suite, des événements non communiqués ({withheld}) est dite par le sceau.",
               "The place in the sequence of events that are withheld ({withheld}) is what the seal states."),
    "papers": ("Prouvé aussi : l’empreinte de {written} des {papers} documents du dossier est inscrite au journal.",
               "Proven too: the fingerprints of {written} of the {papers} papers of the folder are in the log."),
    "left_out": ("Le fichier dit lui-même (hors sceau) que {left_out} événement(s) plus récent(s) n’y sont pas.",
                 "The file says itself (outside its seal) that {left_out} newer event(s) are not in it."),
    "kept_ok": ("Votre point de contrôle ({kept} événements) concorde.",
                "Your checkpoint ({kept} events) agrees."),
    "files": ("Prouvé aussi : les {files} fichiers du dossier sont ceux qui y ont été mis.",
              "Proven too: the {files} files of the folder are those that were put in it."),
    "only": ("Non prouvé : que ce qui a été écrit est vrai.", "Not proven: that what was written is true."),
    "limits": ("Non prouvé : que ce qui a été écrit est vrai ; ce qui a pu être écrit après ce point de contrôle ;"
               " le contenu des événements non communiqués ({withheld}).",
               "Not proven: that what was written is true; what may have been written after this checkpoint; the"
               " content of events that are withheld ({withheld})."),
    "pinned": ("Clé : {key}\n(celle que vous avez donnée)", "Key: {key}\n(the one you gave)"),
    "loud": ("ATTENTION ! La clé vient du fichier lui-même : un faussaire y mettrait la sienne. Comparez-la à celle"
             " que publie le site (/checkpoint.pub) ou qui vous a été remise, puis recommencez avec --key :\n{key}",
             "WARNING! The key comes from the file itself: a forger would put in his own. Compare it with the one"
             " the site publishes (/checkpoint.pub) or that you were given, then start again with --key:\n{key}"),
    "unread": ("Fichier illisible : {path}", "This file cannot be read: {path}"),
    "unreadable": ("ce n’est pas un fichier de preuve, ou il est abîmé", "this is no proof file, or it is damaged"),
    "shape": ("événement {n} : donnée absente ou mal écrite", "event {n}: something is missing or badly written"),
    "members": ("une donnée est en trop, ou deux fois : rien ne la prouve",
                "something stands in excess, or twice: nothing proves it"),
    "big": ("{name} : trop gros pour être un tel fichier", "{name}: too big to be such a file"),
    "other-key": ("le fichier nomme une autre clé que celle qui l’a signé",
                  "the file names another key than the one that signed it"),
    "consistency": ("le journal de {size} événements ne commence pas par celui de {old}",
                    "the log of {size} events does not begin with that of {old}"),
    "kept": ("LE JOURNAL A ÉTÉ RÉÉCRIT : le point de contrôle que vous avez gardé ({kept}) est signé par la même clé et"
             " dit une autre racine. Gardez les deux : ils le prouvent.",
             "THE LOG WAS REWRITTEN: the checkpoint you kept ({kept}) is signed by the same key and states another"
             " root. Keep both: they prove it."),
    "elsewhere": ("votre point de contrôle ({kept}) ne se compare pas à ce fichier ({size}) : téléchargez la croissance"
                  " du journal depuis {kept} (page /journal), puis vérifiez-la avec --kept",
                  "your checkpoint ({kept}) cannot be compared with this file ({size}): download the growth of the"
                  " log since {kept} (page /journal), then check it with --kept"),
    "kept-unread": ("le fichier donné à --kept ne contient pas de point de contrôle",
                    "the file given to --kept holds no checkpoint"),
    "archive": ("l’archive a été refaite ou complétée : prenez-la telle que téléchargée, ou vérifiez le dossier"
                " décompressé", "the archive was packed again or added to: take it as downloaded, or check the unpacked"
                " folder"),
    "apart": ("{name} ne dit pas la même chose que proof.json", "{name} does not say the same as proof.json"),
    "paper": ("{name} : le journal a inscrit une autre empreinte pour ce document",
              "{name}: the log bears another fingerprint for this paper"),
    "key": ("la clé n’est pas lisible", "the key cannot be read"),
    "signature": ("{what} : aucune signature valable de cette clé", "{what}: no valid signature by this key"),
    "hash": ("événement {n} : son texte ne donne pas son empreinte", "event {n}: its text does not give its hash"),
    "canonical": ("événement {n} : texte non canonique", "event {n}: its text is not canonical"),
    "uncovered": ("événement {n} : pas encore couvert par un point de contrôle (taille {size})",
                  "event {n}: not yet covered by a checkpoint (size {size})"),
    "inclusion": ("événement {n} : absent, à cette place, du journal signé (taille {size})",
                  "event {n}: not in the signed log (size {size}) at this position"),
    "order": ("événement {n} : dans le désordre", "event {n}: out of order"),
    "stream": ("événement {n} : n’est pas de {stream}", "event {n}: is not of {stream}"),
    "sequence": ("le {n}ᵉ événement porte le numéro {seq}", "event {n} bears number {seq}"),
    "link": ("événement {n} : ne suit pas le précédent", "event {n}: does not follow the one before"),
    "unit": ("événement {n} : ne parle pas de cet appareil", "event {n}: does not speak of this device"),
    "seal": ("le sceau ne dit pas ce contenu : quelque chose y a été ajouté, ôté ou changé",
             "the seal does not state this content: something was added, removed or changed"),
    "names": ("{name} : en trop dans le dossier, ou absent", "{name}: not of the folder’s list, or missing"),
    "file": ("{name} : n’est plus le fichier qui a été mis", "{name}: no longer the file that was put in"),
}
# fmt: on


def said(code: str, lang: int, /, **facts: Any) -> str:
    """A sentence; what a file made up may not move the cursor, hide or fake a line of this report."""
    plain = {name: "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value))
             for name, value in facts.items()}  # fmt: skip
    return SAYS[code][lang].format(**plain)


def told(found: dict[str, Any], pinned: bool, lang: int) -> list[str]:
    """The report of a file that holds, line by line."""
    lines = [said("good", lang, **found)]
    for n, body in enumerate(found["events"], 1):
        if body is None:
            lines.append(said("hidden", lang, n=n))
            continue
        units = sum(last - first + 1 for first, last in body["units"])
        lines.append(said("step", lang, n=n, type=body["type"], when=body["occurred_at"], units=units))
    whole = found["format"] == EXPORT
    codes = {
        "growth": found["format"] == GROWTH, "proof": found["format"] != GROWTH, "export": whole,
        "sealed": whole and found["withheld"], "files": "files" in found, "papers": found.get("papers"),
        "kept_ok": "kept" in found, "only": found["format"] == GROWTH, "limits": found["format"] != GROWTH,
        "left_out": found["left_out"], "pinned": pinned, "loud": not pinned,
    }  # fmt: skip
    facts = {**found, "count": len(found["events"]), "key": found["key"].text}
    return lines + [said(code, lang, **facts) for code, fits in codes.items() if fits]


def _text(path: str) -> str:
    with open(path, encoding="utf-8-sig") as source:
        return source.read(1 << 20)


def main() -> int:
    """Check the file named on the command line and say what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file")
    parser.add_argument("--key")
    parser.add_argument("--kept")
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    parser.add_argument("--lang", choices=("fr", "en"), default="en" if spoken.startswith("en") else "fr")
    asked = parser.parse_args()
    lang = 0 if asked.lang == "fr" else 1
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr] # a console that lacks a letter
    opened = asked.file
    try:
        given = asked.key
        if given and os.path.exists(given):
            opened = given
            given = _text(given)
        pinned = (
            [] if given is None else [Key(line) for line in given.split("\n") if line.strip()] or [Key(given)]
        )
        opened = asked.file
        found = check_file(opened, pinned)
        if asked.kept is not None:
            opened = asked.kept
            found["kept"] = compared(found, _text(opened), pinned)
        print("\n".join(told(found, bool(pinned), lang)))
    except (OSError, UnicodeDecodeError):
        print(said("unread", lang, path=opened), file=sys.stderr)
        return 2
    except Wrong as bad:
        print(said("bad", lang, code=bad.code, reason=said(bad.code, lang, **bad.told)))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
