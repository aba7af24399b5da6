"""Languages: which one a page speaks, and the French catalogue made from one .po file per room.

Texts are English in the code; `translations/fr/LC_MESSAGES/<room>.po` holds the French, kept by hand.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel, Domain
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

LANGUAGES = ("fr", "en")
ROOT = Path(__file__).resolve().parents[2]


def french_folder(root: Path) -> Path:
    """Where the French sources and the compiled catalogue lie."""
    return root / "translations" / "fr" / "LC_MESSAGES"


def compile_stale(root: Path) -> None:
    """Make messages.mo from every .po beside it when one is newer. Readers never see half a file.

    Fuzzy entries are left out; where two files translate a msgid, the first in the alphabet holds (the
    catalogue tool reports it).
    """
    folder = french_folder(root)
    target = folder / "messages.mo"
    sources = sorted(folder.glob("*.po"))
    if not sources:
        return
    newest = max(path.stat().st_mtime_ns for path in [*sources, folder])
    if target.exists() and target.stat().st_mtime_ns >= newest:
        return
    merged = Catalog(locale="fr", domain="messages")
    for path in sources:
        with path.open("rb") as source:
            for message in read_po(source, locale="fr"):
                if message.id and not message.fuzzy and merged.get(message.id, message.context) is None:
                    merged.add(message.id, message.string, context=message.context)
    _replace(target, merged)
    os.utime(target)  # the folder has just changed: stay newer than it


def _replace(target: Path, catalogue: Catalog) -> None:
    """Write beside, then rename over."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".messages-", suffix=".mo")
    try:
        with os.fdopen(handle, "wb") as out:
            write_mo(out, catalogue)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def choose_language() -> str:
    """The person's preference (g.language, set by the factory), else ?lang=, else French."""
    wanted = g.get("language") if has_app_context() else None
    if wanted not in LANGUAGES and has_request_context():
        wanted = request.args.get("lang")
    return wanted if wanted in LANGUAGES else "fr"


def register(app: Flask, root: Path = ROOT) -> None:
    """Set the catalogues up: compiled when stale, French by default, `{% trans %}` blocks trimmed."""
    compile_stale(root)
    Babel(
        app,
        default_locale="fr",
        default_timezone="Europe/Paris",
        locale_selector=choose_language,
        default_translation_directories=str(root / "translations"),
    )
    words = Words()
    app.extensions["babel"].instance.domain_instance = words
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    said = words.get_translations
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # given by the extension Babel adds
        gettext=lambda text: said().gettext(text),
        ngettext=lambda one, more, count: said().ngettext(one, more, count),
        newstyle=True,
        pgettext=lambda context, text: said().pgettext(context, text),
        npgettext=lambda context, one, more, count: said().npgettext(context, one, more, count),
    )
    app.jinja_env.globals.update(gettext=words.said, _=words.said)


class Words(Domain):
    """The catalogues of an application, looked up once a page for as long as its language does not change.

    A page says hundreds of words: what Flask-Babel asks again at each is remembered beside its own locale.
    """

    def get_translations(self) -> Any:
        """The catalogue of the page's language."""
        if not g:
            return super().get_translations()
        page = g._get_current_object()
        kept = getattr(page, "_flask_babel", None)
        locale = getattr(kept, "babel_locale", None)
        held: tuple[Any, Any] | None = getattr(kept, "words_of_page", None)
        if held is not None and locale is not None and held[0] is locale:
            return held[1]
        words = super().get_translations()
        if (kept := getattr(page, "_flask_babel", None)) is not None:
            kept.words_of_page = (getattr(kept, "babel_locale", None), words)
        return words

    @pass_context
    def said(self, context: Context, text: str, /, **values: Any) -> str:
        """`gettext` of the templates as the extension has it; a word without values is marked safe once."""
        words = self.get_translations()
        if not context.eval_ctx.autoescape:
            return str(words.gettext(text) % values)
        if values:
            return Markup(words.gettext(text)) % values  # noqa: S704 - a translator's words; the values are escaped
        known: dict[str, Markup] = words.__dict__.setdefault(
            "marked", {}
        )  # as many as the templates have words
        if (said := known.get(text)) is None:
            said = known[text] = Markup(words.gettext(text)) % {}  # noqa: S704 - a translator's words
        return said
