"""Random lives played by the verbs: each lot's journal replays to its present, each document of EPCIS is valid."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from random import Random
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reuse_market.kernel import clock, db
from reuse_market.lots.models import Lot
from reuse_market.proofs import passport
from reuse_market.proofs.epcis import public, queries
from reuse_market.proofs.epcis.rows import rows
from reuse_market.proofs.lot_replay import lot_faults
from reuse_market.traceability.models import Event
from reuse_market.units.models import Label, Unit
from tests.stateful.lives import Life, play
from tests.stateful.machine import Surroundings
from tests.support.epcis import LOUD, SCHEMA, faults, identifiers

if TYPE_CHECKING:
    from jsonschema import Draft7Validator

BASE = "http://parc.example"
STAGES = ("bare", "bare", "awarded", "collected", "ready", "as-is")
QUICK = settings(max_examples=24, deadline=None, database=None, print_blob=True, phases=(Phase.generate,),
                 suppress_health_check=list(HealthCheck))  # fmt: skip
LONG = settings(QUICK, max_examples=1000)


@cache
def gs1() -> Draft7Validator | None:
    """GS1's schema, formats checked; None where the samples are not at hand (the summary then says so)."""
    if not SCHEMA.is_file():
        return None
    from jsonschema import Draft7Validator, FormatChecker  # two seconds, which other workers need not spend

    return Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")), format_checker=FormatChecker())


def told(around: Surroundings, chance: Random) -> Counter[str]:
    """One life, judged: nothing wrong; gives the event types its documents told of."""
    life = type("Lived", (Life,), {"around": around})()
    life.start(STAGES[chance.randrange(len(STAGES))])
    seen: Counter[str] = Counter()
    try:
        play(life, chance)
        with clock.frozen(life.now):
            wrong = [
                fault
                for lot in db.session().scalars(sa.select(Lot.reference)).all()
                for fault in lot_faults(lot)
            ]
            assert wrong == []
            for made, lot in documents(life):
                assert faults(made, BASE, lot=lot) == []
                checker = gs1()
                assert checker is None or [error.message for error in checker.iter_errors(made)] == []
                said = Counter(uri for one in made["epcisBody"]["eventList"] for uri in identifiers(one))
                assert Counter(row[10] for row in rows(made) if row[10]) == said
                seen.update(one["pc:type"] for one in made["epcisBody"]["eventList"])
    finally:
        db.release()
        life.opened.__exit__(None, None, None)
    return seen


def documents(life: Life):  # type: ignore[no-untyped-def]  # pairs of a document and the lot it is about
    """Every stream, and some units and passports."""
    for stream in db.session().scalars(sa.select(Event.stream).distinct().order_by(Event.stream)).all():
        lot = stream.removeprefix("lot/") if stream.startswith("lot/") else ""
        yield queries.of_stream(stream, BASE), lot
    for unit in db.session().scalars(sa.select(Unit.id).order_by(Unit.id.desc()).limit(2)).all():
        yield queries.of_unit(unit, life.who["operator"].actor, BASE), ""
    for code in db.session().scalars(sa.select(Label.code).where(Label.unit_id.is_not(None)).limit(2)).all():
        found = passport.find(code)
        assert found is not None
        yield public.of_passport(found, BASE), ""


@pytest.mark.parametrize("backend", ["sqlite"])
def test_some_lives_replay_and_are_told(around: Surroundings) -> None:
    """`told` judges each life."""
    seen = lived(around, QUICK)
    assert {
        "lot.published",
        "claim.awarded",
        "pickup.collected",
        "unit.ready",
        "unit.provided",
    } <= seen.keys()
    assert SCHEMA.is_file() or pytest.skip(  # GS1's schema stands beside the checkout, where there is one
        LOUD
    )  # the GS1 schema is not ours to carry: it stands beside the checkout


@pytest.mark.long
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_thousand_lives_replay_and_are_told(around: Surroundings) -> None:
    """`told` judges each life; together they tell of nearly everything the chain can do."""
    seen = lived(around, LONG)
    deep = {"media.erased", "media.removed", "waste.removed", "unit.dismantled", "unit.lost", "unit.found",
            "reservation.released", "unit.returned", "pickup.extra", "pickup.missing", "pickup.refused", "lot.closed",
            "lot.withdrawn", "lot.expired", "claim.released"}  # fmt: skip
    assert deep - seen.keys() == set()
    assert SCHEMA.is_file() or pytest.skip(  # GS1's schema stands beside the checkout, where there is one
        LOUD
    )  # the GS1 schema is not ours to carry: it stands beside the checkout


def lived(around: Surroundings, how: settings) -> Counter[str]:
    """Lives played, one an example, and what all told of."""
    seen: Counter[str] = Counter()

    @how
    @given(st.integers(0, 2**32 - 1))
    def one(seed: int) -> None:
        seen.update(told(around, Random(seed)))

    one()
    return seen
