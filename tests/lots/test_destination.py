"""The destination page: each outlet of a selection, allowed or refused, with its article; advice on age."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from reuse_market.accounts import tokens
from reuse_market.fleets import services as fleets
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.lots import destinations, exports, queries, services
from reuse_market.lots.destinations import Destinations
from tests.api.conftest import Caller
from tests.lots.conftest import draft, fleet
from tests.lots.visiting import Visitor
from tests.support.world import Party, World

# (outlet, party) → devices allowed of 5, article, documents; 3 laptops at 100 euros and 2 monitors at 20
PUBLIC = {
    ("transfer", "state_service"): (0, "", ()),
    ("transfer", "local_authority"): (5, "CG3P, art. L3212-2 11°", ("transfer_agreement", "public_decision")),
    ("transfer", "public_body"): (5, "CG3P, art. L3212-2 11°", ("transfer_agreement", "public_decision")),
    ("transfer", "school_eple"): (5, "CG3P, art. L3212-2 11°", ("transfer_agreement", "public_decision")),
    ("gift", "company"): (0, "", ()),
    ("gift", "association_rup"): (
        5, "CG3P, art. L3212-2 3°", ("transfer_agreement", "statutory_use_undertaking"),
    ),
    ("gift", "association_rig"): (
        5, "CG3P, art. L3212-2 3°", ("transfer_agreement", "statutory_use_undertaking"),
    ),
    ("gift", "association_precarity"): (0, "", ()),
    ("gift", "association_pupils"): (
        5, "CG3P, art. L3212-2 3°", ("transfer_agreement", "statutory_use_undertaking"),
    ),
    ("gift", "reuse_body_esus"): (
        5, "CG3P, art. L3212-2 3°", ("transfer_agreement", "statutory_use_undertaking"),
    ),
    ("gift", "assistance_238bis"): (5, "CG3P, art. L3212-2 2°", ("transfer_agreement",)),
    ("gift", "association_other"): (0, "", ()),
    ("gift", "teaching_body"): (
        5, "CG3P, art. L3212-2 4°", ("transfer_agreement", "cooperation_agreement"),
    ),
    ("staff", "staff"): (5, "CG3P, art. L3212-2 5°", ("transfer_agreement", "no_resale_undertaking")),
    ("sale", "anyone"): (5, "CGCT, art. L2122-22 10°", ("public_decision",)),
    ("take_back", "producer_scheme"): (5, "décret 2023-266, art. 2", ("removal_slip",)),
}  # fmt: skip


def judged(found: Destinations) -> dict[tuple[str, str], tuple[int, str, tuple[str, ...]]]:
    return {
        (one.code, one.party): (
            one.allowed,
            one.permission.article if one.permission else "",
            one.permission.documents if one.permission else (),
        )
        for one in found.outlets
    }


def worth(reference: str, holder: Party, laptop: int, monitor: int) -> Destinations:
    lot = queries.get(reference)
    assert lot is not None
    for number, cents in ((1, laptop), (2, monitor)):
        services.value_lines(
            lot.id, [number], value_cents=cents, value_how="market_price", actor=holder.actor
        )
    return destinations.destinations(destinations.of_draft(lot))


def test_every_outlet_of_a_public_body(world: World) -> None:
    holder = world.public_holder()
    found = worth(draft(holder).reference, holder, 10_000, 2_000)
    assert judged(found) == PUBLIC
    assert (found.giver, found.public, found.selection.units) == ("local_authority", True, 5)
    state = next(one for one in found.outlets if one.party == "state_service")
    assert [(why.code, units) for why, units in state.refused] == [("not_in_public_transfer", 5)]


def test_a_dear_line_is_sold_and_the_others_are_given(world: World) -> None:
    holder = world.public_holder()
    found = worth(draft(holder).reference, holder, 30_001, 2_000)
    allowed = {key: count for key, (count, _article, _papers) in judged(found).items() if count}
    assert allowed == {
        key: 5 if key[0] in ("sale", "take_back") else 2 for key, told in PUBLIC.items() if told[0]
    }
    pupils = next(one for one in found.outlets if one.party == "association_pupils")
    assert [(why.code, units, why.instead) for why, units in pupils.refused] == [
        ("value_above_cap", 3, ("sell_with_publicity", "lend"))
    ]


def test_without_a_value_the_page_asks_for_it(world: World) -> None:
    holder = world.public_holder()
    found = destinations.destinations(destinations.of_draft(draft(holder)))
    asked = {(one.code, one.party) for one in found.outlets if one.needs_value}
    assert asked == {
        key for key, told in PUBLIC.items() if told[0] and key[0] in ("transfer", "gift", "staff")
    }
    assert {key[0]: count for key, (count, _a, _p) in judged(found).items() if count} == {
        "sale": 5, "take_back": 5,
    }  # fmt: skip


def test_a_company_gives_and_sells_and_the_law_of_public_bodies_is_not_its_own(world: World) -> None:
    found = destinations.destinations(destinations.of_draft(draft(world.holder())))
    told = judged(found)
    assert {key: one[1] for key, one in told.items() if key[0] == "gift"} == {
        ("gift", kind): "code civil, art. 894" for kind in destinations.TAKERS
    }
    assert {one[0] for key, one in told.items() if key[0] == "transfer"} == {0}
    whys = {why.code for one in found.outlets if one.code == "transfer" for why, _units in one.refused}
    assert whys == {"for_public_bodies_only"}
    assert told["staff", "staff"][0] == 0
    assert told["sale", "anyone"][:2] == (5, "code civil, art. 537")
    assert told["take_back", "producer_scheme"][0] == 5
    assert [(code, [parties for parties, _outlet in rows]) for code, rows in found.sections()] == [
        ("transfer", [[]]),
        ("gift", [list(destinations.TAKERS)]),
        ("staff", [[]]),
        ("sale", [["anyone"]]),
        ("take_back", [["producer_scheme"]]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, "young"), (1825, "young"), (1826, "middle"), (3652, "middle"), (3653, "old"), (None, "unknown")],
)
def test_age_is_advice(world: World, days: int | None, band: str) -> None:
    holder = world.holder()
    bought = None if days is None else clock.today() - timedelta(days=days)
    selection = destinations.of_fleet(holder.organisation_id, fleet(holder, 2, bought_on=bought))
    assert selection.ages == dict.fromkeys(destinations.AGES, 0) | {band: 2}
    old = destinations.destinations(selection)
    assert next(one for one in old.outlets if one.code == "sale").allowed == 2


def test_chosen_devices_or_all_the_discarded_ones(world: World) -> None:
    holder, other = world.holder(), world.holder("Autre Exemple")
    ids = fleet(holder, 4)
    fleets.discard_units(ids[:1], actor=holder.actor)
    mine = holder.organisation_id
    assert destinations.of_fleet(mine, ids[1:]).unit_ids == tuple(ids[1:])
    assert destinations.of_fleet(mine, None).unit_ids == tuple(ids[:1])
    with pytest.raises(NotFound):
        destinations.of_fleet(other.organisation_id, ids[:1])
    with pytest.raises(Invalid):
        destinations.of_fleet(mine, [])
    assert destinations.of_fleet(other.organisation_id, None).units == 0


def test_from_the_fleet_to_the_page_to_a_draft(world: World, app: Flask) -> None:
    holder = world.public_holder()
    fleet(holder, 3, serial_key=None)
    me = Visitor(app.test_client(), holder).open("/parc")
    me.press("Voir où ils peuvent aller", everything="1")
    assert "3 appareils : ce que la loi permet" in me.text.replace("\u00a0", " ")
    assert "Valeur à estimer" in me.text
    assert "Reprise par un éco-organisme" in me.text
    assert "Année d’achat non renseignée" in me.text
    page = me.url
    me.follow("Imprimer cette page")
    assert "Ce que dit le droit en vigueur le" in me.text
    me.open(page).press("Faire un brouillon sous ce régime Cession gratuite à une autre personne publique")
    assert "3 appareils" in me.text
    me.press("Enregistrer cette valeur", line="1", value_cents="120,50", value_how="book_value")
    assert "120,50 € (Valeur nette comptable" in me.text.replace("\u00a0", " ")
    db.release()
    lot = queries.drafts_of(holder.organisation_id)[0]
    reference = lot.reference
    assert (lot.regime, queries.lines(lot.id)[0].value_cents) == ("public_transfer", 12_050)
    db.release()
    me.open(f"/destination?lot={reference}")
    assert "CG3P, art. L3212-2 11°" in me.text
    me.press("Choisir ce régime pour le brouillon Vente")
    db.release()
    assert queries.drafts_of(holder.organisation_id)[0].regime == "sale"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_page_is_the_holders(world: World, app: Flask) -> None:
    holder, other = world.holder(), world.holder("Autre Exemple")
    reference, unit = draft(holder).reference, fleet(holder, 1)[0]
    db.release()
    stranger = Visitor(app.test_client(), other)
    stranger.open(f"/destination?lot={reference}", status=404)
    stranger.open(f"/destination?unit={unit}", status=404)
    assert "Aucun appareil réformé" in stranger.open("/destination").text
    Visitor(app.test_client(), world.reuse_actor()).open("/destination", status=403)
    me = Visitor(app.test_client(), holder)
    me.open("/parc").press("Voir où ils peuvent aller")
    assert "Cochez au moins un appareil" in me.page.text


def test_the_same_by_the_api(world: World, app: Flask) -> None:
    holder = world.public_holder()
    reference = draft(holder, regime=None, price_kind=None, price_cents=None).reference
    ids = fleet(holder, 2)
    _token, secret = tokens.make_token(holder.person_id, holder.organisation_id, ["write"])
    db.release()
    me = Caller(app, holder, secret)
    told = me.get(f"/lots/{reference}/destinations")
    assert (told["units"], told["giver"], told["ages"]["unknown"]) == (5, "local_authority", 5)
    assert [one for one in told["outlets"] if one["outlet"] == "transfer"][1]["needs_value"] is True
    assert "value-lines" in me.get(f"/lots/{reference}")["actions"]
    shown = me.post(
        f"/lots/{reference}:value-lines", line=[1, 2], value_cents=30_001, value_how="expert",
        valued_on=clock.today().isoformat(),
    )  # fmt: skip
    assert [line["value_cents"] for line in shown["lines"]] == [30_001, 30_001]
    shown = me.post(
        f"/lots/{reference}:change", regime="public_transfer", erased_by="holder", public_first_days=5
    )
    assert (shown["regime"], shown["price_kind"], shown["public_first_days"]) == (
        "public_transfer",
        "free",
        5,
    )
    refused = me.post(f"/lots/{reference}:publish", status=422)
    assert refused["errors"][0]["field"] == "lines"
    assert "300,01" in refused["errors"][0]["detail"]
    me.post(f"/lots/{reference}:value-lines", line=[1, 2], value_cents=30_000, value_how="expert")
    undecided = me.post(f"/lots/{reference}:publish", status=422)
    assert undecided["errors"][0]["field"] == "decided_on"
    done = me.post(
        f"/lots/{reference}:publish", decided_on=clock.today().isoformat(), decision_number="2026-17",
        decided_by="Conseil",
    )  # fmt: skip
    assert done["public_first_until"] == clock.in_days(5).isoformat()
    assert done["takes_as_it_is"] is True
    assert [one["party"] for one in done["takers"] if one["allowed"]] == [
        "local_authority", "public_body", "school_eple",
    ]  # fmt: skip
    me.get(f"/lots/{reference}/destinations", status=404)
    units = me.get(f"/fleet-units/destinations?units={ids[0]},{ids[1]}")
    assert (units["lot"], units["units"]) == (None, 2)
    me.get("/fleet-units/destinations?units=1,x", status=422)
    assert me.get("/fleet-units/destinations")["units"] == 0


def test_the_lots_of_a_holder_as_a_file(world: World, app: Flask) -> None:
    holder = world.public_holder()
    lot = draft(holder, regime="public_transfer", price_kind="free", public_first_days=5)
    services.value_lines(lot.id, [2], value_cents=12_050, value_how="expert", actor=holder.actor)
    reference = lot.reference
    db.release()
    rows = Visitor(app.test_client(), holder).open("/mes-lots.csv").page.data.decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert rows[2].split(";")[0] == reference
    assert rows[2].split(";")[3] == "Cession entre personnes publiques"
    assert rows[2].split(";")[11:14] == ["120,50", "Avis d’un professionnel", clock.today().isoformat()]
    assert rows[1].split(";")[11:14] == ["", "", ""]
    assert {len(row.split(";")) for row in rows} == {len(exports.COLUMNS)}
