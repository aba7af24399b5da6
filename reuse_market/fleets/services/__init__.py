"""The verbs of the room: importing.py judges a file, applying.py brings it in, discarding.py ends the use."""

from reuse_market.fleets.services.applying import apply_import, cancel_import, forget_old
from reuse_market.fleets.services.discarding import annul_discard, discard_units
from reuse_market.fleets.services.importing import (
    bad_rows,
    columns_of,
    confirm_mapping,
    judge_file,
    media_type,
    upload_inventory,
)

__all__ = [
    "annul_discard",
    "apply_import",
    "bad_rows",
    "cancel_import",
    "columns_of",
    "confirm_mapping",
    "discard_units",
    "forget_old",
    "judge_file",
    "media_type",
    "upload_inventory",
]
