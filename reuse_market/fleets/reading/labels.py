"""Folding of header labels and cell texts, so that « N° de Série » and "no de serie" meet."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from reuse_market.kernel.spreadsheets import FORMULA

_SCCM = re.compile(r"^details_table\d_", re.IGNORECASE)
_SQL_ZERO = re.compile(r"^([A-Za-z_]{3,})0$")
_SHELF_TYPE = re.compile(r",\s*type:\w+\s*$", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_UNIT = re.compile(r"[(\[][^)\]]{1,12}[)\]]")
_OTHER = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Lower case, no accents, words of letters and digits apart by one space."""
    flat = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return _OTHER.sub(" ", "".join(c for c in flat if not unicodedata.combining(c))).strip()


@lru_cache(maxsize=4096)
def fold_label(label: str) -> str:
    """A header label folded, without what tools add around it (SCCM prefix, shelf.nu type, unit)."""
    bare = _SCCM.sub("", label.strip().lstrip("﻿"))
    bare = _SHELF_TYPE.sub("", bare)
    if bare.lower().startswith("cf:"):
        bare = bare[3:]
    bare = _SQL_ZERO.sub(r"\1", bare)
    bare = words_apart(bare)
    return fold(_UNIT.sub(" ", bare)) or fold(bare)


def words_apart(label: str) -> str:
    """ "userPrincipalName" as "user Principal Name": what programs write in one word."""
    return _CAMEL.sub(" ", label)


def squeeze(folded: str) -> str:
    """Without spaces: "Serialnumber", "SerialNumber" and "serial number" become one."""
    return folded.replace(" ", "")


def clean(cell: str) -> str:
    """A cell as a person reads it: no outer blanks, no apostrophe that `writeback` put before a formula."""
    text = cell.replace("\x00", "").strip()
    if text.startswith("'") and text[1:].startswith(FORMULA):
        return text[1:].strip()
    return text


def one_line(cell: str) -> str:
    """The distinct lines of a cell joined by a slash (GLPI puts every processor on its own line)."""
    lines = dict.fromkeys(" ".join(part.split()) for part in clean(cell).splitlines())
    return " / ".join(line for line in lines if line)
