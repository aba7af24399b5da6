"""Reads. A figure comes from the row in force on a date (today by default); no row: None, never 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, TypeVar

import sqlalchemy as sa

from reuse_market.equipment.models import (
    Grade,
    ImpactFactor,
    Kind,
    KindMass,
    KindRenewal,
    KindWeee,
    Model,
    SchemeMinimum,
)
from reuse_market.equipment.names import fold
from reuse_market.kernel import clock
from reuse_market.kernel.dated import Dated, in_force
from reuse_market.kernel.db import session
from reuse_market.kernel.statements import plain

D = TypeVar("D", bound=Dated)
FOUND = 20
_KINDS = sa.select(Kind.__table__).order_by(Kind.__table__.c.order)
_KIND = sa.select(Kind.__table__).where(Kind.__table__.c.code == sa.bindparam("of_code"))
_GRADES = (
    sa.select(Grade.__table__)
    .where(
        Grade.__table__.c.scale == sa.bindparam("of_scale"),
        Grade.__table__.c.valid_from <= sa.bindparam("day", type_=sa.Date),
    )
    .order_by(Grade.__table__.c.valid_from)
)


def _shop_words() -> sa.CompoundSelect[Any]:
    """Every kind, then the steps of :of_scale by :day, the oldest first."""
    kind, grade, nothing = Kind.__table__.c, Grade.__table__.c, sa.null()
    kinds = sa.select(
        sa.literal_column("0").label("part"), kind.code, kind.label_fr, kind.plural_fr.label("more_fr"), kind.label_en,
        kind.plural_en.label("more_en"), kind.order.label("rank"), nothing.label("source"),
        nothing.label("confidence"), nothing.label("valid_from"),
    )  # fmt: skip
    steps = sa.select(
        sa.literal_column("1"), grade.code, grade.label_fr, grade.text_fr, grade.label_en, grade.text_en, grade.order,
        grade.source, grade.confidence, grade.valid_from,
    ).where(
        grade.scale == sa.bindparam("of_scale"), grade.valid_from <= sa.bindparam("day", type_=sa.Date)
    )  # fmt: skip
    return kinds.union_all(steps).order_by("part", "valid_from", "rank")


_SHOP_WORDS = _shop_words()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scale in one language, with where its wording comes from."""

    code: str
    label: str
    text: str
    source: str
    confidence: str


def kinds() -> list[Kind]:
    """All kinds in the order of their list."""
    return list(session().scalars(sa.select(Kind).order_by(Kind.order)))


def kind_names() -> list[Any]:
    """What `kinds` tells, as plain rows: for lists that only name them."""
    return list(plain(_KINDS))


def shop_words(on: date | None = None) -> tuple[tuple[Any, ...], ...]:
    """What `kind_names` and `grade_scale` tell in both languages, in one statement: for `shop_kinds`, `shop_steps`."""
    rows = plain(_SHOP_WORDS, {"of_scale": "cosmetic", "day": on or clock.today()})
    return tuple(tuple(row) for row in rows)


def shop_kinds(said: Sequence[tuple[Any, ...]], lang: str) -> list[tuple[str, str, str]]:
    """(code, label, plural) of each kind, in the order of their list, in "fr" or "en" (French for any other)."""
    at = 4 if lang == "en" else 2
    return [(row[1], row[at], row[at + 1]) for row in said if row[0] == 0]


def shop_steps(said: Sequence[tuple[Any, ...]], lang: str) -> list[Step]:
    """The steps of the scale of appearance, best first."""
    at, latest = 4 if lang == "en" else 2, {row[1]: row for row in said if row[0] == 1}
    ranked = sorted(latest.values(), key=itemgetter(6))
    return [Step(row[1], row[at], row[at + 1], row[7], row[8]) for row in ranked]


def kind(code: str) -> Kind | None:
    """The kind of that code, or None."""
    return session().get(Kind, code)


def kind_name(code: str) -> Any:
    """What `kind` tells, as a plain row: for verbs that only name it."""
    return plain(_KIND, {"of_code": code}).one_or_none()


def kind_label(code: str, lang: str, count: int = 1) -> str:
    """The label of a kind in "fr" or "en" (French for any other), in the number `count` asks for.

    French is singular below 2, English at 1 only. LookupError for an unknown code.
    """
    row = kind(code)
    if row is None:
        raise LookupError(f"no kind {code}")
    if lang == "en":
        return row.label_en if count == 1 else row.plural_en
    return row.label_fr if abs(count) < 2 else row.plural_fr


def mass_g(kind: str, on: date | None = None) -> int | None:
    """The usual mass of one device in grams, or None."""
    row = in_force(KindMass, on, kind=kind)
    return row.mass_g if row else None


def masses(on: date | None = None) -> dict[str, KindMass]:
    """The mass row in force of each kind that has one."""
    return {row.kind: row for row in _all_in_force(KindMass, on)}


def weee_category(kind: str, on: date | None = None) -> str | None:
    """The category of R543-172 II ("2", "4", "6"), or None where size or use decides."""
    row = in_force(KindWeee, on, kind=kind)
    return row.weee_category if row else None


def weee_categories(on: date | None = None) -> dict[str, KindWeee]:
    """The WEEE row in force of each kind that has one."""
    return {row.kind: row for row in _all_in_force(KindWeee, on)}


def impact_factor(kind: str, measure: str = "embedded", on: date | None = None) -> ImpactFactor | None:
    """The factor in grams CO2e with range, source and confidence: all of them are to be shown."""
    return in_force(ImpactFactor, on, kind=kind, measure=measure)


def impact_factors(measure: str = "embedded", on: date | None = None) -> dict[str, ImpactFactor]:
    """The factor row in force of each kind that has one for this measure."""
    return {row.kind: row for row in _all_in_force(ImpactFactor, on) if row.measure == measure}


def renewal_ages(on: date | None = None) -> dict[str, KindRenewal]:
    """The row in force of each kind whose usual age of renewal is told, in months."""
    return {row.kind: row for row in _all_in_force(KindRenewal, on)}


def scheme_minima(on: date | None = None) -> dict[str, SchemeMinimum]:
    """The least each producer scheme picks up, by its code, for those that say so."""
    return {row.code: row for row in _all_in_force(SchemeMinimum, on)}


def grade_scale(lang: str, scale: str = "cosmetic", on: date | None = None) -> list[Step]:
    """The steps of a scale, best first, in "fr" or "en" (French for any other)."""
    known = plain(_GRADES, {"of_scale": scale, "day": on or clock.today()})
    latest = {row.code: row for row in known}
    return [
        Step(
            row.code,
            row.label_en if lang == "en" else row.label_fr,
            row.text_en if lang == "en" else row.text_fr,
            row.source,
            row.confidence,
        )
        for row in sorted(latest.values(), key=lambda row: row.order)
    ]


def functional_states(lang: str, on: date | None = None) -> list[Step]:
    """What is known of a device's working: works, partly, broken, untested."""
    return grade_scale(lang, "functional_state", on)


def model(model_id: int) -> Model | None:
    """The model of that id, or None."""
    return session().get(Model, model_id)


def models(ids: Sequence[int]) -> dict[int, Model]:
    """Models by id, in one read."""
    return {row.id: row for row in session().scalars(sa.select(Model).where(Model.id.in_(ids)))}


def find_models(text: str, kind: str | None = None) -> list[Model]:
    """At most 20 models whose maker and name hold every word typed, the oldest first."""
    words = fold(text).split()
    if not words:
        return []
    statement = sa.select(Model).where(*(Model.key.contains(word) for word in words))
    if kind is not None:
        statement = statement.where(Model.kind == kind)
    return list(session().scalars(statement.order_by(Model.id).limit(FOUND)))


def _all_in_force(model: type[D], on: date | None) -> list[D]:
    """All rows valid by then, oldest first, so that a dict by key keeps the row in force."""
    day = on or clock.today()
    return list(session().scalars(sa.select(model).where(model.valid_from <= day).order_by(model.valid_from)))
