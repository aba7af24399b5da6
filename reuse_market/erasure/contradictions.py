"""Whether the file given as a proof says what is typed: an honest slip is told, a false report is refused."""

from __future__ import annotations

from reuse_market.erasure.models import StorageMedium
from reuse_market.erasure.reading.opening import read
from reuse_market.erasure.stating import Proof, serial_key
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


def check(data: bytes, medium: StorageMedium, proof: Proof) -> None:
    """Refuse (Conflict) a report that names other media only, or tells a worse result than is typed.

    A file that no reader knows says nothing: the person who attests answers for it.
    """
    reading = read(data)
    named = [one for one in reading.disks if serial_key(one.serial)]
    ours = serial_key(medium.serial or proof.serial)
    if not named or not ours:
        return
    mine = [one for one in named if serial_key(one.serial) == ours]
    if not mine:
        told = ", ".join(sorted({one.serial for one in named})[:3])
        raise Conflict(_OTHER, code="report.other-medium", serials=told[:120])
    # A log without an end is of an erasure that did not end; a word we do not know says nothing.
    bad = {"failed", "aborted", "exceptions"} | ({"unknown"} if reading.format == "nwipe-log" else set())
    if proof.result == "ok" and all(one.result in bad for one in mine):
        raise Conflict(_SAYS, code="report.contradicts")
