"""The fields a person types into: what is understood, what is refused, and in which words."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import FileField, MultipleFileField, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from reuse_market.web.forms import (
    CheckboxesField,
    CodeField,
    DateField,
    EuroField,
    Form,
    IntField,
    SiretField,
    euro_cents,
    siret_fault,
)


def luhn_siret(first_thirteen: str) -> str:
    """A SIRET with a right key, found by trying the ten last digits."""
    right = [
        first_thirteen + str(last) for last in range(10) if siret_fault(first_thirteen + str(last)) is None
    ]
    assert len(right) == 1
    return right[0]


class Everything(Form):
    name = StringField("Name", [InputRequired(), Length(max=5)])
    secret = PasswordField("Secret")
    siret = SiretField("SIRET")
    count = IntField("Count", minimum=1, maximum=500)
    price = EuroField("Price")
    code = CodeField("Code")
    day = DateField("Day", earliest=date(2026, 3, 1), latest=date(2026, 3, 31))
    regime = RadioField("Regime", [InputRequired()], choices=[("gift", "Gift"), ("sale", "Sale")])
    access = CheckboxesField("Access", choices=[("dock", "Dock"), ("lift", "Lift")])


RIGHT = {"name": "Lot", "regime": "gift"}


def posted(**values: str) -> Everything:
    form = Everything(MultiDict({**RIGHT, **values}))
    form.validate()
    return form


# 732 829 320 00074 is the worked example INSEE gives for the key; 356000000 is La Poste's public SIREN.
@pytest.mark.parametrize("siret", ["73282932000074", "35600000000048", luhn_siret("9000000010001")])
def test_a_siret_with_a_right_key_is_accepted(siret: str) -> None:
    assert siret_fault(siret) is None


def test_la_poste_sites_have_a_digit_sum_that_five_divides() -> None:
    assert sum(map(int, "35600000000411")) % 5 == 0
    assert siret_fault("35600000000411") is None  # its Luhn key is wrong: only the exception lets it in
    assert siret_fault("90000000000411") is not None
    assert siret_fault("35600000000401") is not None


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("732829320", "SIREN"),
        ("7328293200007", "14 chiffres"),
        ("73282932000075", "chiffre de ce SIRET est faux"),
        ("37282932000074", "chiffre de ce SIRET est faux"),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "14 chiffres"),
    ],
)
def test_a_wrong_siret_is_refused_in_words_that_help(typed: str, words: str) -> None:
    assert words in posted(siret=typed).siret.errors[0]


@pytest.mark.usefixtures("french")
def test_a_siret_may_be_typed_in_groups() -> None:
    form = posted(siret=" 732 829 320\u00a000074 ")
    assert (form.siret.data, form.siret.errors) == ("73282932000074", [])


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("180,50", 18050),
        ("180.50", 18050),
        ("180", 18000),
        ("0", 0),
        ("0,5", 50),
        ("12,30 €", 1230),
        ("1 234,50", 123450),
        ("1\u202f234,50\u00a0€", 123450),
        ("1.234,50", 123450),
        ("1,234.50", 123450),
        ("1.234.567,89", 123456789),
        ("1,234", None),
        ("1.234", None),
        ("12,345", None),
        ("1,23,4", None),
        ("1.234.50", None),
        ("-5", None),
        ("douze", None),
        ("1e3", None),
        ("", None),
        ("٥", None),
        ("1.2.3", None),
    ],
)
def test_euros_are_read_as_people_type_them(typed: str, cents: int | None) -> None:
    assert euro_cents(typed) == cents


def test_a_price_shows_again_as_it_was_typed_or_as_the_language_writes_it(reading) -> None:
    with reading("fr"):
        assert posted(price="12,3456").price._value() == "12,3456"
        assert "180,50" in posted(price="12,3456").price.errors[0]
        assert Everything(price=18005).price._value() == "180,05"
    with reading("en"):
        assert Everything(price=18005).price._value() == "180.05"
        assert "180.50" in posted(price="x").price.errors[0]


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize("typed", ["0", "501", "douze", "1.5", "9" * 5000])
def test_a_number_out_of_bounds_names_both_bounds(typed: str) -> None:
    assert posted(count=typed).count.errors == ["Indiquez un nombre entre 1 et 500."]


@pytest.mark.usefixtures("french")
def test_empty_boxes_are_none_and_zero_is_a_number() -> None:
    form = posted(count=" ", price="", day="", siret="", code="")
    assert (form.count.data, form.price.data, form.day.data) == (None, None, None)
    assert form.errors == {}
    assert posted(price="0").price.data == 0


@pytest.mark.usefixtures("french")
def test_codes_are_read_through_spaces_dashes_and_small_letters() -> None:
    assert posted(code=" 7k4-m2 px ").code.data == "7K4M2PX"


@pytest.mark.usefixtures("french")
def test_dates_from_the_box_or_typed_and_within_bounds() -> None:
    assert posted(day="2026-03-04").day.data == date(2026, 3, 4)
    assert posted(day="04/03/2026").day.data == date(2026, 3, 4)
    assert posted(day="2026-02-28").day.errors == ["Indiquez une date à partir du 1er mars 2026."]
    assert posted(day="2026-04-01").day.errors == ["Indiquez une date jusqu’au 31 mars 2026."]
    assert "par exemple" in posted(day="31/02/2026").day.errors[0]


@pytest.mark.usefixtures("french")
def test_text_comes_stripped_but_passwords_keep_their_spaces() -> None:
    form = posted(name="\u00a0 Lot ", secret=" s ")
    assert (form.name.data, form.secret.data) == ("Lot", " s ")


def test_messages_speak_the_language_of_the_page(reading) -> None:
    with reading("fr"):
        form = posted(name="", regime="")
        assert form.name.errors == ["Remplissez ce champ."]
        assert form.regime.errors[0] == "Choisissez une réponse."
        assert posted(name="trop long").name.errors == ["Écrivez au plus 5 caractères."]
    with reading("en"):
        assert posted(name="").name.errors == ["Fill in this field."]
        assert posted(name="too long").name.errors == ["Use at most 5 characters."]


@pytest.mark.usefixtures("french")
def test_a_refusal_from_below_reaches_its_field_or_the_form() -> None:
    form = posted()
    form.refuse("count", "Il reste 12 appareils.")
    form.refuse("nowhere", "Le lot est clos.")
    assert form.count.errors == ["Il reste 12 appareils."]
    assert form.form_errors == ["Le lot est clos."]


class WithFiles(Form):
    one = FileField("One")
    several = MultipleFileField("Several")


def test_text_in_the_place_of_a_file_is_no_file() -> None:
    sent = FileStorage(filename="a.csv")
    form = WithFiles(MultiDict([("one", "a.csv"), ("several", "b.csv"), ("several", sent)]))
    assert (form.one.data, form.several.data) == (None, [sent])
    assert WithFiles(MultiDict([("one", sent)])).one.data is sent
