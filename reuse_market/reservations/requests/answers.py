"""The answers of the four questions, as they travel from page to page and into a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from reuse_market.reservations.needs.words import PUBLICS

UNKNOWN = "unknown"  # "I do not know": no kind, no public
KINDS = ("laptop", "desktop", "smartphone", "tablet")  # what the form offers
WITH = {"desktop": "monitor"}  # what comes with a kind: a desktop computer is asked for with its screen
MOST = 999  # devices of one kind: a bigger number is not plain any more, and is for a call


@dataclass(frozen=True, slots=True)
class Answers:
    """What has been answered so far. `units`: (kind or `unknown`, how many) – None, or absent: not known."""

    kinds: tuple[str, ...] = ()
    units: tuple[tuple[str, int | None], ...] = ()
    publics: tuple[str, ...] = ()
    name: str = ""
    phone: str = ""
    email: str = ""
    call_back: bool = False

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Answers:
        """The answers of a signed state; TypeError when it is none."""
        known = {one.name for one in fields(cls)}
        if not set(kept) <= known:
            raise TypeError("no answers")
        values = dict(kept)
        for name in ("kinds", "publics"):
            values[name] = tuple(values.get(name, ()))
        values["units"] = tuple((str(kind), count) for kind, count in values.get("units", ()))
        return cls(**values)

    @classmethod
    def saved(cls, kept: object) -> Answers:
        """What can be saved of answers that nobody vouches for: those the questions could have given, no others."""
        told = kept if isinstance(kept, Mapping) else {}
        answers = cls(
            kinds=_codes(told.get("kinds"), (*KINDS, UNKNOWN)),
            publics=_codes(told.get("publics"), (*PUBLICS, UNKNOWN)),
            name=_text(told.get("name"), 160), phone=_text(told.get("phone"), 30), email=_text(told.get("email"), 200),
            call_back=told.get("call_back") is True,
        )  # fmt: skip
        found = told.get("units")
        pairs = (
            [one for one in found if isinstance(one, list) and len(one) == 2]
            if isinstance(found, list)
            else []
        )
        counted = {kind: count for kind, count in pairs if kind in answers.asked() and _is_count(count)}
        return replace(
            answers, units=tuple((kind, counted[kind]) for kind in answers.asked() if kind in counted)
        )

    def kept(self) -> dict[str, Any]:
        """What a signed state carries."""
        return asdict(self)

    def asked(self) -> tuple[str, ...]:
        """The kinds to count: those chosen, or `unknown` for a number of devices alone."""
        return tuple(kind for kind in self.kinds if kind != UNKNOWN) or (UNKNOWN,)

    def counted(self, kind: str) -> int | None:
        """How many of a kind, when it was said."""
        return dict(self.units).get(kind)

    def with_kinds(self, kinds: Iterable[str]) -> Answers:
        """Other kinds; numbers of kinds still chosen stay."""
        chosen = replace(self, kinds=tuple(kinds))
        return replace(chosen, units=tuple((k, n) for k, n in self.units if k in chosen.asked()))

    def lines(self) -> list[tuple[str | None, int | None]]:
        """What is asked for, as lines of a request: (kind, units), what comes with a kind included."""
        found: list[tuple[str | None, int | None]] = []
        for kind in self.asked():
            count = self.counted(kind)
            if kind == UNKNOWN:
                found += [(None, count)] if count is not None or self.kinds else []
                continue
            found.append((kind, count))
            if kind in WITH:
                found.append((WITH[kind], count))
        return found

    def known_publics(self) -> tuple[str, ...]:
        """The broad classes said, without "I do not know"."""
        return tuple(code for code in self.publics if code in PUBLICS)


def _codes(found: object, known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in known if one in found) if isinstance(found, (list, tuple)) else ()


def _text(found: object, most: int) -> str:
    text = " ".join(found.split()) if isinstance(found, str) else ""
    return text if len(text) <= most and text.isprintable() else ""  # what no database takes is nothing typed


def _is_count(found: object) -> bool:
    return found is None or (isinstance(found, int) and not isinstance(found, bool) and 0 < found <= MOST)
