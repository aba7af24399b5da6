"""Mails from templates/mail/<name>/{subject.txt,body.txt,body.html}, without Flask."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context

from reuse_market.kernel import formats
from reuse_market.notices.settings import settings

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("fr", "en")
_BREAKS = re.compile("[ \t\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")  # not the no-break space of French
_HOLES = re.compile(r"\n{3,}")
# The same names as the pages' filters.
_FORMATS: tuple[Callable[..., str], ...] = (
    formats.number,
    formats.euros,
    formats.kilos,
    formats.percent,
    formats.date_long,
    formats.month_long,
    formats.clock,
    formats.instant,
)


@dataclass(frozen=True, slots=True)
class Mail:
    """A rendered mail: one-line subject, plain text, HTML."""

    subject: str
    text: str
    html: str


def render(template: str, language: str, facts: dict[str, Any]) -> Mail:
    """The mail `template` in `language` with `facts`. A fact the template misses is an error, not a blank.

    Texts are escaped in the HTML only; a subject loses line breaks, so that nobody adds a header.
    """
    environment = _environment(language)
    values = facts | {"language": language}
    subject, text, html = (
        environment.get_template(f"{template}/{part}").render(values)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    text = _HOLES.sub("\n\n", text.strip())  # where a template's condition said nothing
    return Mail(_BREAKS.sub(" ", subject).strip(), text + "\n", html.strip() + "\n")


def absolute(address: str) -> str:
    """A link of a mail: a path of the site gets the public address before it."""
    return settings().base_url + address if address.startswith("/") else address


def reload() -> None:
    """Forget templates and catalogues read so far (tests, a freshly compiled catalogue)."""
    _environment.cache_clear()


@functools.cache
def _environment(language: str) -> Environment:
    if language not in LANGUAGES:
        raise ValueError(f"no mail speaks {language!r}")
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates" / "mail"),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    catalogue = _catalogue(language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        catalogue.ugettext, catalogue.ungettext, newstyle=True
    )
    for form in _FORMATS:
        environment.filters[form.__name__] = functools.partial(form, lang=language)
    # Given its context, so that the public address is read at each mail and not once at compilation.
    environment.filters |= {"code": formats.code, "absolute": pass_context(lambda _, path: absolute(path))}
    environment.globals["support_phone"] = lambda: settings().phone
    return environment


def _catalogue(language: str) -> NullTranslations:
    """English is the code's own language; French is the catalogue the site compiles at its start."""
    if language == "en":
        return NullTranslations()
    found = Translations.load(str(ROOT / "translations"), [language])
    if not isinstance(found, Translations):
        raise RuntimeError(f"no compiled catalogue for {language}: start the site once, or run make")
    return found
