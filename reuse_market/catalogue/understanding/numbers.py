"""Numbers with their units, and those that stand alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reuse_market.catalogue import lexicon
from reuse_market.catalogue.measures import UNITS, Range, Token, bounds, ranged
from reuse_market.catalogue.understanding.known import (
    HELD_BY_HAND,
    KNOWN,
    MEASURING,
    RAM_SOLD,
    SCREENS,
    STORAGE,
    STORAGE_SOLD,
)
from reuse_market.catalogue.understanding.sizes import memory_or_storage
from reuse_market.catalogue.understanding.spelling import Spelling

NOT_COUNTED = frozenset((*"+-/ae", "ou", "et", "en", "max", "min", "eme", "th", "ram", "ssd"))  # "2 en 1"
TIMES = re.compile(r"x(\d{1,3})")  # "x20"


class Numbers(Spelling):
    """Takes the numbers of a text, each with the words that say of what it is."""

    def _count(self) -> None:
        """How many, said first: "24 ×", "10 écrans", "deux imprimantes", "lot de 20", "une vingtaine de"."""
        words = [token.stem for token in self.said]
        if self.said and (several := TIMES.fullmatch(words[0])) and not self._in_window(words[0]):
            self._take_count(0, int(several[1]))
            return
        for at, token in enumerate(self.said[:4]):
            after = self.said[at + 1] if at + 1 < len(self.said) else None
            lot = words[max(0, at - 2) : at] in (["lot", "de"], ["par", "lot"])
            if token.tenths is None:
                if token.stem in lexicon.COUNTED and token.stem not in ("cent",) and after is not None:
                    self._take_count(at, lexicon.COUNTED[token.stem])
                    return
                continue
            whole = token.tenths % 10 == 0 and token.tenths < 100_000
            times = after is not None and after.text in ("x", "×", "*")
            named = after is not None and after.tenths is None and after.stem not in UNITS and at == 0
            measured = after is not None and after.text in NOT_COUNTED
            if whole and (times or lot or (named and not measured)):
                self._take_count(at, token.tenths // 10)
                if times:
                    self.taken[at + 1] = True
                return
            return

    def _take_count(self, at: int, units: int) -> None:
        self.taken[at] = True
        self.found = self.found._replace(units=units or None)

    def _quantities(self, kinds: Sequence[str]) -> None:
        for at, token in enumerate(self.said):
            if token.tenths is None or self.taken[at]:
                continue
            unit = self._unit(at + 1)
            if unit is None and self._ordinal(at, kinds):
                continue
            charge = {t.stem for t in self.said[max(0, at - 4) : at + 5]} & lexicon.BATTERY_WORDS
            if unit is not None and (unit != "percent" or charge):
                self._measure(at, unit, kinds)

    def _unit(self, at: int) -> str | None:
        if at >= len(self.said) or self.taken[at]:
            return None
        return UNITS.get(self.said[at].text) or UNITS.get(self.said[at].stem)

    def _ordinal(self, at: int, kinds: Sequence[str]) -> bool:
        """« 8e génération », "gen 8": of the processor; of the range where a device is no computer."""
        before = self.said[at - 1].stem if at else ""
        rest = [token.stem for token in self.said[at + 1 : at + 3]]
        named = [word for word in rest if word in ("generation", "gen")]
        if not named and before not in ("generation", "gen"):
            return False
        if named and rest[0] not in ("e", "eme", "th", "generation", "gen", "ieme"):
            return False
        end = at + 1 + (rest.index(named[0]) + 1 if named else 0)
        start = at - 1 if before in ("generation", "gen") else at
        meaning, more = bounds(self._before(start), self._after(end))
        self._take(start, end + more)
        value = (self.said[at].tenths or 0) // 10
        if kinds and not set(kinds) & {*lexicon.COMPUTERS, "thin_client"}:
            self.found = self.found._replace(hoped=(*self.found.hoped, str(value)))
        else:
            self.found = self.found._replace(generation=ranged(value, meaning))
        return True

    def _before(self, at: int) -> str:
        words: list[str] = []
        for back in range(at - 1, max(-1, at - 5), -1):
            if self.taken[back]:
                break
            words.insert(0, self.said[back].stem)
        while words and words[-1] in ("a",):
            if len(words) > 1 and words[-2] in (
                "jusqu",
                "superieur",
                "inferieur",
                "superieure",
                "inferieure",
            ):
                break
            words.pop()
        return " ".join(words)

    def _after(self, at: int) -> str:
        return " ".join(token.stem for token in self.said[at : at + 3])

    def _said_after(self, end: int, tail: int) -> list[str]:
        """Words that say of what a number was: "8 go de ram"; in "8 go ssd 256" ssd is the next one's."""
        for at in range(tail, min(tail + 2, len(self.said))):
            following = self.said[at + 1] if at + 1 < len(self.said) else None
            if self.said[at].stem in MEASURING and following is not None and following.tenths is not None:
                return [token.stem for token in self.said[end:at]]
            if self.said[at].tenths is not None:  # what follows is said of that one: "16 go 512 ssd"
                return [token.stem for token in self.said[end:at]]
        return [token.stem for token in self.said[end : min(tail + 2, len(self.said))]]

    def _told(self, at: int, unit: str) -> str:
        """`_after`, unless what follows is said of the next number: "24 pouces, maximum 80 €"."""
        text = self._after(at)
        more = bounds("", text)[1]
        own = not more or text.startswith(("ou ", "et ", "+")) or at + more >= len(self.said)
        if own or self.said[at + more].tenths is None:
            return text
        return text if unit == "euro" and self._unit(at + more + 1) != "euro" else ""

    def _take(self, start: int, end: int) -> None:
        for at in range(start, min(end, len(self.said))):
            self.taken[at] = True

    def _measure(self, at: int, unit: str, kinds: Sequence[str]) -> None:
        """A number with its unit, and the other end before it: "entre 8 et 16 go", "100 à 200 €"."""
        end = at + 2
        tail = end
        while tail < len(self.said) and self.said[tail].stem in ("de", "d", "en", "ttc", "ht"):
            tail += 1
        other, start = self._other_end(at, unit)
        near = [self.said[back].stem for back in range(max(0, start - 3), start) if not self.taken[back]]
        near += self._said_after(end, tail)
        meaning, more = bounds(self._before(start), self._told(end, unit))
        if meaning is None:
            past = self._past_after(end)
            meaning, more = bounds(self._before(self._past_marker(start)), self._told(past, unit))
        value = self.said[at].tenths or 0
        self._take(start, end)
        if more:
            begin = end if bounds("", self._told(end, unit))[1] else self._past_after(end)
            self._take(begin, begin + more)
        self._keep(unit, value, other, meaning, near, kinds, at)

    def _past_marker(self, at: int) -> int:
        """Before « ram » in "minimum ram 16 go"."""
        while (
            at > 0 and self.said[at - 1].stem in MEASURING | {"de", ":"} and self.said[at - 1].tenths is None
        ):
            at -= 1
        return at

    def _past_after(self, at: int) -> int:
        """After « de ram » in "16 go de ram minimum"."""
        while at < len(self.said) and self.said[at].stem in (*MEASURING, "de", "d", "en", "ttc", "ht"):
            at += 1
        return at

    def _other_end(self, at: int, unit: str) -> tuple[int | None, int]:
        """The number before "et", "à", "-", "ou" with its own unit or none, and where the pair begins."""
        back = at - 1
        if back < 1 or self.said[back].text not in ("et", "a", "-", "ou", "/" if unit == "inch" else "ou"):
            return None, at
        back -= 1
        if self.said[back].tenths is None and UNITS.get(self.said[back].text) == unit:
            back -= 1
        if back < 0 or self.said[back].tenths is None or self.taken[back]:
            return None, at
        return self.said[back].tenths, back

    def _keep(
        self, unit: str, value: int, other: int | None, meaning: str | None, near: Sequence[str],
        kinds: Sequence[str], at: int,
    ) -> None:  # fmt: skip
        whole, far = value // 10, None if other is None else other // 10
        if unit == "tera":
            sizes = None if other is None else other * 100
            self.found = self.found._replace(storage=ranged(value * 100, meaning, sizes))
        elif unit == "size":
            name = memory_or_storage(whole, near, kinds, memory_said=self.found.ram is not None)
            self._sized(name, ranged(whole, meaning, far))
        elif unit == "inch":
            self.found = self.found._replace(screen=ranged(value, meaning, other))
        elif unit == "euro":
            self._priced(value, other, meaning, near)
        elif unit == "percent":
            self.found = self.found._replace(
                battery=Range(low=whole) if meaning != "most" else Range(high=whole)
            )
        elif unit in ("month", "year"):
            self.found = self.found._replace(warranty=whole * (12 if unit == "year" else 1))

    def _sized(self, name: str, said: Range) -> None:
        ram = name == "ram"
        self.found = self.found._replace(ram=said) if ram else self.found._replace(storage=said)

    def _priced(self, value: int, other: int | None, meaning: str | None, near: Sequence[str]) -> None:
        cents = value * 10
        if cents == 0:
            self.found = self.found._replace(free=True)
            return
        said = ranged(cents, meaning, None if other is None else other * 10)
        price = Range(high=said.nominal) if said.nominal else said
        self.found = self.found._replace(price=price, net="ht" in near)

    def _bare_numbers(self, kinds: Sequence[str]) -> None:
        """Numbers that no unit follows: "écran 24", "ssd 512", "16 ram", "moins de 150", "8/256"."""
        for at, token in enumerate(self.said):
            if token.tenths is None or self.taken[at]:
                continue
            before = self._before(at).split()
            near = [*before[-2:], *self._after(at + 1).split()[:2]]
            value, meaning = token.tenths // 10, bounds(self._before(at), self._after(at + 1))[0]
            name = self._bare(value, token, near, meaning, kinds, before)
            if name is None:
                continue
            end = at + 1 + bounds("", self._after(at + 1))[1]
            self._take(at, end)
            other, start = self._other_end(at, "")
            self._take(start, at)
            if name == "price":
                self._priced(token.tenths, other, meaning, near)
            elif name == "screen":
                other = other or self._next_screen(at)
                self.found = self.found._replace(screen=ranged(token.tenths, meaning, other))
            else:
                far = None if other is None else other // 10
                self._sized(name, ranged(value, meaning, far))

    def _next_screen(self, at: int) -> int | None:
        """« écran 22 ou 24 », « 22/24 »: the second size, taken."""
        follow = self.said[at + 1 : at + 3]
        if (
            len(follow) < 2
            or follow[0].text not in ("ou", "/", "a", "et", "-")
            or any(self.taken[at + 1 : at + 3])
        ):
            return None
        if follow[1].tenths is None or not 100 <= follow[1].tenths <= 600:
            return None
        self._take(at + 1, at + 3)
        return follow[1].tenths

    def _between(self, before: Sequence[str], value: int) -> bool:
        """« entre 150 et 250 »: the far end of two numbers, which are not both sizes of disks."""
        if len(before) < 3 or before[-1] not in ("et", "a") or before[-3] not in ("entre", "de"):
            return False
        other = before[-2]
        return other.isdigit() and not {int(other), value} <= STORAGE_SOLD

    def _bare(
        self, value: int, token: Token, near: Sequence[str], meaning: str | None, kinds: Sequence[str],
        before: Sequence[str],
    ) -> str | None:  # fmt: skip
        if any(word in lexicon.MEMORY_WORDS for word in near) and value <= 256 and self.found.ram is None:
            return "ram"
        if any(word in STORAGE for word in near) and value >= 8 and self.found.storage is None:
            return "storage"
        if any(word in lexicon.MONEY_WORDS for word in before[-3:]):
            return "price"
        if value * 10 != token.tenths and 5 <= value <= 60 and self.found.screen is None:
            return "screen"
        screens = (
            "monitor" in kinds
            or bool(SCREENS & set(before[-2:]))
            or (kinds == ("all_in_one",) and value > 18)
        )
        if self.found.screen is None and 10 <= value <= 60 and screens:
            return "screen"
        if meaning in ("most", "about") or (meaning and value >= 40):
            return "price" if value >= 20 else "ram"
        known = len(token.text) > 2 and token.text in self.shown
        if known or any(self._in_window(word) for word in before[-1:] if word not in KNOWN):
            return None
        computer = set(kinds) & {*lexicon.COMPUTERS, "tablet", "smartphone", "server"}
        if computer and self.found.ram is None and value in RAM_SOLD and not set(kinds) <= HELD_BY_HAND:
            return "ram"
        if value >= 40 and self._between(before, value):
            return "price"
        if computer and self.found.storage is None and value in STORAGE_SOLD:
            return "storage"
        if "laptop" in kinds and self.found.screen is None and 11 <= token.tenths // 10 <= 17:  # type: ignore[operator]  # a number has tenths
            return "screen"
        return None
