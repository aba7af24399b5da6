"""The verbs of the room: importing and judging a file, applying what is good of it, discarding units."""

from reuse_market.fleets.services.applying import apply_import, cancel_import, forget_old
from reuse_market.fleets.services.discarding import annul_discard, discard_units
from reuse_market.fleets.services.importing import (
    bad_rows,
    columns_of,
    confirm_and_report,
    confirm_mapping,
    media_type,
    understood,
    upload_inventory,
)
from reuse_market.fleets.services.judging import KEPT, judge_file

__all__ = [
    "KEPT",
    "annul_discard",
    "apply_import",
    "bad_rows",
    "cancel_import",
    "columns_of",
    "confirm_and_report",
    "confirm_mapping",
    "discard_units",
    "forget_old",
    "judge_file",
    "media_type",
    "understood",
    "upload_inventory",
]
