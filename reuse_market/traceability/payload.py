"""Payload v1: what is hashed, and how. Frozen by docs/adr/0004 and tests/traceability/golden.json.

Canonical bytes are RFC 8785 (JCS): ASCII keys and strings and integers only, so that the standard library's
JSON writes the same bytes (proven in tests against the `rfc8785` package). No name, serial or free text can
enter: every string must look like a code.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from reuse_market.kernel.errors import Invalid

VERSION = 1
DOMAIN = b"parc-commun/event/1\0"
GENESIS = "0" * 64
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/+\-]{0,79}\Z")
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
MAX_INTEGER = 2**53 - 1
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode


def canonical(payload: Mapping[str, Any]) -> bytes:
    """The bytes that are stored, served and hashed."""
    return _encode(payload).encode("ascii")


def digest(stored: bytes) -> str:
    """SHA-256 over the domain prefix and the stored bytes, in hex."""
    return hashlib.sha256(DOMAIN + stored).hexdigest()


def stamp(instant: datetime) -> str:
    """An instant as it stands in a payload: UTC, milliseconds, Z."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def as_stamped(instant: datetime) -> datetime:
    """The instant that `stamp` tells: UTC, its microseconds cut off."""
    return instant.astimezone(UTC).replace(microsecond=instant.microsecond // 1000 * 1000)


def read_stamp(text: str) -> datetime:
    """The instant of a payload stamp."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def ranges(ids: Iterable[int]) -> list[list[int]]:
    """Sorted, disjoint [first, last] ranges of unit ids: compact, and exactly the event's pairs."""
    result: list[list[int]] = []
    for number in sorted(set(ids)):
        if result and number == result[-1][1] + 1:
            result[-1][1] = number
        else:
            result.append([number, number])
    return result


def members(pairs: Sequence[Sequence[int]]) -> list[int]:
    """The unit ids of `ranges`."""
    return [number for first, last in pairs for number in range(first, last + 1)]


def merged(pairs: Iterable[Sequence[int]]) -> list[list[int]]:
    """Ranges in order, those that touch made one; those that overlap stay apart, for a pair stands once."""
    result: list[list[int]] = []
    for first, last in sorted((one[0], one[1]) for one in pairs):
        if result and first == result[-1][1] + 1:
            result[-1][1] = last
        else:
            result.append([first, last])
    return result


def commit_value(value: str) -> tuple[str, str]:
    """(commitment, key): HMAC-SHA256 under a random 32-byte key of its own, both in hex."""
    key = secrets.token_hex(32)
    return commitment(value, key), key


def commitment(value: str, key: str) -> str:
    """The commitment of `value` under `key` (hex)."""
    return hmac.digest(bytes.fromhex(key), value.encode("utf-8"), "sha256").hex()


def check(value: Any, path: str = "facts") -> None:
    """Refuse whatever is not a code, an integer, a boolean, null, a list or a mapping of these."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise Invalid("journal: integer too large at %(path)s", path=path)
        return
    if isinstance(value, str):
        if not CODE.match(value):
            raise Invalid("journal: not a code at %(path)s", path=path)
        return
    if isinstance(value, list | tuple):
        for index, item in enumerate(value):
            check(item, f"{path}[{index}]")
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not (isinstance(key, str) and KEY.match(key)):
                raise Invalid("journal: bad key at %(path)s", path=path)
            check(item, f"{path}.{key}")
        return
    raise Invalid("journal: %(path)s has a value the journal cannot hold", path=path)
