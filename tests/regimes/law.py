"""The seeded rows as a snapshot, without a database; the grid of cells.txt; what contradicts it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from reuse_market.regimes import parties, seeding
from reuse_market.regimes.cases import Allowed, Cap, Category, Cell, Question, Refused, Rule, Rules, Voucher
from reuse_market.regimes.decision import decide
from reuse_market.regimes.models import ACTS, REGIMES

TODAY = date(2026, 4, 1)
VOUCHER = Voucher(until=date(2026, 12, 31))
ARTICLES = {
    "537": "code civil, art. 537",
    "894": "code civil, art. 894",
    "1875": "code civil, art. 1875",
    "GCT": "CGCT, art. L2122-22 10°",
    "R35": "CG3P, art. R3211-35",
    "R41": "CG3P, art. R3211-41",
    "L18": "CG3P, art. L3211-18",
    "L2": "CG3P, art. L3212-2",
    "L23": "CG3P, art. L3212-2 et L3212-3",
    "2": "CG3P, art. L3212-2 2°",
    "3": "CG3P, art. L3212-2 3°",
    "4": "CG3P, art. L3212-2 4°",
    "5": "CG3P, art. L3212-2 5°",
    "11": "CG3P, art. L3212-2 11°",
    "EDU": "code de l’éducation, art. R421-20",
    "ENV": "code de l’environnement, art. L541-2 et R541-45",
    "266": "décret 2023-266, art. 2",
}
COLUMNS = {
    "any": "anyone", "comp": "company", "rup": "association_rup", "rig": "association_rig",
    "prec": "association_precarity", "pup": "association_pupils", "esus": "reuse_body_esus",
    "assi": "assistance_238bis", "oth": "association_other", "stat": "state_service",
    "loc": "local_authority", "pub": "public_body", "eple": "school_eple", "teac": "teaching_body",
    "staf": "staff", "pers": "person", "need": "precarious_person", "prod": "producer_scheme",
}  # fmt: skip
FIRST_HOLDERS = {
    "private": ["company", "association_rup", "association_rig", "association_precarity",
                "association_pupils", "reuse_body_esus", "assistance_238bis", "association_other"],
    "public": ["state_service", "local_authority", "public_body", "school_eple"],
}  # fmt: skip
KINDS = [*(kind for kind in COLUMNS.values() if kind != "anyone"), "unknown"]
Place = tuple[str, str, str, str, str]


def snapshot() -> Rules:
    """The rows of data/*.csv."""
    cells: dict[Cell, list[Rule]] = defaultdict(list)
    names = [named.name for named in fields(Rule)]
    for row in seeding.rules():
        values = {name: row[name] for name in names}
        lists = {name: tuple(row[name].split()) for name in ("documents", "instead")}
        cells[Cell(*(row[name] for name in Cell._fields))].append(Rule(**values | lists))
    caps: dict[tuple[str, str], list[Cap]] = defaultdict(list)
    for row in seeding.rows("caps"):
        found = Cap(row["valid_from"], row["cents"], row["limits"], tuple(row["conditions"].split()))
        caps[row["code"], row["kind"]].append(found)
    categories: dict[str, list[Category]] = defaultdict(list)
    for row in seeding.rows("agec_categories"):
        categories[row["kind"]].append(Category(row["valid_from"], row["category"]))
    return Rules(frozen(cells), frozen(caps), frozen(categories))


def frozen(rows: dict[Any, list[Any]]) -> dict[Any, tuple[Any, ...]]:
    """Lists as tuples, as a snapshot holds them."""
    return {key: tuple(found) for key, found in rows.items()}


def grid() -> dict[Place, str]:
    """(act, regime, origin, giver, recipient) → the mark of its cell, dots left out."""
    marks: dict[Place, str] = {}
    block: list[str] = []
    header: list[str] = []
    for text in Path(__file__).with_name("cells.txt").read_text(encoding="utf-8").splitlines():
        if text.startswith("["):
            block = text.strip("[]").split()
        elif text.startswith("#  ") and "any " in text and block:
            header = [COLUMNS[name] for name in text[1:].split()]
        elif text and not text.startswith("#"):
            giver, *cells = text.split()
            assert len(cells) == len(header), text
            for recipient, mark in zip(header, cells, strict=True):
                place = (block[0], block[1], block[2], giver, recipient)
                assert place not in marks, place
                marks[place] = mark
    return {place: mark for place, mark in marks.items() if mark != "."}


def question(act: str, regime: str, first: str, giver: str, recipient: str, **more: Any) -> Question:
    """A laptop worth 100 €, at 90 € where a solidarity price is asked, on an ordinary day, with a voucher."""
    values: dict[str, Any] = {"kind": "laptop", "on": TODAY, "value_cents": 10_000, "voucher": VOUCHER}
    if act == "solidarity_sale":
        values["price_cents"] = 9_000
    return Question(regime, first, giver, recipient, act, **values | more)


def faults(rules: Rules) -> Iterator[str]:
    """Every place of the whole product where the decision contradicts the grid."""
    marks = grid()
    origin_of = {kind: origin for origin, kinds in FIRST_HOLDERS.items() for kind in kinds}
    for act, regime in product(ACTS, REGIMES):
        for first, giver, recipient in product(KINDS, KINDS, [*KINDS, parties.ANYONE]):
            if giver == "unknown":
                expected = ("-", "evidence_giver")
            elif first not in origin_of:
                expected = ("-", "evidence_origin")
            elif recipient == "unknown":
                expected = ("-", "evidence_recipient")
            else:
                expected = _expected(marks.get((act, regime, origin_of[first], giver, recipient), "."))
            told = _told(decide(question(act, regime, first, giver, recipient), rules))
            if told != expected:
                yield f"{act} {regime} {first} {giver} {recipient}: {told} instead of {expected}"


def _expected(mark: str) -> tuple[str, ...]:
    if mark == ".":
        return ("-", "not_established")
    sign, article = mark[0], ARTICLES[mark[1:].rstrip("$~")]
    counts = "counts" if mark.endswith("$") else "does not" if mark.endswith("~") else ""
    return (sign, article, counts) if sign == "+" else (sign, article)


def _told(answer: Any) -> tuple[str, ...]:
    if isinstance(answer, Refused):
        return ("-", answer.article or answer.code)
    counts = {True: "counts", False: "does not", None: ""}[answer.counts_for_agec]
    return ("+", answer.article, counts)


def ask(act: str, regime: str, giver: str, recipient: str, first: str = "", **more: Any) -> Allowed | Refused:
    """The answer of the seeded rows; the first holder is the giver unless another is named."""
    return decide(question(act, regime, first or giver, giver, recipient, **more), LAW)


def refusal(*args: str, **more: Any) -> tuple[str, tuple[str, ...]]:
    """The reason and what is possible instead, of what must be refused."""
    answer = ask(*args, **more)
    assert isinstance(answer, Refused), answer
    return answer.code, answer.instead


def permission(*args: str, **more: Any) -> Allowed:
    """The permission, of what must be allowed."""
    answer = ask(*args, **more)
    assert isinstance(answer, Allowed), answer
    return answer


LAW = snapshot()
