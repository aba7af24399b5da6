#!/usr/bin/env python3
"""Checks, offline and without trusting anybody, what the platform gave as proof.

    python -I verify.py FILE [--key KEY] [--lang fr|en]

FILE: a proof (.json), the whole journal of a lot (.json) or a proof folder (.zip). KEY: the public key of the
log, or a file of such keys, one a line, as published at /checkpoint.pub; without it, the key in the file is
used, and said. Leaves with 0 when everything holds, 1 when something does not, 2 when the file cannot be read.
One file, the standard library only (Python 3.9 or later). Rules: RFC 8032 (Ed25519), RFC 6962 and RFC 9162
(inclusion), C2SP signed-note, RFC 8785 (canonical JSON of integers and ASCII).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import sys
import zipfile
import zlib
from typing import Any

DOMAIN, GENESIS = b"parc-commun/event/1\0", "0" * 64
PROOF, EXPORT, FOLDER, SEAL = (f"parc-commun-{name}/1" for name in ("proof", "export", "folder", "seal"))
HEX = re.compile(r"[0-9a-f]{64}\Z")

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
        if not name or len(raw) != 33 or raw[0] != 1 or told.hex() != mark.lower():
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


def _checkpoint(key: Key, note: Any) -> tuple[int, bytes]:
    lines = key.opened(note, "checkpoint")
    try:
        size, root = int(lines[1]), base64.b64decode(lines[2], validate=True)
    except (ValueError, IndexError):
        raise Wrong("unreadable") from None
    if lines[0] == SEAL or lines[1] != str(size) or len(root) != 32:
        raise Wrong("unreadable")
    return size, root


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


def _sealed(key: Key, note: Any, kind: str, subject: str, count: int, digest: bytes, size: int) -> None:
    """The signed statement that a file holds exactly this: nothing was left out of it since."""
    told = [SEAL, kind, subject, str(count), base64.b64encode(digest).decode(), str(size)]
    if key.opened(note, "seal") != told:
        raise Wrong("seal")


# --- what is checked -----------------------------------------------------------------------------------------
def check_event(number: int, event: Any, size: int, root: bytes) -> dict[str, Any] | None:
    """Bytes, hash and inclusion of one event; its payload, or None when it is withheld."""
    if not isinstance(event, dict) or not HEX.match(str(event.get("hash"))):
        raise Wrong("shape", n=number)
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
    """A proof or an export; what it proves, for the report. Wrong says what does not hold."""
    if not isinstance(doc, dict) or doc.get("format") not in (PROOF, EXPORT):
        raise Wrong("unreadable")
    known = pinned or [Key(str(doc.get("key")))]
    key = next((one for one in known if one.text == doc.get("key")), known[0])
    size, root = _checkpoint(key, doc.get("checkpoint"))
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
            "root": root.hex(), "withheld": bodies.count(None)}  # fmt: skip


def check_folder(folder: zipfile.ZipFile, pinned: list[Key]) -> dict[str, Any]:
    """A proof folder: its proof, its list of files under the seal, each file by its SHA-256."""
    names = [each.filename for each in folder.infolist()]
    if not {"proof.json", "SHA256SUMS", "seal.txt"} <= set(names) or len(set(names)) != len(names):
        raise Wrong("names")
    if (damaged := folder.testzip()) is not None:
        raise Wrong("file", name=damaged)
    found = check_document(json.loads(folder.read("proof.json")), pinned)
    sums = folder.read("SHA256SUMS")
    listed = {line[66:]: line[:64] for line in sums.decode().splitlines() if line}
    if set(listed) != set(names) - {"SHA256SUMS", "seal.txt"}:
        raise Wrong("names")
    for name, digest in sorted(listed.items()):
        if hashlib.sha256(folder.read(name)).hexdigest() != digest:
            raise Wrong("file", name=name)
    _sealed(found["key"], folder.read("seal.txt").decode(), FOLDER, found["subject"], len(listed),
            hashlib.sha256(sums).digest(), found["size"])  # fmt: skip
    return {**found, "files": len(listed)}


def check_file(path: str, pinned: list[Key]) -> dict[str, Any]:
    """Whatever FILE is: what it proves. OSError when it cannot be read; Wrong when something does not hold."""
    broken = (zipfile.BadZipFile, zlib.error, ValueError, TypeError, KeyError, AttributeError, RuntimeError)
    with open(path, "rb") as source:
        try:
            if zipfile.is_zipfile(source):
                with zipfile.ZipFile(source) as folder:
                    return check_folder(folder, pinned)
            source.seek(0)
            return check_document(json.loads(source.read()), pinned)
        except broken:
            raise Wrong("unreadable") from None


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
    "files": ("Prouvé aussi : les {files} fichiers du dossier sont ceux qui y ont été mis.",
              "Proven too: the {files} files of the folder are those that were put in it."),
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
    "names": ("les fichiers du dossier ne sont pas ceux de sa liste", "the files are not those of the folder’s list"),
    "file": ("{name} : n’est plus le fichier qui a été mis", "{name}: no longer the file that was put in"),
}
# fmt: on


def told(found: dict[str, Any], pinned: bool, lang: int) -> list[str]:
    """The report of a file that holds, line by line."""
    lines = [SAYS["good"][lang].format(**found)]
    for n, body in enumerate(found["events"], 1):
        if body is None:
            lines.append(SAYS["hidden"][lang].format(n=n))
            continue
        units = sum(last - first + 1 for first, last in body["units"])
        when = body["occurred_at"]
        lines.append(SAYS["step"][lang].format(n=n, type=body["type"], when=when, units=units))
    codes = [
        "proof",
        *(["export"] if found["format"] == EXPORT else []),
        *(["files"] if "files" in found else []),
    ]
    said = {**found, "count": len(found["events"]), "key": found["key"].text}
    return lines + [
        SAYS[code][lang].format(**said) for code in [*codes, "limits", "pinned" if pinned else "loud"]
    ]


def main() -> int:
    """Check the file named on the command line and say what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file")
    parser.add_argument("--key", default="")
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    parser.add_argument("--lang", choices=("fr", "en"), default="en" if spoken.startswith("en") else "fr")
    asked = parser.parse_args()
    lang = 0 if asked.lang == "fr" else 1
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr] # a console that lacks a letter
    try:
        given = asked.key
        if given and os.path.exists(given):
            with open(given, encoding="ascii") as source:
                given = source.read()
        pinned = [Key(line) for line in given.strip().splitlines() or [given]] if asked.key else []
        print("\n".join(told(check_file(asked.file, pinned), bool(pinned), lang)))
    except (OSError, UnicodeDecodeError):
        print(SAYS["unread"][lang].format(path=asked.file), file=sys.stderr)
        return 2
    except Wrong as bad:
        print(SAYS["bad"][lang].format(code=bad.code, reason=SAYS[bad.code][lang].format(**bad.told)))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
