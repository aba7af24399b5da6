"""What a line is called."""

from __future__ import annotations

import pytest

from reuse_market.lots.grouping import line_label, memory, processor, screen


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz", "i5-8350U"),
        ("11th Gen Intel(R) Core(TM) i7-1185G7 @ 3.00GHz", "i7-1185G7"),
        ("AMD Ryzen 5 PRO 4650U with Radeon Graphics", "Ryzen 5 PRO 4650U"),
        ("Intel(R) Xeon(R) Silver 4110 CPU @ 2.10GHz", "Xeon Silver 4110"),
        ("Intel(R) Celeron(R) N4020 CPU @ 1.10GHz", "Celeron N4020"),
        ("Apple M1 Pro", "M1 Pro"),
        ("inconnu", ""),
        (None, ""),
    ],
)
def test_processors(written: str | None, short: str) -> None:
    assert processor(written) == short


def test_sizes() -> None:
    assert [memory(m) for m in (None, 512, 4096, 7900, 16384)] == [
        "",
        "512\u00a0Mo",
        "4\u00a0Go",
        "8\u00a0Go",
        "16\u00a0Go",
    ]
    assert [screen(t) for t in (None, 238, 240)] == ["", "23,8″", "24″"]


def test_labels() -> None:
    assert line_label("HP 840", "Portable", ("laptop", 1, "i5", "8 Go", "")) == "HP 840, i5, 8 Go"
    assert line_label("", "Écran", ("monitor", None, "", "", "24″")) == "Écran, 24″"
    assert len(line_label("x" * 400, "", ("other", 1, "", "", ""))) == 200
