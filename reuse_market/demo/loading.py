"""Loading the demonstration: parties, then a story told by running the verbs at their own dates."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation
from reuse_market.demo import bench, history, proving, story
from reuse_market.demo.admissions import ADMITTED, ADMITTED_RNA
from reuse_market.demo.parties import PROFILES, address, make
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict
from reuse_market.traceability import checkpoints

DAYS_AGO = 70


def is_empty() -> bool:
    """Whether the database holds no organisation yet."""
    return session().scalar(sa.select(Organisation.id).limit(1)) is None


def load(password: str) -> None:
    """Fill an empty database with the demonstration, all or nothing, and sign it. Conflict when it is not empty."""
    holder, walked = _tell(password)
    proving.file(walked, holder, checkpoints.make("asked"))
    checkpoints.make("asked")


@command
def _tell(password: str) -> tuple[Actor, str]:
    if not is_empty():
        raise Conflict("The demonstration is loaded into an empty database only.")
    with clock.frozen(clock.at_paris(clock.in_days(history.SINCE), 9)):
        elders = {profile.login: make(profile, password) for profile in history.ELDERS}
    history.tell(elders)
    with clock.frozen(clock.at_paris(clock.in_days(-DAYS_AGO), 9)):
        actors = elders | {profile.login: make(profile, password) for profile in PROFILES}
    return actors["holder"], story.tell(actors, password)


def sign_ins(password: str) -> list[str]:
    """What the person who starts the demonstration reads: one line a role."""
    lines = ["", "Sign in at /connexion with the password: " + password, ""]
    lines += [
        f"  {address(p.login):32} {p.name:24} {', '.join(p.roles):16} {p.siret or p.rna or ''}"
        for p in (*PROFILES, *history.ELDERS)
    ]
    lines.append(f"  {address('recipient-2'):32} {ADMITTED:24} {'recipient':16} {ADMITTED_RNA}")
    return lines + bench.sign_ins()
