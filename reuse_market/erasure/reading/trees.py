"""XML as a small tree, refusing what could run away: document types, entities, depth, mass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from reuse_market.erasure.reading.stated import Unreadable

MOST_DEPTH = 40
MOST_ELEMENTS = 200_000


@dataclass(slots=True)
class Node:
    """An element: its name without prefix, its attributes, its own text, its children."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Node] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What it is about: the `name` attribute where it has one, else its tag; in small letters."""
        return (self.attributes.get("name") or self.tag).casefold()

    def all(self, *names: str) -> Iterator[Node]:
        """The elements below of one of these names, wherever they stand."""
        for child in self.children:
            if child.name in names:
                yield child
            yield from child.all(*names)

    def value(self, *names: str) -> str:
        """The text of the first element below of one of these names, the names in order of preference."""
        for name in names:
            for found in self.all(name):
                if found.text.strip():
                    return found.text.strip()
        return ""

    def own(self, *names: str) -> str:
        """The same among direct children only."""
        for name in names:
            for child in self.children:
                if child.name == name and child.text.strip():
                    return child.text.strip()
        return ""


def parse(data: bytes) -> Node:
    """The root element. Unreadable: "unsafe" (DOCTYPE, entities, too deep or big), "damaged"."""
    root = Node("")
    path, count = [root], 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(path) > MOST_DEPTH or count > MOST_ELEMENTS:
            raise Unreadable("unsafe")
        made = Node(re.sub(r"^.*:", "", tag).casefold(), attributes)
        path[-1].children.append(made)
        path.append(made)

    def refuse(*_told: object) -> None:
        raise Unreadable("unsafe")

    def text(piece: str) -> None:
        path[-1].text += piece

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _tag: path.pop()
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Unreadable("damaged") from error
    return root
