"""Random whole lives: the machine's verbs in the order of the chain, each a random number of times, on random rows."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.stateful.machine import Chain


class Life(Chain):
    """The machine without its own checks after every act (they have their own tests): only the life is wanted."""

    def look(self) -> None:
        """Nothing is folded."""

    def mark(self) -> list[Any]:
        """Nothing is compared."""
        return []


MEDIA = ((), (), ("ssd",), ("ssd", "hdd"))
PROOFS = ("good", "good", "good", "failed", "unverified")
NOTED = ("taken", "missing", "refused", "extra", "rest")
TURNS = ("back", "parts", "waste", "lose", "find", "find")
BOOKED = ("confirm", "prepare", "sign", "code", "release")


def play(life: Life, chance: Random) -> None:
    """One life: from a draft to hands, waste or nowhere.

    Whole phases may be left out; in every other life none of those that lead to hands is (`least`).
    """
    least = chance.randint(0, 1)

    def often(verb: Any, most: int, least: int = 0, **values: Any) -> None:
        for _ in range(chance.randint(least, most)):
            drawn = {name: chance.choice(choices) for name, choices in values.items()}
            verb(n=chance.randrange(1000), odd=chance.choice((4, 5, 6, 7)), **drawn)

    for _ in range(chance.randint(1, 2)):
        life.compose(
            count=chance.randint(1, 3), numbered=chance.random() < 0.5, first=chance.random() < 0.3, publish=1
        )
    often(life.discard, 1, back=(True, False))
    often(life.claim, 3, least, count=(1, 2, 3), line=(1,))
    often(life.award, 2, least, part=(0, 0, 1))
    often(life.decline, 1)
    often(life.release, 1, by_holder=(True, False))
    if chance.random() < 0.1:
        often(life.withdraw, 1, claimed=(True, False))
    often(life.award, 1, part=(0,))
    often(life.propose, 2, least, days=(0, 1), by_holder=(True, False))
    often(life.answer, 3, least, what=("agree", "agree", "agree", "counter", "cancel", "fail", "again"))
    often(life.prove, 4)
    often(life.check_off, 3, count=(1, 2), what=NOTED)
    for _ in range(chance.randint(least, 2)):
        often(life.drive, 1, least, check=(True,))
        often(life.countersign, 2, least)
    often(life.receive, 3)
    often(life.identify, 1, serial=("S1", " x "))
    often(life.test, 2, fault=(0, 1, 2))
    often(life.count_media, 2, kinds=MEDIA)
    often(life.certify, 2, how=PROOFS)
    often(life.take_out, 1, miscounted=(True, False))
    often(life.do_the_work, 3, least, kind=((), ("ssd",)))
    often(life.turn, 2, what=TURNS)
    often(life.remove_waste, 1, away=(True, False))
    for _ in range(chance.randint(least, 2)):
        often(life.reserve, 2, least, count=(1, 2))
        for step in ("confirm", "prepare", chance.choice(("sign", "sign", "code"))):
            often(life.book, 2, least, what=(step,))
        often(life.book, 1, what=BOOKED)
    often(life.take_back, 1)
    often(life.do_the_work, 1, kind=((),))
    if chance.random() < 0.4:
        life.time_passes(days=chance.choice((1, 8, 40)))
    often(life.turn, 1, what=TURNS)
