"""What a driver's phone adds at the door: a label stuck, a serial read, a signature for what its screen showed."""

from __future__ import annotations

from collections.abc import Mapping

from reuse_market.collection import papers, queries
from reuse_market.collection.models import Pickup, PickupCheck
from reuse_market.collection.services import checks
from reuse_market.collection.services.checks import Gesture
from reuse_market.collection.services.signing import sign_as_driver
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_
from reuse_market.units import codes
from reuse_market.units.labels import replace_label
from reuse_market.units.models import Engagement

SUMS = ("planned", "taken", "missing", "refused", "extra")


@command
def stick_label(
    reference: str, line: int, code: str, *, serial: str | None = None, gesture: Gesture | None = None,
    actor: Actor,
) -> PickupCheck:  # fmt: skip
    """Take one unit of a line without numbers: a label of a sheet is stuck on it, its serial may be read.

    The label replaces the code the unit was given when the slot was agreed, which nobody has printed. The
    serial is written on the unit when the driver signs. Refused (Invalid): a mistyped code, a line without
    such units left; a serial of the list (check that one off instead).
    """
    pickup = checks.locked_for_checks(reference, actor)
    plain = codes.normalise(code.rpartition("/u/")[2])
    if not codes.is_code(plain):
        raise Invalid(N_("This code has a typing mistake: check it against the label."), field="code",
                      code="label.typo")  # fmt: skip
    serial = (serial or "").strip()[:80] or None
    if serial and checks.matching(pickup, serial):
        raise Invalid(N_("This device is on the list: check it off by its number."), field="serial",
                      code="check.on-list")  # fmt: skip
    if not checks.matching(pickup, plain):
        unit_id = session().scalar(
            checks.units_left(reference, queries.ANONYMOUS.label("loose"))
            .where(Engagement.line == line, queries.ANONYMOUS)
            .with_only_columns(Engagement.unit_id)
            .limit(1)
        )
        if unit_id is None:
            raise Invalid(N_("Every device of this line is already checked off."), field="line",
                          code="check.line-full")  # fmt: skip
        replace_label(plain, unit_id, actor=actor)
    made = checks.check_off(reference, plain, gesture=gesture, actor=actor)
    made.serial = serial
    session().flush()
    return made


@command
def sign_what_was_seen(
    reference: str, *, seen: Mapping[str, int], driver_name: str, plate: str = "", gesture: Gesture,
    actor: Actor,
) -> Pickup:  # fmt: skip
    """The driver's signature given on a phone without network, for the sums its screen showed.

    Refused (Conflict): the sums are others now – a check refused meanwhile, a colleague's – since nobody
    signs for what was not on the screen; and as `sign_as_driver` refuses.
    """
    require_own_hand(actor)
    pickup = checks.locked_for_checks(reference, actor)
    found = papers.totals(pickup)
    if any(found[name] != seen.get(name) for name in SUMS):
        raise Conflict(
            N_("What was signed is not what is noted here. Look at the counts again, then sign."),
            code="pickup.other-sums",
        )
    return sign_as_driver(
        reference, actor=actor, plate=plate, driver_name=driver_name, at=gesture.at
    )  # fmt: skip
