"""Verbs of the workshop."""

from __future__ import annotations

from reuse_market.refurbishing.services.bench import (
    back_to_workshop,
    make_ready,
    make_ready_many,
    record_test,
    record_tests,
)
from reuse_market.refurbishing.services.dismantling import to_parts
from reuse_market.refurbishing.services.intake import (
    Identified,
    find_again,
    identify_unit,
    receive_units,
    report_lost,
)
from reuse_market.refurbishing.services.requesting import (
    estimate,
    request_removal,
    request_triage_removal,
)
from reuse_market.refurbishing.services.returning import (
    hand_back_units,
    keep_units,
    take_back_unit,
    take_back_units,
)
from reuse_market.refurbishing.services.waste import (
    add_to_batch,
    declare_waste,
    open_batch,
    remove_batch,
    take_out_of_batch,
)
from reuse_market.refurbishing.shelf import keeping as _shelf

__all__ = [
    "Identified", "add_to_batch", "back_to_workshop", "declare_waste", "estimate", "find_again", "hand_back_units",
    "identify_unit", "keep_units",
    "make_ready", "make_ready_many", "open_batch", "receive_units", "record_test", "record_tests",
    "remove_batch", "report_lost", "request_removal", "request_triage_removal", "take_back_unit", "take_back_units",
    "take_out_of_batch", "to_parts",
]  # fmt: skip

_shelf.keep()  # the shop window's groups follow every verb that moves a unit (ADR 0024)
