"""Verbs: a model known by its names; the first reference rows of an installation."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

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
from reuse_market.equipment.names import clean, fold, model_key
from reuse_market.kernel.dated import Delay, Rate
from reuse_market.kernel.db import Base, command, database, session
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_

DATA = Path(__file__).with_name("data")
SEEDS: tuple[tuple[str, type[Base]], ...] = (
    ("kinds", Kind),
    ("kind_masses", KindMass),
    ("kind_weee", KindWeee),
    ("kind_renewals", KindRenewal),
    ("impact_factors", ImpactFactor),
    ("grades", Grade),
    ("delays", Delay),
    ("rates", Rate),
    ("scheme_minima", SchemeMinimum),
)


@command
def get_or_create_model(kind: str, maker: str, name: str) -> Model:
    """The model of this kind, maker and name, made if nobody had it; the first spelling stays.

    Same model: same kind, and same names but for case, accents, punctuation and the maker said again
    ("HP", "HP EliteBook 840-G5" = "hp", "elitebook 840 g5"). Other names of a maker are the importing
    room's to resolve. `maker` may be empty. Refused (Invalid): an unknown kind, no name, a name too long.
    Two at once get the same row, on both databases.
    """
    if session().get(Kind, kind) is None:
        raise Invalid(N_("Choose a kind of device in the list."), field="kind")
    maker, name = clean(maker), clean(name)
    _check_names(maker, name)
    key = model_key(kind, maker, name)
    by_key = sa.select(Model).where(Model.key == key)
    row = session().scalars(by_key).one_or_none()
    if row is None:
        _insert_missing(Model, [{"kind": kind, "maker": maker, "name": name, "key": key}])
        row = session().scalars(by_key).one()
    return row


@command
def seed_reference() -> int:
    """Insert the reference rows of data/*.csv that are missing; return how many.

    A row is missing when nothing has its key and date: what an administrator wrote there is never touched.
    """
    return sum(_insert_missing(table, _rows(name, table)) for name, table in SEEDS)


def _check_names(maker: str, name: str) -> None:
    if not fold(name):
        raise Invalid(N_("Enter the name of the model."), field="model")
    limits = {"maker": (maker, 80), "model": (name, 120)}
    for field, (text, most) in limits.items():
        if max(len(text), len(fold(text))) > most:
            raise Invalid(N_("Shorten this name to %(most)s characters."), field=field, most=most)


def _insert_missing(table: type[Base], rows: list[dict[str, Any]]) -> int:
    """Insert the rows that break no unique key, waiting for rivals; return how many went in."""
    insert = sqlite.insert if database().is_sqlite else postgresql.insert
    statement = insert(table).values(rows).on_conflict_do_nothing()
    result = session().execute(statement, execution_options={"preserve_rowcount": True})
    return int(result.rowcount)  # type: ignore[attr-defined]


def _rows(name: str, table: type[Base]) -> list[dict[str, Any]]:
    """The rows of data/`name`.csv as values of `table`: integers, dates, None where the cell is empty."""
    kinds = {column.name: column.type.python_type for column in sa.inspect(table).columns}
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{key: _value(text, kinds[key]) for key, text in row.items()} for row in csv.DictReader(file)]


def _value(text: str, kind: type[Any]) -> Any:
    if text == "":
        return None
    return date.fromisoformat(text) if kind is date else kind(text)
