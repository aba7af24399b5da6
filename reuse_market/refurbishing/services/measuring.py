"""What a test keeps beside its answers: figures read, and a few words on a check."""

from __future__ import annotations

from collections.abc import Mapping

from reuse_market.kernel import praise
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.refurbishing.protocols import Protocol

MOST_NOTE = 200


def kept_readings(protocol: Protocol, readings: Mapping[str, int | None]) -> dict[str, int] | None:
    """The figures given, by code; None when there are none. Refused: another protocol's, out of bounds."""
    known = {one.code: one for one in protocol.readings}
    for code, value in readings.items():
        if value is None:
            continue
        if code not in known:
            raise Invalid(N_("Choose an answer in the list."), field=code)
        if not 0 <= value <= known[code].most:
            text = N_("Enter a number between %(min)s and %(max)s.")
            raise Invalid(text, field=code, min=0, max=known[code].most)
    return {code: value for code, value in readings.items() if value is not None} or None


def kept_notes(protocol: Protocol, notes: Mapping[str, str]) -> dict[str, str] | None:
    """The notes given, by check; None when there are none. Refused: another protocol's check, a long note."""
    known = {check.code for check in protocol.checks}
    kept = {}
    for code, text in notes.items():
        plain = " ".join(text.split())
        if not plain:
            continue
        if code not in known:
            raise Invalid(N_("Choose an answer in the list."), field=f"note_{code}")
        if len(plain) > MOST_NOTE:
            raise Invalid(N_("Shorten this to %(most)s characters."), field=f"note_{code}", most=MOST_NOTE)
        praise.require_plain(plain, field=f"note_{code}")
        kept[code] = plain
    return kept or None
