"""What mails say: both languages, text and HTML alike, nothing injected."""

from __future__ import annotations

import re
from html import unescape

import html5lib
import pytest
from jinja2 import UndefinedError

from reuse_market import notices
from reuse_market.notices import rendering
from reuse_market.notices import settings as settings_module
from reuse_market.notices.rendering import render
from tests.notices.conftest import FACTS, configure

MAILS = sorted(path.parent.name for path in (rendering.ROOT / "templates" / "mail").glob("*/subject.txt"))


@pytest.fixture(autouse=True)
def _settings() -> None:
    configure("page:")


def words(html: str) -> str:
    """What an HTML mail says, as one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.split("<body>")[1])).split())


def test_french() -> None:
    mail = render("claim_received", "fr", FACTS)
    assert mail.subject == "Atelier Exemple demande 12 appareils du lot LOT-2026-0042"
    assert "de votre lot LOT-2026-0042 (120 portables – été)." in mail.text
    assert "Répondre à la demande\u00a0:\nhttps://parc-commun.example/demandes/DEM-2026-0001\n" in mail.text
    assert '<html lang="fr">' in mail.html
    assert "devices of" not in mail.html + mail.text


def test_english() -> None:
    mail = render("claim_received", "en", FACTS | {"units": 1})
    assert mail.subject == "Atelier Exemple asks for 1 device of the lot LOT-2026-0042"
    assert '<html lang="en">' in mail.html
    assert "demande " not in mail.html + mail.text


@pytest.mark.parametrize("name", MAILS)
def test_every_mail_has_its_three_parts_and_no_inline_style(name: str) -> None:
    folder = rendering.ROOT / "templates" / "mail" / name
    assert {"subject.txt", "body.txt", "body.html"} <= {path.name for path in folder.iterdir()}
    assert "style=" not in (folder / "body.html").read_text()
    assert "<img" not in (folder / "body.html").read_text()


@pytest.mark.parametrize("language", rendering.LANGUAGES)
def test_the_html_is_well_formed_and_says_what_the_text_says(language: str) -> None:
    mail = render("claim_received", language, FACTS)
    html5lib.HTMLParser(strict=True).parse(mail.html)
    assert mail.html.count("<h1>") == 1
    said = words(mail.html)
    for line in mail.text.splitlines():
        if line not in ("", "-- ") and not line.endswith(":"):
            assert " ".join(line.removeprefix("Parc commun – ").split()) in said, line
    links = re.findall(r'href="([^"]*)"', mail.html)
    assert links
    assert all(link.startswith("https://parc-commun.example/") for link in links)


def test_facts_are_escaped_and_add_no_header() -> None:
    mail = render(
        "claim_received",
        "fr",
        FACTS | {"actor_name": "<script>x</script>\r\nBcc: a@b.fr", "lot_title": "100 % & {{ 7*7 }}"},
    )
    assert "<script>" not in mail.html
    assert "100 % &amp; {{ 7*7 }}" in mail.html
    assert "100 % & {{ 7*7 }}" in mail.text
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject


def test_a_missing_fact_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="lot_title"):
        render("claim_received", "fr", {k: v for k, v in FACTS.items() if k != "lot_title"})
    with pytest.raises(ValueError, match="xx"):
        render("claim_received", "xx", FACTS)


def test_formats_have_the_names_of_the_pages() -> None:
    source = (
        "{{ 1234 | number }}|{{ 123450 | euros }}|{{ 12400 | kilos }}|{{ 850 | kilos }}|"
        "{{ '2026-03-01' | date_long }}"
        "|{{ '2026-03-12T08:05:00+00:00' | instant }}|{{ '7K4M2PX' | code }}|{{ '/a' | absolute }}"
    )
    said = {
        lang: rendering._environment(lang).from_string(source).render().replace("\u00a0", " ")
        for lang in ("fr", "en")
    }
    assert said["fr"] == (
        "1 234|1 234,50 €|12,4 kg|850 g|1er mars 2026|12 mars 2026 à 9 h 05|7K4 M2PX|https://parc-commun.example/a"
    )
    assert said["en"] == (
        "1,234|€1,234.50|12.4 kg|850 g|1 March 2026|12 March 2026 at 09:05|7K4 M2PX|https://parc-commun.example/a"
    )


def test_settings_are_read() -> None:
    given = {"base_url": "https://x.example", "sender": "A <a@x.example>"}
    read = notices.configure(mail_url="smtp://user%40x:p%2Fw@mail.example?starttls=1", **given)
    assert (read.way, read.host, read.port, read.user, read.password, read.starttls) == (
        "smtp",
        "mail.example",
        587,
        "user@x",
        "p/w",
        True,
    )
    assert notices.configure(mail_url="smtps://mail.example", **given).port == 465
    assert notices.configure(mail_url="page:", **given).way == "page"
    assert settings_module.settings().domain == "x.example"


@pytest.mark.parametrize(
    "changes",
    [
        {"mail_url": "imap://user:secret@host"},
        {"mail_url": "smtp:///"},
        {"mail_url": ""},
        {"sender": "nobody"},
        {"sender": "A <a@x.example>\nBcc: b@y.example"},
        {"base_url": "parc-commun.example"},
    ],
)
def test_wrong_settings_are_refused_without_their_password(changes: dict[str, str]) -> None:
    given = {"base_url": "https://x.example", "sender": "A <a@x.example>", "mail_url": "page:"} | changes
    with pytest.raises(ValueError, match=r"REUSE_MARKET_MAIL_URL|sender|base address") as refused:
        notices.configure(**given)
    assert "secret" not in str(refused.value)
