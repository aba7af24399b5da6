"""Label codes: any one typing mistake and any swap is caught, whatever the code."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reuse_market.units import codes

BODIES = st.text(codes.ALPHABET, min_size=6, max_size=6)


def _code(body: str) -> str:
    return body + codes.check_character(body)


@pytest.mark.parametrize(
    ("body", "check"), [("222222", "2"), ("234567", "9"), ("ZZZZZZ", "Z"), ("7K4M2P", "7"), ("BCDFGH", "J")]
)
def test_check_characters_do_not_change(body: str, check: str) -> None:
    """Printed labels stay good for ever."""
    assert codes.check_character(body) == check


def test_the_alphabet_leaves_out_what_is_misread() -> None:
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET) == 32
    assert not set("01OI") & set(codes.ALPHABET)


@given(BODIES)
def test_any_one_wrong_character_is_caught(body: str) -> None:
    code = _code(body)
    assert codes.is_code(code)
    for place, other in itertools.product(range(codes.LENGTH), codes.ALPHABET):
        typed = code[:place] + other + code[place + 1 :]
        assert codes.is_code(typed) == (typed == code)


@given(BODIES)
def test_any_swap_is_caught(body: str) -> None:
    """Of neighbours or not, the check character included."""
    code = _code(body)
    for one, two in itertools.combinations(range(codes.LENGTH), 2):
        letters = list(code)
        letters[one], letters[two] = letters[two], letters[one]
        typed = "".join(letters)
        assert codes.is_code(typed) == (typed == code)


@pytest.mark.parametrize("text", ["", "2", "22222", "22222222", "222222O", "222222é", "222222 ", "abcdefg"])
def test_what_is_no_code(text: str) -> None:
    assert not codes.is_code(text)


@pytest.mark.parametrize("typed", ["7k4m2px", " 7K4 M2PX ", "7K4-M2PX", "7k4\u00a0m2px", "7K4.M2PX"])
def test_codes_as_people_type_them(typed: str) -> None:
    assert codes.normalise(typed) == "7K4M2PX"


def test_codes_and_serials_as_scanners_send_them() -> None:
    code = _code("7K4M2P")
    french = str.maketrans("1234567890AQZWM/:.", "&é\"'(-è_çàQAWZ?!M:")  # the keys of an American keyboard
    address = f"https://exemple.fr/u/{code}"
    for read in (address, f"{address.upper()}/?s=1", f"]Q3{code}", f"*{code}*", f"{code}\r", f"]Q3{address}#x",
                 code.translate(french), address.translate(french)):  # fmt: skip
        assert codes.normalise(read) == code, read
    assert codes.normalise("X/Y-12") == "XY12"
    for read, meant in (
        ("7ghk 5x2", ["7GHK5X2"]), ("]C17GHK5X2", ["7GHK5X2"]), ("S7GHK5X2", ["S7GHK5X2", "7GHK5X2"]),
        ("1S20L5CTO1WWPF1EXAMP", ["1S20L5CTO1WWPF1EXAMP", "PF1EXAMP"]), ("X/Y-12", ["X/Y-12"]), ("", []),
        ("7GHK5X2".translate(french), ["7GHK5X2".translate(french).upper(), "7GHK5X2"]),
    ):  # fmt: skip
        assert codes.serials(read) == meant, read


def test_a_typing_mistake_never_leads_to_another_code() -> None:
    """ "AQ2…" read as "QA2…", the other keyboard, is a code once in 32: what holds a figure is read as it stands."""
    for body in ("A2Q3ZW", "AQZ22W", "W9A9Q9"):
        for place, other in itertools.product(range(codes.LENGTH), codes.ALPHABET):
            code = _code(body)
            typed = code[:place] + other + code[place + 1 :]
            assert codes.normalise(typed) == typed


def test_drawn_codes_are_codes_and_differ() -> None:
    drawn = [codes.draw() for _ in range(500)]
    assert all(map(codes.is_code, drawn))
    assert len(set(drawn)) == 500


def test_a_seeded_draw_can_be_repeated() -> None:
    assert [codes.draw(random.Random(4)) for _ in range(2)] == [codes.draw(random.Random(4))] * 2
