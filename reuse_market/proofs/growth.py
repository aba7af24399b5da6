"""The growth of the log: two signed checkpoints, and the proof that the newer one begins with the older one.

Who kept a checkpoint (a mail, a download) compares it with this file by `verify.py FILE --kept NOTE`: a log that
was rewritten since cannot show one.
"""

from __future__ import annotations

from typing import Any

from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.proofs.verify import GROWTH
from reuse_market.traceability import checkpoints, log

UNKNOWN = N_(
    "No checkpoint of %(size)s events was signed here. If you hold one that bears our key, the log was rewritten: "
    "keep it and tell whoever relies on it."
)


def growth(old_size: int) -> dict[str, Any]:
    """The file that leads from the checkpoint of `old_size` events to the latest one.

    Refused: no checkpoint of that size (NotFound), which is what a rewritten log would answer.
    """
    old, latest = checkpoints.at(old_size), checkpoints.latest()
    if old is None or latest is None:
        raise NotFound(UNKNOWN, size=old_size)
    return {
        "format": GROWTH,
        "keys": list(dict.fromkeys((latest.key, old.key))),
        "old": old.note,
        "checkpoint": latest.note,
        "consistency": [one.hex() for one in log.consistency(old.size, latest.size)],
    }
