"""Keeps the French catalogues whole.

    python tools/catalogues.py check [ROOM…]             missing, fuzzy, unused, double, misprinted: exit 1
    python tools/catalogues.py update [ROOM…] [--prune]  add missing msgids to their room's file, mend spacing

Texts are found in reuse_market/ (`_`, `gettext`, `ngettext`, `N_`, lazy forms) and in templates/.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import normalize, read_po

ROOT = Path(__file__).resolve().parents[1]
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "N_": None,
    "_l": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "_n": (1, 2),
    "lazy_ngettext": (1, 2),
    "N_n": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {pattern: {"trimmed": "true", "silent": "false"} for pattern, _method in METHODS[1:]}
EDGE = {"kit", "layout", "errors", "web", "factory"}
SENT = {"mail", "print"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
STRAY_PERCENT = re.compile(r"%(?!\(\w+\)[a-z]|%)")
# A plain space before high punctuation or inside guillemets, and a typewriter apostrophe between letters.
PLAIN_SPACE = re.compile(r"(?<=\S) (?=[:;!?»](?:\s|$|[.,)<]))|(?<=«) ")
PLAIN_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
HEADER = """# The French of one room, kept by hand; sorted by `tools/catalogues.py update`.
msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"""

Key = tuple[str, str | None]


@dataclass
class Text:
    """One msgid of the code: its plural if any, and where it is said."""

    singular: str
    plural: str | None = None
    context: str | None = None
    places: list[str] = field(default_factory=list)


@dataclass
class Found:
    """What is wrong, one sentence each."""

    only: list[str]
    faults: list[str] = field(default_factory=list)

    def add(self, kind: str, room: str, text: str, more: str = "") -> None:
        """Note one fault of a room's French."""
        if not self.only or room in self.only:
            self.faults.append(f"{kind:<12} {room}.po: {text!r}{more}")


def extract(root: Path) -> dict[Key, Text]:
    """Every msgid said under `root`, by (msgid, context). A template that does not parse raises."""
    texts: dict[Key, Text] = {}
    for top in ("reuse_market", "templates"):
        if not (root / top).is_dir():
            continue
        found = extract_from_dir(root / top, METHODS, OPTIONS, keywords=KEYWORDS)  # type: ignore[arg-type]
        for filename, line, message, _comments, context in found:
            singular, plural = message if isinstance(message, tuple) else (message, None)
            if singular:
                text = texts.setdefault((singular, context), Text(singular, plural, context))
                text.plural = text.plural or plural
                text.places.append(f"{top}/{filename}:{line}")
    return texts


def rooms(root: Path) -> set[str]:
    """Names of the capability rooms."""
    inside = (root / "reuse_market").iterdir()
    return {path.name for path in inside if path.is_dir() and path.name[0] not in "._"}


def room_of(place: str, known: set[str]) -> str:
    """The room whose file holds the French of a text said at `place`."""
    parts = Path(place.rpartition(":")[0]).with_suffix("").parts[1:]
    if parts[0] in SENT:
        inner = re.split(r"[_.-]", parts[1])[0] if len(parts) > 1 else ""
        return inner if inner in known else "notices"
    if parts[0] in EDGE or parts[0] not in known:
        return "web"
    return parts[0]


def sources(root: Path) -> dict[str, Catalog]:
    """The French files by room."""
    catalogues = {}
    for path in sorted((root / "translations" / "fr" / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as lines:
            catalogues[path.stem] = read_po(lines, locale="fr")
    return catalogues


def entries(catalogues: dict[str, Catalog]) -> Iterator[tuple[str, Key, Message]]:
    """(room, key, message) of every entry."""
    for room, catalogue in catalogues.items():
        for message in catalogue:
            if message.id:
                singular = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
                yield room, (singular, message.context), message


def forms(value: object) -> list[str]:
    """The string or strings of a msgid or a msgstr."""
    return [str(one or "") for one in value] if isinstance(value, (tuple, list)) else [str(value or "")]


def check(root: Path, only: list[str] | None = None) -> list[str]:
    """Every fault of the catalogues under `root`, or of the rooms `only`; empty when they are whole."""
    found, texts, known = Found(only or []), extract(root), rooms(root)
    seen: dict[Key, tuple[str, Message]] = {}
    for room, key, message in entries(sources(root)):
        where, strings = room, forms(message.string)
        if key not in texts:
            found.add("unused", where, key[0])
        if message.fuzzy:
            found.add("fuzzy", where, key[0])
        if key in seen and forms(seen[key][1].string) != strings:
            found.add("double", where, key[0], f" differs from {seen[key][0]}.po")
        seen.setdefault(key, (room, message))
        if all(strings):
            _misprints(found, where, message, strings)
    for key, text in texts.items():
        message = seen[key][1] if key in seen else None
        room = room_of(text.places[0], known)
        if message is None or not all(forms(message.string)):
            found.add("missing", room, text.singular, f" ({text.places[0]})")
        elif bool(text.plural) != isinstance(message.id, (tuple, list)):
            found.add("plural", room, text.singular, f" has a plural on one side only ({text.places[0]})")
    return sorted(found.faults)


def _misprints(found: Found, where: str, message: Message, strings: list[str]) -> None:
    """Placeholders that differ, lone percent signs, spaces and apostrophes of a typewriter."""
    ids = forms(message.id)
    offered = {name for one in ids for name in PLACEHOLDER.findall(one)}
    for index, string in enumerate(strings):
        used = set(PLACEHOLDER.findall(string))
        asked = set(PLACEHOLDER.findall(ids[min(index, len(ids) - 1)]))
        singular_of_two = len(strings) > 1 and index == 0
        if not used <= offered or (not singular_of_two and not asked <= used):
            found.add("placeholder", where, ids[0], f" → {string!r}")
        if STRAY_PERCENT.search(string) and not any(STRAY_PERCENT.search(one) for one in ids):
            found.add("percent", where, ids[0], f" → {string!r}")
        if tidy(string) != string:
            found.add("typography", where, ids[0], f" → {string!r}")


def tidy(french: str) -> str:
    """No-break spaces before : ; ! ? » and after «, curly apostrophes."""
    return PLAIN_APOSTROPHE.sub("’", PLAIN_SPACE.sub("\u00a0", french))


def update(root: Path, only: list[str], prune: bool) -> list[str]:
    """Give every missing msgid an empty entry in its room's file and mend the spacing of the others.

    With `prune`, drop what the code no longer says. `only`: rooms to touch (all when empty).

    Returns what it did. The French itself remains to be written: `check` goes on failing until it is.
    """
    texts, known, catalogues, done = extract(root), rooms(root), sources(root), []
    said: set[Key] = set()
    kept: dict[str, dict[Key, Message]] = {room: {} for room in catalogues}
    for room, key, message in entries(catalogues):
        if key in texts or not prune:
            kept[room][key] = message
            said.add(key)
        else:
            done.append(f"dropped from {room}.po: {key[0]!r}")
    for key, text in texts.items():
        if key not in said:
            room = room_of(text.places[0], known)
            kept.setdefault(room, {})[key] = Message(
                (text.singular, text.plural) if text.plural else text.singular, context=text.context
            )
            done.append(f"to translate in {room}.po: {text.singular!r}")
    folder = root / "translations" / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    for room, messages in kept.items():
        path, lines = folder / f"{room}.po", written(messages)
        if (not only or room in only) and (not path.exists() or path.read_text(encoding="utf-8") != lines):
            path.write_text(lines, encoding="utf-8")
    return [line for line in done if not only or any(f" {room}.po:" in line for room in only)]


def written(messages: dict[Key, Message]) -> str:
    """A .po file: sorted, without line numbers or dates, so that two hands seldom meet on one line."""
    blocks = [HEADER]
    for key in sorted(messages, key=lambda one: (one[0].casefold(), one[0], one[1] or "")):
        message = messages[key]
        lines = [f"# {comment}" for comment in message.user_comments]
        if message.fuzzy:
            lines.append("#, fuzzy")
        if message.context:
            lines.append(f"msgctxt {normalize(message.context, width=110)}")
        ids, strings = forms(message.id), [tidy(one) for one in forms(message.string)]
        lines.append(f"msgid {normalize(ids[0], width=110)}")
        if len(ids) > 1:
            lines.append(f"msgid_plural {normalize(ids[1], width=110)}")
            strings = (strings + ["", ""])[:2]
            lines += [f"msgstr[{index}] {normalize(one, width=110)}" for index, one in enumerate(strings)]
        else:
            lines.append(f"msgstr {normalize(strings[0], width=110)}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two commands."""
    parser = argparse.ArgumentParser(description="Check or update the French catalogues.")
    parser.add_argument("what", choices=["check", "update"])
    parser.add_argument("rooms", nargs="*", help="only these rooms (default: all)")
    parser.add_argument("--prune", action="store_true", help="update: drop entries the code no longer says")
    parser.add_argument("--root", type=Path, default=ROOT)
    chosen = parser.parse_args(arguments)
    if chosen.what == "update":
        print("\n".join(update(chosen.root, chosen.rooms, chosen.prune)) or "Nothing to add.")
        return 0
    faults = check(chosen.root, chosen.rooms)
    print("\n".join(faults) or "Catalogues are whole.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
