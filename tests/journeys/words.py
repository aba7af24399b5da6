"""The words people see: English here, looked up in the French catalogue, so that a better French breaks nothing."""

from __future__ import annotations

import gettext
from functools import cache
from typing import Any

from reuse_market.web import catalogues


@cache
def french() -> gettext.GNUTranslations:
    """The compiled French catalogue."""
    catalogues.compile_stale(catalogues.ROOT)
    with (catalogues.french_folder(catalogues.ROOT) / "messages.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


def say(text: str, **params: Any) -> str:
    """What a French page says for an English text; it must be translated."""
    words = french().gettext(text)
    assert words != text, f"not translated: {text}"
    return words % params if params else words.replace("%%", "%")


def says(one: str, several: str, count: int, **params: Any) -> str:
    """The same for a text that counts."""
    words = french().ngettext(one, several, count)
    assert words not in (one, several), f"not translated: {several}"
    return words % {"num": count, "count": count, **params}
