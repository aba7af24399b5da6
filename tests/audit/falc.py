"""Plain language, rule by rule: what the State's list for simplified French (DISIC, RLS) lets a script judge.

`faults(html)` reads the words of a page, a letter or a mail; `looks(page)` measures how a browser shows them. Both
look at what stands under `.falc`, without what only a screen reader hears (`.vh`) or nobody does (`aria-hidden`).
Numbers beside the rules are those of the list. What needs people (co-writing, drawings, active voice) is not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import html as parser
from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("falc.js")
MOST_WORDS_A_SENTENCE = 15  # 4.1
MOST_WORDS_A_PAGE = (
    60  # 1.12: sentences; what is chosen, typed or pressed is counted below, or is the reader's own
)
MOST_CHOICES = 6  # 1.12
BIGGEST_NUMBER = 999  # 5.2; years of a date in letters aside
FORBIDDEN = ";()[]…–—&>#§→%/<"  # 4.2, 5.2, 5.4
BLOCKS = {
    "p", "h1", "h2", "h3", "li", "legend", "label", "button", "dt", "dd", "td", "th", "caption", "div", "section",
    "form", "fieldset", "ul", "ol", "body", "main",
}  # fmt: skip
SPOKEN = {
    "p",
    "p.question",
    "h1",
    "h2",
    "h3",
    "li",
    "legend",
}  # what is read, not what is chosen, typed or pressed
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
DATE = re.compile(rf"\b(?:1er|[12]?\d|3[01]) (?:{MONTHS.replace(' ', '|')}) 20\d\d\b")
PHONE = re.compile(r"\b0\d(?: \d\d){4}\b")
ADDRESS = re.compile(r"\S+@\S+|https?://\S+")
IN_LETTERS = re.compile(  # 5.1: "un ordinateur" is an article
    r"\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|cent) "
    r"(?:questions|jours|appareils|ordinateurs|personnes|semaines|mois)", re.IGNORECASE,
)  # fmt: skip
# 7.1: compound and simple past, imperfect, future, conditional, subjunctive, past and present participles.
HAVE_OR_BE = (
    r"(?:ai|as|a|avons|avez|ont|suis|es|est|sommes|êtes|sont|avais|avait|avions|aviez|avaient|étais|était|étions"
    r"|étiez|étaient|serai|seras|sera|serons|serez|seront|aurai|auras|aura|aurons|aurez|auront|soit|sois|soient"
    r"|ait|aient|été)"
)
ADJECTIVES = "âgé âgés âgée âgées"  # what ends like a participle and is none
PARTICIPLE = re.compile(
    rf"\b{HAVE_OR_BE}\b(?: (?:pas|plus|bien|déjà|vous|nous|été))* "
    r"(\w+(?:é|ée|és|ées|i|ie|is|ies|u|ue|us|ues|it|ite|ert|aint))\b",
    re.IGNORECASE,
)
ENDED = re.compile(
    r"\b\w{2,}(?:é|ée|és|ées)\b", re.IGNORECASE
)  # a participle used alone: "une demande envoyée"
LISTED = re.compile(
    r"\b(?:reçue?s?|faite|mise?s?|prise?s?|pue?|due?|eue?s?|vue?s?|lue?s?|finie?s?|choisie?s?|écrites?|écrits"
    r"|venue?s?|tenue?s?|ouverte?s?|rendue?s?|perdue?s?|répondue?s?|attendue?s?|connue?s?"
    r"|étant|ayant|\w+(?:eant|ssant)|en \w+ant"
    r"|soit|soyez|soient|sois|ayez|aient|puisse\w*|puissi\w+|fasse\w*|aille\w*|vienne\w*|sache\w*|veuille\w*|doive\w*"
    r"|étais|était|étions|étiez|étaient|avais|avait|avions|aviez|avaient|\w{2,}aient|\w{3,}(?:ions|iez)"
    r"|serai|seras|sera|serons|serez|seront|aurai|auras|aura|aurons|aurez|auront|\w{2,}(?:erai|eras|era|erons|erez|eront)"
    r"|\w{2,}rai[ts]|fut|furent|eut|eurent|fit|firent|\w{3,}èrent)\b",
    re.IGNORECASE,
)
NOUNS = "lions millions questions informations actions associations régions relations solutions options camions avions"
OTHER_NAMES = {  # 7.5: one word for one thing
    r"équipements?|matériels?|machines?|pc|postes?|terminal|terminaux|devices?": "ordinateur, appareil",
    r"smartphones?|mobiles?|portables? téléphoniques?": "téléphone",
    r"moniteurs?": "écran",
    r"structures?|organismes?|organisations?": "association",
    r"requêtes?|besoins? numériques?|dossiers?": "demande",
    r"e-mails?|courriels?|électroniques?": "mail",
    r"usagers?|bénéficiaires?|publics?": "personnes",
}
CAPITALS = re.compile(r"\b[A-ZÀÂÉÈÊÎÔÛÇ]{2,}\b")  # 1.6


def lines(page: str) -> list[tuple[str, str]]:
    """What a reader sees under `.falc`, line by line: the tag it stands in, and its words."""
    roots = parser.fromstring(page).xpath("//*[contains(concat(' ', @class, ' '), ' falc ')]")
    return [line for root in roots for line in _lines(root)]


def faults(page: str, *, own: tuple[str, ...] = ()) -> Iterator[str]:
    """Everything the scripted rules find in a page or an HTML mail. `own`: the reader's own words (a name, a place)."""
    told = lines(page)
    if not told:
        yield "nothing under .falc"
    for _tag, text in told:
        if not _own(text, own):
            yield from line_faults(text)
    spoken = sum(len(words(text)) for tag, text in told if tag in SPOKEN and not _own(text, own))
    if spoken > MOST_WORDS_A_PAGE:
        yield f"1.12: {spoken} words, at most {MOST_WORDS_A_PAGE}"
    yield from _shape(page)


def text_faults(text: str, *, own: tuple[str, ...] = ()) -> Iterator[str]:
    """The same for a plain text: each line is one."""
    told = [line.strip() for line in text.splitlines() if line.strip()]
    for line in told:
        if not _own(line, own):
            yield from line_faults(line)
    if (count := sum(len(words(line)) for line in told if not _own(line, own))) > MOST_WORDS_A_PAGE:
        yield f"1.12: {count} words, at most {MOST_WORDS_A_PAGE}"


def _own(text: str, own: tuple[str, ...]) -> bool:
    return any(word in text for word in own)


def line_faults(text: str) -> Iterator[str]:
    """What is wrong with one line."""
    said = ADDRESS.sub("mail", " ".join(text.replace("\u00a0", " ").split()))
    if (count := len(words(said))) > MOST_WORDS_A_SENTENCE:
        yield f"4.1: {count} words in {said!r}"
    if len(re.findall(r"[.?!](?:\s|$)", said)) > 1 or re.search(r"[.?!]\s+\w", said):
        yield f"1.7: more than one sentence in {said!r}"
    for sign in sorted(set(FORBIDDEN) & set(said)):
        yield f"4.2: {sign!r} in {said!r}"
    if re.search(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\b20\d\d-\d\d", said):
        yield f"5.3: a date in digits in {said!r}"
    plain = PHONE.sub("", DATE.sub("", said))
    for number in re.findall(r"\d[\d ]*\d|\d", plain):
        if int(number.replace(" ", "")) > BIGGEST_NUMBER:
            yield f"5.2: {number} in {said!r}"
    if IN_LETTERS.search(plain):
        yield f"5.1: a number in letters in {said!r}"
    yield from _tenses(said)
    for pattern, instead in OTHER_NAMES.items():
        if found := re.search(rf"\b(?:{pattern})\b", said, re.IGNORECASE):
            yield f"7.5: {found[0]!r} for {instead} in {said!r}"
    if found := CAPITALS.search(said):
        yield f"1.6: capitals {found[0]!r} in {said!r}"
    if "\u00ad" in text or "\u2010" in text:
        yield f"1.8: a hyphenation in {said!r}"


def words(text: str) -> list[str]:
    """The words of a line; a phone number or an address counts as one."""
    return re.findall(r"[\w’'-]+", ADDRESS.sub("mail", PHONE.sub("numéro", text.replace("\u00a0", " "))))


def looks(page: Page) -> list[str]:
    """What a browser shows otherwise than the rules say: size, font, contrast, columns, slant, lines, hyphens."""
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate("falc.looks()")
    return found


def _tenses(said: str) -> Iterator[str]:
    known = set(ADJECTIVES.split()) | set(NOUNS.split())
    found = [match[1] for match in PARTICIPLE.finditer(said)]
    found += [match[0] for match in ENDED.finditer(said)] + [match[0] for match in LISTED.finditer(said)]
    for word in sorted({word.lower() for word in found} - known - NOT_VERBS):
        yield f"7.1: {word!r} in {said!r}"


NOT_VERBS = frozenset(
    {"numéro", "été", "ici", "aussi", "merci", "café", "santé", "vous", "nous", "plus", "ensuite"}
)


def _shape(page: str) -> Iterator[str]:
    tree = parser.fromstring(page)
    for root in tree.xpath("//*[contains(concat(' ', @class, ' '), ' falc ')]"):
        for tag in ("em", "i", "u", "table", "marquee"):
            if root.xpath(f".//{tag}"):
                yield f"1.3: <{tag}>"
        for group in root.xpath(".//fieldset"):
            if (count := len(group.xpath(".//input[@type='checkbox' or @type='radio']"))) > MOST_CHOICES:
                yield f"1.12: {count} choices, at most {MOST_CHOICES}"
        questions = [
            line for _tag, line in _lines(root) if line.endswith("?") and _tag in ("legend", "p.question")
        ]
        if len(questions) > 1:
            yield f"1.12: {len(questions)} questions on a page"


def _lines(root: Any) -> Iterator[tuple[str, str]]:
    """Depth first: a block or a <br> begins a line."""
    current: list[str] = []
    tag = ""

    def flush() -> Iterator[tuple[str, str]]:
        text = " ".join("".join(current).replace("\u00a0", "\u00a0").split(" ")).strip()
        text = re.sub(r"[ \t\r\n]+", " ", text).strip()
        current.clear()
        if text:
            yield tag, text

    def walk(node: Any, inside: str) -> Iterator[tuple[str, str]]:
        nonlocal tag
        if not isinstance(node.tag, str) or node.tag in ("svg", "script", "style") or _unseen(node):
            return
        is_block = node.tag in BLOCKS
        if is_block or node.tag == "br":
            yield from flush()
        own = _named(node) if is_block else inside
        tag = own
        current.append(node.text or "")
        for child in node:
            yield from walk(child, own)
            tag = own
            current.append(child.tail or "")
        if is_block:
            yield from flush()
            tag = inside

    yield from walk(root, "div")
    yield from flush()


def _named(node: Any) -> str:
    return "p.question" if "question" in (node.get("class") or "").split() else str(node.tag)


def _unseen(node: Any) -> bool:
    classes = (node.get("class") or "").split()
    return "vh" in classes or node.get("aria-hidden") == "true" or node.get("type") == "hidden"
