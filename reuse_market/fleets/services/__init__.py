"""The verbs of the room: importing and judging a file, applying what is good of it, discarding units."""

from reuse_market.fleets.services.applying import apply_import, cancel_import, forget_old
from reuse_market.fleets.services.correcting import correct_model, forget_correction, merge_models
from reuse_market.fleets.services.departing import annul_departure, record_departure
from reuse_market.fleets.services.discarding import annul_discard, discard_units, record_decision
from reuse_market.fleets.services.importing import (
    bad_rows,
    columns_of,
    confirm_and_report,
    confirm_mapping,
    import_file,
    judge_and_gather,
    media_type,
    understood,
    upload_inventory,
)
from reuse_market.fleets.services.judging import KEPT, judge_file
from reuse_market.fleets.services.merging import merge_units
from reuse_market.fleets.services.resync import answer_import
from reuse_market.fleets.services.stocking import keep_due_stocks, keep_stock
from reuse_market.fleets.services.working import ask_applying, ask_judging, is_long, run_due

__all__ = [
    "KEPT",
    "annul_departure",
    "annul_discard",
    "answer_import",
    "apply_import",
    "ask_applying",
    "ask_judging",
    "bad_rows",
    "cancel_import",
    "columns_of",
    "confirm_and_report",
    "confirm_mapping",
    "correct_model",
    "discard_units",
    "forget_correction",
    "forget_old",
    "import_file",
    "is_long",
    "judge_and_gather",
    "judge_file",
    "keep_due_stocks",
    "keep_stock",
    "media_type",
    "merge_models",
    "merge_units",
    "record_decision",
    "record_departure",
    "run_due",
    "understood",
    "upload_inventory",
]
