"""The devices of an XML file, one at a time, by a parser that knows neither DOCTYPE nor entities."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from reuse_market.fleets.reading.agents.shapes import TEXT, listed
from reuse_market.fleets.reading.errors import Unreadable
from reuse_market.fleets.reading.source import Source
from reuse_market.kernel.words import N_

MAX_DOCUMENT = 5_000_000
MAX_DEPTH = 40
_PIECE = 1 << 16
_NODE = 20
"""What an element weighs beside its text, in characters: a million empty ones are no device either."""
_DECLARATION = re.compile(r"<\?xml\b[^>]*\?>")
_DECLARED = re.compile(rb"""<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']""")
_DOCTYPE = re.compile(r"<!\s*(doctype|entity)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff\ufffe\uffff]")
_WHOLE = ("request", "content")
EXPORT_AGAIN = N_("Export it again, then send the whole file.")


def codec_of(source: Source, guessed: str) -> str:
    """The encoding the file declares when its bytes are no UTF-8, else the one guessed from them."""
    told = _DECLARED.search(source.head[:400])
    if guessed.startswith("cp") and told:
        try:
            return codecs.lookup(told[1].decode("ascii")).name.replace("utf-8", guessed)
        except LookupError:
            return guessed
    return guessed


def documents(source: Source, codec: str) -> Iterator[dict[str, Any]]:
    """Every device of the file, `REQUEST` or repeated element. Refused: DOCTYPE, entities, damage, depth.

    Files put one after the other are read as one: their declarations are passed over.
    """
    tree = _Tree()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.data
    try:
        with io.TextIOWrapper(source.open(), encoding=codec, errors="replace") as stream:
            parser.Parse(b"<all>")
            for piece in _pieces(stream):
                parser.Parse(piece.encode("utf-8", "replace"))
                yield from tree.given()
            parser.Parse(b"</all>", True)
    except expat.ExpatError as error:
        raise Unreadable(
            N_("This XML file is cut or damaged after record %(count)s."),
            advice=EXPORT_AGAIN,
            count=tree.count,
        ) from error
    yield from tree.given()


def _pieces(stream: io.TextIOWrapper) -> Iterator[str]:
    """The text by pieces that cut no tag, without declarations and without what XML forbids."""
    held = ""
    while piece := stream.read(_PIECE):
        held += _CONTROL.sub("", piece)
        if _DOCTYPE.search(held):
            raise Unreadable(
                N_("This XML file declares entities or a document type: it is not read, for safety."),
                advice=N_("Send the file the agent wrote, without DOCTYPE."),
            )
        cut = held.rfind("<")
        cut = cut if len(held) - cut < 1000 and cut >= 0 else len(held)
        yield _DECLARATION.sub("", held[:cut])
        held = held[cut:]
    yield _DECLARATION.sub("", held)


class _Tree:
    """Builds one device at a time out of the parser's events: names in lower case, repeated ones in lists."""

    def __init__(self) -> None:
        self.path: list[tuple[str, dict[str, Any], list[str]]] = []
        self.ready: list[dict[str, Any]] = []
        self.loose: dict[str, Any] = {}
        self.depth = self.weight = self.count = 0
        self.at = 1

    def given(self) -> Iterator[dict[str, Any]]:
        """The devices that are complete."""
        ready, self.ready = self.ready, []
        for one in ready:
            self.count += 1
            yield from listed(one)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if self.depth == 1:
            self.at = 1 if name in _WHOLE else 2
            self.loose = {}
        if self.depth > MAX_DEPTH:
            raise Unreadable(N_("This XML file is nested too deep to be an inventory."), advice=EXPORT_AGAIN)
        if self.depth >= self.at:
            self.path.append((name, {_local(key): value for key, value in attributes.items()}, []))
            self._weigh(sum(len(value) for value in attributes.values()))
        self.depth += 1

    def data(self, text: str) -> None:
        if self.path:
            self.path[-1][2].append(text)
            self._weigh(len(text))

    def end(self, tag: str) -> None:
        self.depth -= 1
        if self.path:
            name, inner, texts = self.path.pop()
            told = "".join(texts).strip()
            value: Any = told
            if inner:
                value = inner | ({TEXT: told} if told else {})
            if self.path:
                _add(self.path[-1][1], name, value)
            else:
                self._finish(name, value)
        if self.depth == 1 and self.at == 2 and self.loose:
            self.ready.append(self.loose)  # a root whose own children are the values of one device
            self.loose = {}

    def _finish(self, name: str, value: Any) -> None:
        self.weight = 0
        if isinstance(value, dict):
            self.ready.append(value)
        elif self.at == 2 and len(self.loose) < 1000:
            _add(self.loose, name, value)

    def _weigh(self, more: int) -> None:
        self.weight += more + _NODE
        if self.weight > MAX_DOCUMENT:
            raise Unreadable(
                N_("Record %(count)s of this file is longer than one device can be."),
                advice=N_("Send one inventory per device, or a list of devices."),
                count=self.count + 1,
            )


def _local(tag: str) -> str:
    return tag.rpartition(":")[2].lower()


def _add(holder: dict[str, Any], name: str, value: Any) -> None:
    if name not in holder:
        holder[name] = value
    elif isinstance(holder[name], list):
        holder[name].append(value)
    else:
        holder[name] = [holder[name], value]
