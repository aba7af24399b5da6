"""What these pages show that is not for everybody, said to whoever writes down who saw it."""

from __future__ import annotations

from reuse_market.proofs.finding import Found
from reuse_market.web.seen import shown


def serials_shown(found: list[Found]) -> list[Found]:
    """The same devices, once it is noted that this answer shows the serial number of each that has one."""
    for one in found:
        if one.serial:
            shown(f"unit/{one.unit_id}", "serials")
    return found
