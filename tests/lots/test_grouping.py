"""What a line is called."""

from __future__ import annotations

from reuse_market.lots.grouping import Configuration, likeness, line_label


def test_labels() -> None:
    laptop = likeness(Configuration("laptop", 1, "Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz", 7786, 238_475))
    monitor = likeness(Configuration("monitor", None, screen_tenths=238))
    assert line_label("HP 840", "Portable", laptop) == "HP 840, i5-8350U, 8\u00a0Go, 256\u00a0Go"
    assert line_label("", "Écran", monitor) == "Écran, 23,8″"
    assert len(line_label("x" * 400, "", monitor)) == 200
