"""Whether the file given as a proof says what is typed: an honest slip is told, a false report is refused."""

from __future__ import annotations

from reuse_market.erasure.models import StorageMedium
from reuse_market.erasure.reading.opening import read
from reuse_market.erasure.reading.stated import Stated
from reuse_market.erasure.stating import Proof, serial_key
from reuse_market.erasure.techniques import effective, reached, suffices
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_

_OTHER = N_(
    "This file is about other media (%(serials)s), not about this one. Take the report of this medium, or drop "
    "the file on the page of erasure reports."
)
_SAYS = N_(
    "The file says that this erasure did not end well, the form says that it did. Record what the file says, "
    "or erase again."
)

_WORSE = N_("The file tells of a worse end than the form. Record what the file says, or erase again.")
_TECHNIQUE = N_(
    "The file tells of a weaker technique than the form. Record what the file says, or give the report of the "
    "stronger one."
)
_ERRORS = N_("The file tells of more errors than the form. Record what the file says, or erase again.")
_HIDDEN = N_("The file says that hidden areas are left. Record what the file says, or erase again.")
_VERIFIED = N_(
    "The file says that the tool did not verify. Record what the file says, or say how it was verified otherwise."
)
WORSE = {"ok": 0, "unknown": 0, "exceptions": 1, "aborted": 1, "failed": 2}
BY_THE_TOOL = frozenset({None, "", "tool", "last_pass", "all_passes"})


def check(data: bytes, medium: StorageMedium, proof: Proof) -> None:
    """Refuse (Conflict) a report that names other media only, or tells less than is typed: a worse end, a weaker
    technique, more errors, hidden areas left, no verification by the tool. Of several runs one must say as much, and
    the last one must not have ended worse.

    A file that no reader knows says nothing: the person who attests answers for it.
    """
    reading = read(data)
    named = [one for one in reading.disks if serial_key(one.serial)]
    ours = serial_key(medium.serial or proof.serial)
    mine = [one for one in named if serial_key(one.serial) == ours] if ours and named else list(reading.disks)
    if not mine:
        if named:
            told = ", ".join(sorted({one.serial for one in named})[:3])
            raise Conflict(_OTHER, code="report.other-medium", serials=told[:120])
        return
    # A log without an end is of an erasure that did not end; a word we do not know says nothing.
    unknown = 1 if reading.format == "nwipe-log" else 0
    against = [_against(one, medium, proof, unknown) for one in mine]
    last = max(range(len(mine)), key=lambda at: (mine[at].erased_at, at))
    if all(against) or (ours and against[last] in (_SAYS, _WORSE)):
        raise Conflict(against[last] or _SAYS, code="report.contradicts")


def _against(told: Stated, medium: StorageMedium, proof: Proof, unknown: int) -> str | None:
    """What one run of a report says less than what is typed; None when it says as much, or nothing of it."""
    ended = unknown if told.result == "unknown" else WORSE.get(told.result, 0)
    if ended > WORSE.get(proof.result, 0):
        return _SAYS if proof.result == "ok" else _WORSE
    if proof.result == "failed":  # proves nothing: whatever else it says
        return None
    typed = effective(proof.method, proof.technique, medium.kind)
    if told.technique and typed and not suffices(reached(told.technique, medium.kind), typed):
        return _TECHNIQUE
    if told.errors and told.errors > (proof.errors or 0):
        return _ERRORS
    if told.hidden_areas == "present" and proof.hidden_areas != "present":
        return _HIDDEN
    if told.verified is False and proof.verified and proof.verification in BY_THE_TOOL:
        return _VERIFIED
    return None
