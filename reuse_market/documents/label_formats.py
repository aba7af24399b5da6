"""The papers labels are printed on, by their measures: sheets cut in rows and columns, and rolls of single labels.

A format names no brand: a box says "63,5 × 38,1 mm, 21 to a sheet". Lengths are tenths of a millimetre.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelFormat:
    """`columns` × `rows` labels of `width` × `height`, the first one `left` and `top` from the sheet's corner,
    each `across` and `down` from the one before. A roll has one label to a page, as large as the label."""

    code: str
    width: int
    height: int
    columns: int = 1
    rows: int = 1
    left: int = 0
    top: int = 0
    across: int = 0
    down: int = 0

    @property
    def roll(self) -> bool:
        """One label to a page."""
        return self.columns * self.rows == 1

    @property
    def per_sheet(self) -> int:
        """Labels to a page."""
        return self.columns * self.rows

    @property
    def page(self) -> tuple[int, int]:
        """Width and height of a page."""
        return (self.width, self.height) if self.roll else (2100, 2970)


def _sheet(code: str, width: int, height: int, columns: int, rows: int, gap: int = 0) -> LabelFormat:
    """A format centred on A4, with `gap` between columns."""
    left = (2100 - columns * width - (columns - 1) * gap) // 2
    top = (2970 - rows * height) // 2
    return LabelFormat(code, width, height, columns, rows, left, top, width + gap, height)


FORMATS: dict[str, LabelFormat] = {
    one.code: one
    for one in (
        _sheet("a4-24", 700, 371, 3, 8),
        _sheet("a4-21", 635, 381, 3, 7, gap=25),
        _sheet("a4-40", 485, 254, 4, 10),
        LabelFormat("roll-62", 620, 320),
        LabelFormat("roll-57", 570, 320),
    )
}
DEFAULT = "a4-24"


def named(code: str, lang: str) -> str:
    """A format in words: "A4, 24 étiquettes de 70 × 37,1 mm"."""
    one = FORMATS[code]
    point = "," if lang == "fr" else "."
    width, height = (f"{n // 10}{point}{n % 10}".removesuffix(f"{point}0") for n in (one.width, one.height))
    size = f"{width}\u00a0×\u00a0{height}\u00a0mm"
    if one.roll:
        return f"Rouleau, une étiquette de {size}" if lang == "fr" else f"Roll, one label of {size}"
    n = one.per_sheet
    return f"A4, {n}\u00a0étiquettes de {size}" if lang == "fr" else f"A4, {n} labels of {size}"


def sheets(code: str, count: int, start: int = 1) -> int:
    """Pages that `count` labels take, the first one begun at label `start` (from 1)."""
    return -(-(count + start - 1) // FORMATS[code].per_sheet) if count else 0
