"""Verbs on vehicles and rounds."""

from reuse_market.collection.rounds.arranging import (
    add_stop,
    change_round,
    draft_round,
    move_stop,
    remove_stop,
    reorder,
)
from reuse_market.collection.rounds.asking import ask_rounds, propose_order, run_due, take_rounds
from reuse_market.collection.rounds.going import cancel_round, plan_round, reopen_round, start_round
from reuse_market.collection.rounds.vehicles import add_vehicle, change_vehicle, retire_vehicle

__all__ = [
    "add_stop", "add_vehicle", "ask_rounds", "cancel_round", "change_round", "change_vehicle", "draft_round",
    "move_stop", "plan_round", "propose_order", "remove_stop", "reopen_round", "reorder", "retire_vehicle",
    "run_due", "start_round", "take_rounds",
]  # fmt: skip
