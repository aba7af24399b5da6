"""Verbs on pick-ups: slots (agreeing on one), checks (at the door), signing (custody, then ownership)."""

from reuse_market.collection.services.checks import (
    Gesture,
    add_extra,
    check_off,
    check_off_line,
    check_off_rest,
    note_differences,
    undo_check,
    undo_gesture,
)
from reuse_market.collection.services.phone import sign_what_was_seen, stick_label
from reuse_market.collection.services.photos import add_photo, remove_photo
from reuse_market.collection.services.signing import new_code, sign_as_driver, sign_as_holder
from reuse_market.collection.services.slots import (
    agree_pickup,
    cancel_pickup,
    counter_pickup,
    expire_due,
    fail_pickup,
    propose_pickup,
    repropose,
)

__all__ = [
    "Gesture", "add_extra", "add_photo", "agree_pickup", "cancel_pickup", "check_off", "check_off_line",
    "check_off_rest", "counter_pickup", "expire_due", "fail_pickup", "new_code", "note_differences", "propose_pickup",
    "remove_photo", "repropose", "sign_as_driver", "sign_as_holder", "sign_what_was_seen",
    "stick_label", "undo_check", "undo_gesture",
]  # fmt: skip
