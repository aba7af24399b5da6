"""Makers' models: one row per model, whoever writes it and whenever."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from reuse_market.equipment import queries, services
from reuse_market.equipment.models import Model
from reuse_market.equipment.names import clean, model_key
from reuse_market.kernel import db
from reuse_market.kernel.errors import Invalid

pytestmark = pytest.mark.unseeded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("HP", "EliteBook 840 G5"), ("hp", "elitebook 840-g5")),
        (("HP", "HP EliteBook 840 G5"), ("HP", "EliteBook 840 G5")),
        (("Société Exemple", "Modèle 1"), ("SOCIETE EXEMPLE", "modele  1")),
        (("", "Modèle 1"), ("-", "modele 1")),
    ],
)
def test_two_spellings_are_one_model(
    database: db.Database, one: tuple[str, str], other: tuple[str, str]
) -> None:
    services.seed_reference()
    first = services.get_or_create_model("laptop", *one)
    first_id, spelling = first.id, first.name
    second = services.get_or_create_model("laptop", *other)
    assert (second.id, second.name) == (first_id, spelling)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("smartphone", "Exemple", "Phone 8"), ("smartphone", "Exemple", "Phone 8+")),
        (("laptop", "Exemple", "T14"), ("tablet", "Exemple", "T14")),
        (("laptop", "Exemple", "T14"), ("laptop", "Autre", "T14")),
        (("laptop", "HP", "HPX 2"), ("laptop", "HP", "X 2")),
    ],
)
def test_two_models_stay_two(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert model_key(*one) != model_key(*other)


def test_a_maker_alone_as_a_name_is_still_a_name() -> None:
    assert model_key("laptop", "HP", "HP") == "laptop|hp|hp"


def test_what_is_stored_is_one_clean_line() -> None:
    assert clean("  Elite\tBook\n\x00 840 ") == "Elite Book 840"


@pytest.mark.parametrize(
    ("kind", "maker", "name", "field"),
    [
        ("toaster", "Exemple", "1", "kind"),
        ("laptop", "Exemple", " \x00 ", "model"),
        ("laptop", "Exemple", "--", "model"),
        ("laptop", "x" * 81, "1", "maker"),
        ("laptop", "Exemple", "x" * 121, "model"),
        ("laptop", "Exemple", "\ufdfa" * 100, "model"),  # one character that folds to eighteen
        ("laptop", "\ufdfa" * 50, "1", "maker"),
    ],
)
def test_a_name_that_cannot_be_kept_is_refused(
    database: db.Database, kind: str, maker: str, name: str, field: str
) -> None:
    services.seed_reference()
    with pytest.raises(Invalid) as refusal:
        services.get_or_create_model(kind, maker, name)
    assert refusal.value.field == field
    assert db.session().scalar(sa.select(sa.func.count()).select_from(Model)) == 0


def together(acts: list[Callable[[], int]]) -> list[int]:
    """Run the acts at the same time, each in a scope of its own; give back their results."""
    start, results = threading.Barrier(len(acts)), []

    def run(act: Callable[[], int]) -> None:
        with db.scope():
            start.wait(10)
            results.append(act())

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_rivals_get_the_same_row(database: db.Database) -> None:
    services.seed_reference()
    for number in range(5):
        name = f"Modèle {number}"
        ids = together([lambda name=name: services.get_or_create_model("laptop", "Exemple", name).id] * 8)
        assert len(ids) == 8
        assert len(set(ids)) == 1


def test_rivals_seeding_at_once_make_one_set(database: db.Database) -> None:
    counts = together([services.seed_reference] * 4)
    assert sorted(counts)[:3] == [0, 0, 0]
    assert max(counts) > 50


def test_models_are_found_by_words_in_any_order(database: db.Database) -> None:
    services.seed_reference()
    wanted = services.get_or_create_model("laptop", "Exemple", "Portable 840 G5").id
    other = services.get_or_create_model("tablet", "Exemple", "Tablette 840").id
    assert [row.id for row in queries.find_models("840 exemple")] == [wanted, other]
    assert [row.id for row in queries.find_models("840", kind="tablet")] == [other]
    assert queries.find_models("") == queries.find_models("%") == []
    assert set(queries.models([wanted, other, 10**6])) == {wanted, other}
    model = queries.model(wanted)
    assert model is not None
    assert model.name == "Portable 840 G5"
