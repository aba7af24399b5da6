"""C2SP signed notes with Ed25519, and the checkpoints written in them (c2sp.org/signed-note, /tlog-checkpoint).

A note is a text ending in a newline, an empty line, then signature lines "— NAME BASE64(key id || signature)".
The key id is the first 4 bytes of SHA-256(name || 0x0A || 0x01 || public key). Pure: no file, no database.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = b"\x01"
DASH = "— "
NAME = re.compile(r"[^\s+]{1,200}\Z")
PRIVATE = "PRIVATE+KEY"


class BadNote(ValueError):
    """A note, key or checkpoint that is not written as the standard says, or is signed by nobody we trust."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A verifier key: whose, and the 32 bytes of the Ed25519 public key."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """The 4 bytes that stand before each of its signatures."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:4]

    @property
    def vkey(self) -> str:
        """`name+hash+base64(0x01 || key)`: how a verifier key is written down."""
        return f"{self.name}+{self.id.hex()}+{_b64(ED25519 + self.raw)}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The secret half: 32 bytes of seed under a name."""

    name: str
    seed: bytes

    @property
    def public(self) -> PublicKey:
        """The half that is told to all."""
        pair = _pair(self.seed)
        return PublicKey(self.name, pair.public_key().public_bytes_raw())

    @property
    def skey(self) -> str:
        """`PRIVATE+KEY+name+hash+base64(0x01 || seed)`: the one line of a key file."""
        return f"{PRIVATE}+{self.name}+{self.public.id.hex()}+{_b64(ED25519 + self.seed)}"


@dataclass(frozen=True, slots=True)
class Body:
    """The three lines of a checkpoint: whose log, how many entries, the root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """As it is signed."""
        return f"{self.origin}\n{self.size}\n{_b64(self.root)}\n"


def new_key(name: str) -> SigningKey:
    """A new key pair under this name."""
    if not NAME.match(name):
        raise BadNote("a key's name has no space and no plus sign")
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return SigningKey(name, Ed25519PrivateKey.generate().private_bytes_raw())


def read_vkey(text: str) -> PublicKey:
    """The verifier key of this line. BadNote when it is not one, or its hash is not that of its key."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3 or not NAME.match(parts[0]):
        raise BadNote("not a verifier key")
    data = _unb64(parts[2])
    key = PublicKey(parts[0], data[1:])
    if data[:1] != ED25519 or len(data) != 33:
        raise BadNote("not an Ed25519 key")
    if key.id.hex() != parts[1]:
        raise BadNote("the key's hash is not that of the key")
    return key


def read_skey(text: str) -> SigningKey:
    """The signing key of a key file's line. BadNote when it is not one."""
    parts = text.strip().split("+", 4)
    if len(parts) != 5 or "+".join(parts[:2]) != PRIVATE or not NAME.match(parts[2]):
        raise BadNote("not a signing key")
    data = _unb64(parts[4])
    if data[:1] != ED25519 or len(data) != 33:
        raise BadNote("not an Ed25519 key")
    key = SigningKey(parts[2], data[1:])
    if key.public.id.hex() != parts[3]:
        raise BadNote("the key's hash is not that of the key")
    return key


def sign(text: str, key: SigningKey) -> str:
    """The note that says `text` (ending in a newline), signed."""
    _check_text(text)
    signature = _pair(key.seed).sign(text.encode())
    return f"{text}\n{DASH}{key.name} {_b64(key.public.id + signature)}\n"


def _pair(seed: bytes) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # loaded by who signs

    return Ed25519PrivateKey.from_private_bytes(seed)


def opened(note: str, *known: PublicKey) -> tuple[str, PublicKey]:
    """(text, key) of a note that at least one of `known` signed. BadNote otherwise.

    Signatures by unknown keys are passed over; a wrong one by a known key spoils the note.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    text, separator, lines = note.rpartition("\n\n")
    text += "\n"
    if not separator or not lines.endswith("\n"):
        raise BadNote("not a signed note")
    _check_text(text)
    found: PublicKey | None = None
    for line in lines[:-1].split("\n"):
        name, signature = _read_signature(line)
        key = next((k for k in known if k.name == name and k.id == signature[:4]), None)
        if key is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.raw).verify(signature[4:], text.encode())
        except (InvalidSignature, ValueError) as error:
            raise BadNote("the signature is wrong") from error
        found = found or key
    if found is None:
        raise BadNote("no known key signed this note")
    return text, found


def read_body(text: str) -> Body:
    """The checkpoint a note's text says. Lines after the third are extensions, passed over."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not re.fullmatch(r"0|[1-9]\d{0,18}", lines[1]):
        raise BadNote("not a checkpoint")
    root = _unb64(lines[2])
    if len(root) != 32:
        raise BadNote("a root has 32 bytes")
    return Body(lines[0], int(lines[1]), root)


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(ord(c) < 32 and c != "\n" for c in text):
        raise BadNote("a note's text ends in a newline and has no control character")


def _read_signature(line: str) -> tuple[str, bytes]:
    name, space, encoded = line.removeprefix(DASH).rpartition(" ")
    if not line.startswith(DASH) or not space or not NAME.match(name):
        raise BadNote("not a signature line")
    signature = _unb64(encoded)
    if len(signature) < 5:
        raise BadNote("not a signature line")
    return name, signature


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unb64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("not base64") from error
