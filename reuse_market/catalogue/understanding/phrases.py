"""Kinds, processors and traits; and the words left to find."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reuse_market.catalogue import lexicon
from reuse_market.catalogue.measures import UNITS, Range
from reuse_market.catalogue.understanding.known import (
    CPUS,
    EMPTY,
    KINDS,
    LONGEST_PHRASE,
    MEASURING,
    MOST_WORDS,
    TRAITS,
)
from reuse_market.catalogue.understanding.needs import Asked
from reuse_market.catalogue.understanding.numbers import Numbers
from reuse_market.catalogue.understanding.spelling import makers

ACCESSORIES = ("carton",)
PARTS = (("monitor",), ACCESSORIES)  # said beside another kind, a part of it


class Reading(Numbers):
    """One text being read: tokens are taken as they are understood."""

    def asked(self) -> Asked:
        """Everything, each part taking its tokens."""
        self._count()
        kinds = self._kinds(peek=True)
        self._quantities(kinds)
        self._phrases()
        kinds = self._kinds()
        self._bare_numbers(kinds)
        words, ignored = self._words()
        return self.found._replace(
            kinds=kinds, words=tuple(words[:MOST_WORDS]), ignored=tuple(ignored),
            corrected=tuple(self.corrected),
        )  # fmt: skip

    def _spans(self) -> Iterable[tuple[int, int, str]]:
        """Free runs of words, the longest first, then from the left."""
        for length in range(LONGEST_PHRASE, 0, -1):
            for at in range(len(self.said) - length + 1):
                if not any(self.taken[at : at + length]):
                    yield at, at + length, " ".join(token.stem for token in self.said[at : at + length])

    def _phrases(self) -> None:
        """Processors and traits."""
        for start, end, phrase in self._spans():
            if any(self.taken[start:end]) or phrase in KINDS:
                continue
            if phrase in CPUS:
                self._take(start, end)
                classes = CPUS[phrase]
                rest = self._after(end)
                if rest.startswith(("ou plu", "ou mieu", "minimum", "ou superieur", "et plu")):
                    classes = lexicon.BETTER.get(classes[0], classes)
                    self._take(
                        end, end + len(rest.split()[:2]) if not rest.startswith("minimum") else end + 1
                    )
                elif {"au", "moin"} & set(self._before(start).split()[-2:]):
                    classes = lexicon.BETTER.get(classes[0], classes)
                self.found = self.found._replace(cpu=_either(self.found.cpu, classes))
            elif phrase in TRAITS:
                self._take(start, end)
                self._trait(*TRAITS[phrase])

    def _trait(self, name: str, value: object) -> None:
        if name == "battery":
            self.found = self.found._replace(battery=self.found.battery or Range(low=80))
        elif name == "warranty":
            self.found = self.found._replace(warranty=self.found.warranty or 1)
        elif name != "nothing":
            self.found = self.found._replace(**{name: value})  # type: ignore[arg-type]  # each as its field

    def _kinds(self, *, peek: bool = False) -> tuple[str, ...]:
        """The kinds all phrases agree on; a screen said beside another kind is a part of it."""
        kept = list(self.taken)
        said: list[tuple[str, tuple[str, ...]]] = []
        for start, end, phrase in self._spans():
            if any(self.taken[start:end]) or phrase not in KINDS:
                continue
            self._take(start, end)
            if phrase in lexicon.NAMES_TOO and not peek:
                self._named(phrase)
            if (
                KINDS[phrase] == ACCESSORIES and not peek
            ):  # of what a box holds, what is asked for comes first
                self.found = self.found._replace(hoped=(*self.found.hoped, *phrase.split()[-1:]))
            said.append((phrase, KINDS[phrase]))
        if peek:
            self.taken = kept
        return _agreed(said)

    def _named(self, phrase: str) -> None:
        """A range of one maker: its name is to be found, or its maker's where the window does not say it."""
        shown = all(self._in_window(part) for part in phrase.split())
        word = phrase if shown else None if phrase == "chromebook" else "apple"
        if word:
            self.found = self.found._replace(words=(*self.found.words, word))

    def _words(self) -> tuple[list[str], list[str]]:
        """Words to find in the groups' text, and those left out: what nobody here says, beside what was understood."""
        words, strange = list(self.found.words), []
        for at, token in enumerate(self.said):
            if self.taken[at] or (token.tenths is None and not token.text[0].isalnum()):
                continue
            folded = lexicon.MAKERS.get(token.text, token.text)
            if token.tenths is not None:
                words.append(token.text)
            elif (token.stem in lexicon.SOFT or len(folded) == 1) and self._in_window(folded):
                self.found = self.found._replace(hoped=(*self.found.hoped, folded))
            elif self._in_window(folded) and token.stem not in EMPTY:
                words.append(folded)
            elif token.text in UNITS and words and token.text in self.shown:  # Surface Go
                words.append(token.text)
            elif token.stem in EMPTY or token.stem in MEASURING or len(token.text) < 2:
                continue
            elif self._in_window(token.stem):
                words.append(token.stem)
            elif folded in makers() or any(c.isdigit() for c in folded):
                words.append(folded)
            else:
                strange.append(folded)
        words = _alternatives(words)
        understood = bool(words) or self.found.anything or bool(self._kinds_seen())
        return (words, strange) if understood else (strange, [])

    def _kinds_seen(self) -> bool:
        return any(token.stem in KINDS for token in self.said)


def _alternatives(words: list[str]) -> list[str]:
    """A device has one maker: of several, any will do."""
    named = [word for word in dict.fromkeys(words) if word in makers()]
    if len(named) < 2:
        return words
    return [lexicon.ALTERNATIVES.join(named), *(word for word in words if word not in named)]


def _either(said: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """Classes of « i5 ou i7 », and of « Intel (processeur i5) », where the one only tells the other closer."""
    if not said or set(more) < set(said):
        return more
    return said if set(said) <= set(more) else (*said, *(one for one in more if one not in said))


def _agreed(said: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    strong = [one for one in said if one[0] not in lexicon.WEAK] or list(said)
    kinds: tuple[str, ...] = ()
    for phrase, meant in [*strong, *(one for one in said if one not in strong)]:
        other = lexicon.OTHERWISE.get(phrase, ())
        if not kinds:
            kinds = meant
        elif common := [kind for kind in kinds if kind in meant] or [kind for kind in kinds if kind in other]:
            kinds = tuple(common)
        elif meant in PARTS or (kinds == ACCESSORIES and phrase in lexicon.WEAK):  # « casque micro »
            continue
        elif kinds in PARTS:
            kinds = meant
        elif phrase not in lexicon.WEAK:
            kinds = (*kinds, *(kind for kind in meant if kind not in kinds))
    return kinds
