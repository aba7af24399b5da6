"""The kit's macros, paging and bars: what a page relies on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask, render_template_string
from lxml import html
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired

from reuse_market.web import kit
from reuse_market.web.catalogues import choose_language
from reuse_market.web.charts import Part, proportion_bar, stacked_bar
from reuse_market.web.forms import CheckboxesField, Form, IntField
from reuse_market.web.paging import Pager, asked_page


class Lot(Form):
    name = StringField("Nom <du lot>", [InputRequired()], description="Lu en premier.")
    count = IntField("Nombre")
    regime = RadioField("Régime", [InputRequired()], choices=[("gift", "Don"), ("sale", "Vente")])
    access = CheckboxesField("Accès", choices=[("dock", "Quai")])


FORM = (
    '{% from "kit/field.html" import fields, error_summary %}'
    "<div>{{ error_summary(form) }}{{ fields(form) }}</div>"
)


@pytest.fixture
def refused(french: None) -> html.HtmlElement:
    """A form that came back with everything missing."""
    form = Lot(MultiDict({"count": "x"}))
    form.validate()
    return html.fromstring(render_template_string(FORM, form=form))


def test_hint_and_error_are_wired_to_their_control(refused: html.HtmlElement) -> None:
    control = refused.get_element_by_id("name")
    ids = control.get("aria-describedby").split()
    assert [refused.get_element_by_id(one).text_content() for one in ids] == [
        "Lu en premier.",
        "Erreur\u00a0: Remplissez ce champ.",
    ]
    assert control.get("aria-invalid") == "true"
    assert control.get("required") is None


def test_only_optional_fields_say_so(refused: html.HtmlElement) -> None:
    names = refused.xpath(".//label[@for='name' or @for='count'] | .//legend")
    named = [" ".join(name.text_content().split()) for name in names]
    assert named == ["Nom <du lot>", "Nombre (facultatif)", "Régime", "Accès (facultatif)"]


def test_each_line_of_the_summary_leads_to_a_control(refused: html.HtmlElement) -> None:
    targets = [link.get("href")[1:] for link in refused.xpath(".//div[@role='alert']//a")]
    assert targets == ["name", "count", "regime-0"]
    assert [refused.get_element_by_id(one).tag for one in targets] == ["input"] * 3


def test_no_summary_while_nothing_is_wrong(french: None) -> None:
    assert "role" not in render_template_string(FORM, form=Lot()).partition("<label")[0]


@pytest.mark.parametrize(
    ("total", "number", "shown"),
    [
        (0, 1, [1]),
        (25, 1, [1]),
        (26, 2, [1, 2]),
        (312, 3, [1, 2, 3, 4, None, 13]),
        (125, 3, [1, 2, 3, 4, 5]),
        (312, 13, [1, None, 12, 13]),
        (312, 7, [1, None, 6, 7, 8, None, 13]),
    ],
)
def test_a_pager_shows_both_ends_and_the_neighbours(total: int, number: int, shown: list[int | None]) -> None:
    assert Pager(total, number).shown() == shown


def test_rows_of_a_page() -> None:
    last = Pager(312, 13)
    assert (last.offset, last.limit, last.first_row, last.last_row) == (300, 25, 301, 312)
    assert (Pager(0).first_row, Pager(0).last_row) == (0, 0)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("page=2", 2),
        ("page=99", 13),
        ("page=0", 1),
        ("page=-1", 1),
        ("page=x", 1),
        ("page=²", 1),
        ("", 1),
        ("page=" + "9" * 5000, 1),
    ],
)
def test_the_address_asks_for_a_page_within_bounds(kit_app: Flask, query: str, number: int) -> None:
    with kit_app.test_request_context("/lots?" + query):
        assert Pager.asked(312).number == number
        assert asked_page() >= 1


def test_page_links_keep_the_filters(kit_app: Flask) -> None:
    with kit_app.test_request_context("/lots?kind=laptop&kind=dock&page=2&q=a%26b"):
        assert Pager.asked(312).url(3) == "/lots?kind=laptop&kind=dock&q=a%26b&page=3"
        assert Pager.asked(312).url(1) == "/lots?kind=laptop&kind=dock&q=a%26b"


def widths(drawing: str) -> list[int]:
    return [int(width) for width in re.findall(r'class="c\d"[^>]*? width="(\d+)" height="20"', drawing)]


def test_parts_of_a_bar_fill_it_exactly() -> None:
    drawing = stacked_bar([Part("a", 1), Part("b", 1), Part("c", 1), Part("none", 0)], "un tiers chacun")
    assert widths(drawing) == [333, 334, 333]
    assert "<b>0</b> none" in drawing


def test_a_bar_has_its_sentence_for_name_and_no_style() -> None:
    drawing = proportion_bar(14, 100, 'Il manque "6 %" <ici>', threshold=20)
    picture = html.fromstring(drawing)
    assert picture.get("aria-label") == 'Il manque "6 %" <ici>'
    assert widths(drawing) == [140]
    assert "style" not in drawing
    assert widths(proportion_bar(150, 100, "trop")) == [1000]
    assert widths(proportion_bar(0, 0, "rien")) == [0]


def test_no_template_carries_a_style_or_a_script(kit_app: Flask) -> None:
    for name in kit_app.jinja_env.list_templates(
        filter_func=lambda name: name.startswith(("kit/", "layout/", "errors/"))
    ):
        source = kit_app.jinja_env.loader.get_source(kit_app.jinja_env, name)[0]
        assert not re.search(r'\sstyle="|<style|<script|\son[a-z]+="', source), name


@pytest.fixture
def kit_page(kit_app: Flask) -> Callable[[str], html.HtmlElement]:
    """The page that shows every macro, read by a visitor."""
    visitor = {
        "actor": None, "nav": [{"label": "Carte", "url": "/carte", "current": True}], "demo": True,
        "other_lang_url": "?lang=en", "csrf_token": str, "support_phone": "", "support_email": "",
    }  # fmt: skip

    def read(query: str) -> html.HtmlElement:
        with kit_app.test_request_context("/kit?" + query):
            kit_app.jinja_env.globals.update(visitor, lang=choose_language())
            return html.document_fromstring(kit.show())

    return read


@pytest.mark.parametrize("query", ["", "wrong=1", "lang=en"])
def test_every_macro_keeps_the_rules_of_the_page(
    kit_page: Callable[[str], html.HtmlElement], query: str
) -> None:
    page = kit_page(query)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert len(page.xpath("//h1")) == 1
    assert page.get("lang") == ("en" if "en" in query else "fr")
    assert [one for one in page.xpath("//label/@for") if one not in ids] == []
    assert [one for many in page.xpath("//@aria-describedby") for one in many.split() if one not in ids] == []
    assert page.xpath("//@style | //script") == []
    assert page.xpath("//table[not(caption)] | //th[not(@scope)]") == []
    controls = page.xpath("//input[@type != 'hidden'] | //select | //textarea")
    assert [one.get("id") for one in controls if not page.xpath(f"//label[@for='{one.get('id')}']")] == []
    assert page.xpath("//form[@method='post'][not(.//button)]") == []


def test_a_visitor_reading_english_stays_in_english(kit_page: Callable[[str], html.HtmlElement]) -> None:
    links = kit_page("lang=en").xpath("//footer//nav//a/@href | //a[@class='brand']/@href")
    assert len(links) == 8
    assert [link for link in links if not link.endswith("?lang=en")] == []


def test_a_visitor_page_does_not_open_a_session(kit_page: Callable[[str], html.HtmlElement]) -> None:
    page = kit_page("")  # the application has no secret key: touching the session would raise
    assert page.xpath("//a[@href='/connexion']")
    assert "non renseigné" in page.xpath("//footer")[0].text_content()


def test_a_list_is_drawn_as_the_library_draws_it(french: None) -> None:
    """Plain, numbers, chosen, with an attribute, in groups, off, and with pairs set after the form was made."""

    class Lists(Form):
        plain = SelectField("Un", choices=[("", "Tous"), ("a&b", "A < B"), ("c", "C")], default="a&b")
        number = SelectField("Deux", choices=[(1, "Un"), (2, "Deux")], coerce=int, default=2)
        marked = SelectField("Trois", choices=[("x", "X", {"class": "far"}), ("y", "Y")])
        grouped = SelectField(
            "Quatre", choices=[SelectChoice("x", "X", optgroup="Ici"), SelectChoice("y", optgroup="Là")]
        )
        off = SelectField("Cinq", choices=[("x", "X")], render_kw={"disabled": True})
        late = SelectField("Six", choices=[])

    form = Lists(MultiDict())
    form.late.choices = [("p", "Pair"), ("q", "Autre")]
    for field in form:
        told = {**(field.render_kw or {}), "aria_invalid": "true", "required": False}
        assert str(field(aria_invalid="true")) == str(field.widget(field, **told)), field.name
