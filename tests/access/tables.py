"""Reads the literal lists of this folder: plain text, one thing a line, columns apart by two blanks or more."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent


def rows(name: str) -> list[tuple[str, ...]]:
    """The lines of a list, as columns; blank lines and those that begin with # are for people."""
    text = (HERE / name).read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    return [tuple(re.split(r" {2,}", line)) for line in lines if line and not line.startswith("#")]


def laid_out(found: list[tuple[str, ...]]) -> list[str]:
    """Rows as such a file writes them, columns aligned."""
    widths = [max(map(len, column)) for column in zip(*found, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in found
    ]
