"""The reference rows: complete, sourced, never overwritten, never a guess."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from reuse_market.equipment import queries, services
from reuse_market.equipment.models import Grade, ImpactFactor, Kind, KindMass, KindWeee
from reuse_market.kernel import dated, db

pytestmark = pytest.mark.unseeded

CODES = [
    *("laptop", "desktop", "all_in_one", "thin_client", "workstation", "server", "monitor", "tablet"),
    *("smartphone", "desk_phone", "printer", "multifunction", "projector", "network_device", "dock"),
    *("storage_device", "carton", "other"),
]
BANNED = ("comme neuf", "à neuf", "état neuf")  # code de la consommation, R122-4


@db.command
def put(row: db.Base) -> None:
    db.session().add(row)


@db.command
def correct_the_laptop(grams: int) -> None:
    db.session().execute(sa.update(KindMass).where(KindMass.kind == "laptop").values(mass_g=grams))


def test_all_kinds_of_the_design_have_both_languages(database: db.Database) -> None:
    services.seed_reference()
    assert [kind.code for kind in queries.kinds()] == CODES
    for kind in queries.kinds():
        assert all((kind.label_fr, kind.plural_fr, kind.label_en, kind.plural_en))


@pytest.mark.parametrize(
    ("lang", "count", "label"),
    [
        ("fr", 0, "ordinateur portable"),
        ("fr", 1, "ordinateur portable"),
        ("fr", 2, "ordinateurs portables"),
        ("en", 0, "laptops"),
        ("en", 1, "laptop"),
        ("en", 2, "laptops"),
        ("de", 2, "ordinateurs portables"),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_label_agrees_with_its_number(
    database: db.Database, lang: str, count: int, label: str, backend: str
) -> None:
    services.seed_reference()
    assert queries.kind_label("laptop", lang, count) == label


def test_an_unknown_kind_is_a_fault(database: db.Database) -> None:
    with pytest.raises(LookupError):
        queries.kind_label("toaster", "fr")


def test_seeding_again_inserts_nothing(database: db.Database) -> None:
    assert services.seed_reference() > 50
    assert services.seed_reference() == 0


def test_what_an_administrator_wrote_stays(database: db.Database) -> None:
    services.seed_reference()
    correct_the_laptop(1999)
    put(KindMass(kind="desktop", mass_g=4000, valid_from=date(2026, 1, 1), source="pesée", confidence="P"))
    assert services.seed_reference() == 0
    assert queries.mass_g("laptop") == 1999
    assert queries.mass_g("desktop", date(2026, 1, 1)) == 4000
    assert queries.mass_g("desktop", date(2025, 12, 31)) == 5260


def test_seeding_fills_in_a_row_that_went_missing(database: db.Database) -> None:
    services.seed_reference()

    @db.command
    def lose() -> None:
        db.session().execute(sa.delete(KindMass).where(KindMass.kind == "laptop"))

    lose()
    assert queries.mass_g("laptop") is None
    assert services.seed_reference() == 1
    assert queries.mass_g("laptop") == 1650


def test_every_figure_has_a_source_and_a_confidence(database: db.Database) -> None:
    services.seed_reference()
    tables: tuple[type[dated.Dated], ...] = (KindMass, KindWeee, ImpactFactor, Grade, dated.Delay)
    for table in tables:
        rows = db.session().scalars(sa.select(table)).all()
        assert rows, table
        for row in rows:
            assert len(row.source) > 10
            assert row.confidence in "PSDR"


def test_figures_come_from_the_studies(database: db.Database) -> None:
    services.seed_reference()
    assert (queries.mass_g("laptop"), queries.mass_g("server")) == (1650, 22_200)
    assert [queries.weee_category(kind) for kind in ("laptop", "smartphone", "server")] == ["2", "6", "4"]
    laptop = queries.impact_factor("laptop")
    assert laptop is not None
    assert (laptop.factor, laptop.low, laptop.high, laptop.confidence) == (182_600, None, None, "S")
    avoided = queries.impact_factor("smartphone", "avoided_per_year")
    assert avoided is not None
    assert (avoided.low, avoided.factor, avoided.high) == (21_800, 24_600, 29_600)


def test_what_is_not_known_is_none_and_never_zero(database: db.Database) -> None:
    services.seed_reference()
    assert queries.mass_g("other") is None
    assert queries.weee_category("projector") is None  # 5° or 6°: not settled
    assert queries.weee_category("multifunction") is None  # its size decides
    assert queries.impact_factor("printer") is None
    assert queries.impact_factor("server", "avoided_per_year") is None
    assert queries.mass_g("laptop", date(2019, 12, 31)) is None


def test_lists_in_force_agree_with_single_reads(database: db.Database) -> None:
    services.seed_reference()
    put(
        KindMass(
            kind="laptop", mass_g=1500, valid_from=date(2024, 1, 1), source="pesée de lots", confidence="P"
        )
    )
    for on in (date(2023, 6, 1), date(2025, 6, 1)):
        masses, categories = queries.masses(on), queries.weee_categories(on)
        embedded = queries.impact_factors(on=on)
        for kind in CODES:
            assert getattr(masses.get(kind), "mass_g", None) == queries.mass_g(kind, on)
            assert getattr(categories.get(kind), "weee_category", None) == queries.weee_category(kind, on)
            assert embedded.get(kind) is queries.impact_factor(kind, on=on)
    assert queries.masses(date(2025, 6, 1))["laptop"].mass_g == 1500


@pytest.mark.parametrize(
    "row",
    [
        KindMass(kind="other", mass_g=0, source="x", confidence="R"),
        ImpactFactor(kind="other", measure="embedded", factor=0, source="x", confidence="R"),
        ImpactFactor(kind="other", measure="embedded", factor=10, low=11, source="x", confidence="R"),
        ImpactFactor(kind="other", measure="embedded", factor=10, high=9, source="x", confidence="R"),
    ],
    ids=["mass", "factor", "low", "high"],
)
def test_the_database_refuses_a_zero_or_a_senseless_range(database: db.Database, row: db.Base) -> None:
    services.seed_reference()
    table = sa.inspect(type(row))
    values = {column.key: getattr(row, column.key) for column in table.column_attrs}
    fresh = type(row)(**{key: value for key, value in values.items() if value is not None})
    with pytest.raises(IntegrityError):
        put(fresh)


def test_the_grades_say_in_words_what_they_mean(database: db.Database) -> None:
    services.seed_reference()
    assert [step.code for step in queries.grade_scale("fr")] == ["A", "B", "C", "D"]
    assert [step.code for step in queries.functional_states("fr")] == [
        "works",
        "partly",
        "broken",
        "untested",
    ]
    assert queries.grade_scale("en")[0].text == "A few micro-scratches."
    for lang in ("fr", "en"):
        for step in (*queries.grade_scale(lang), *queries.functional_states(lang)):
            words = f"{step.label} {step.text}".lower()
            assert step.text
            assert not any(banned in words for banned in BANNED)
    assert queries.grade_scale("fr", on=date(2019, 1, 1)) == []


def test_a_newer_wording_replaces_the_older_one(database: db.Database) -> None:
    services.seed_reference()
    put(
        Grade(
            scale="cosmetic",
            code="A",
            label_fr="Bel aspect",
            label_en="Fine looks",
            text_fr="Une rayure.",
            text_en="One scratch.",
            order=9,  # before the older one by rank, after it by day
            valid_from=date(2025, 1, 1),
            source="charte",
            confidence="P",
        )  # fmt: skip
    )
    put(
        Grade(
            scale="cosmetic", code="A", label_fr="Entre les deux", label_en="Between", text_fr="Deux rayures.",
            text_en="Two.", order=10, valid_from=date(2024, 6, 1), source="charte", confidence="P",
        )
    )  # fmt: skip
    assert queries.grade_scale("fr", on=date(2025, 1, 1))[0].text == "Une rayure."
    assert len(queries.grade_scale("fr", on=date(2025, 1, 1))) == 4
    assert queries.grade_scale("fr", on=date(2024, 1, 1))[0].text == "Quelques micro-rayures."
    texts = {  # literal: which of three wordings of grade A is in force, whatever the order they were written in
        date(2019, 1, 1): [], date(2024, 5, 31): ["Quelques micro-rayures."], date(2024, 6, 1): ["Deux rayures."],
        date(2024, 12, 31): ["Deux rayures."], date(2025, 1, 1): ["Une rayure."],
    }  # fmt: skip
    for day, told in texts.items():
        assert [one.text for one in queries.shop_steps(queries.shop_words(day), "fr")][:1] == told, day
    for day in texts:
        for lang in ("fr", "en"):
            said = queries.shop_words(day)
            assert queries.shop_steps(said, lang) == queries.grade_scale(lang, on=day)
            named = [(one.code, one.label_fr, one.plural_fr) for one in queries.kind_names()]
            if lang == "en":
                named = [(one.code, one.label_en, one.plural_en) for one in queries.kind_names()]
            assert queries.shop_kinds(said, lang) == named


def test_the_delays_of_the_demo_are_there(database: db.Database) -> None:
    services.seed_reference()
    codes = {
        "reservation.hold": 10,
        "claim.answer": 5,
        "pickup.answer": 5,
        "lot.open": 30,
        "signature.code": 2,
    }
    assert {code: dated.delay_days(code) for code in codes} == codes


def test_every_kind_may_be_named_by_a_row(database: db.Database) -> None:
    with pytest.raises(IntegrityError):
        put(KindMass(kind="toaster", mass_g=1, source="x", confidence="R"))
    assert db.session().get(Kind, "toaster") is None
