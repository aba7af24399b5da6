"""What a row's maker, model and type texts become: readable names, a kind, and how sure it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from reuse_market.equipment.names import fold
from reuse_market.equipment.readable import readable
from reuse_market.fleets.reading.kinds import kind_of_model
from reuse_market.fleets.reading.makers import canonical_maker, maker_of_model

Confidence = Literal["sure", "likely", "unsure"]
# A tool's word and a model's name that differ within these is a matter of taste; beyond, somebody must look.
_NEAR = (
    frozenset(("laptop", "workstation")), frozenset(("desktop", "workstation")), frozenset(("laptop", "tablet")),
    frozenset(("printer", "multifunction")), frozenset(("desktop", "thin_client")),
    frozenset(("network_device", "storage_device")), frozenset(("server", "storage_device")),
)  # fmt: skip
_WORD = re.compile(r"[A-Za-z]{4}")


class Corrected(NamedTuple):
    """What a holder said a spelling stands for."""

    kind: str
    maker: str
    model: str


class Named(NamedTuple):
    """Maker and model as kept; `kind` where a holder's correction says it, else ""."""

    maker: str
    model: str
    kind: str = ""


Corrections = Mapping[str, Corrected]


def spelling(maker: str, model: str) -> str:
    """What makes two writings of maker and model one spelling; the key of remembered corrections."""
    made_by, called = fold(maker), fold(model)
    return f"{made_by}|{called.removeprefix(made_by + ' ') if made_by else called}"


def named(maker_text: str, model_text: str, corrections: Corrections) -> Named:
    """The names of a row, by the holder's corrections of its spelling first, then by the rules.

    A correction is looked for as the file writes it and as the rules read it, so that it holds whatever rules
    a later version brings. A model code that no table knows stays as it came.
    """
    if corrections and (told := corrections.get(spelling(maker_text, model_text))):
        return Named(told.maker, told.model, told.kind)
    maker, model = by_rules(maker_text, model_text)
    if corrections and (told := corrections.get(spelling(maker, model))):
        return Named(told.maker, told.model, told.kind)
    return Named(maker, model)


@lru_cache(maxsize=16_384)
def by_rules(maker_text: str, model_text: str) -> tuple[str, str]:
    """Maker and model by the rules alone: "LENOVO", "20L5CTO1WW" → Lenovo, ThinkPad T480."""
    maker = canonical_maker(maker_text) or maker_of_model(model_text)
    known = readable(maker, model_text)
    return (known.maker, known.name) if known else (maker, model_text)


@lru_cache(maxsize=16_384)
def confidence(kind: str, maker: str, model: str) -> Confidence:
    """How sure the kind of a model is: what its own name tells, against what it is filed under."""
    if kind == "other":
        return "unsure"
    known = readable(maker, model)
    told = known.kind if known else kind_of_model(model, maker)
    if not told:
        return "likely"
    if told == kind:
        return "sure" if known or _WORD.search(model) else "likely"
    return "likely" if frozenset((told, kind)) in _NEAR else "unsure"
