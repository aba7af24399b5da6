"""The words the law keeps (R122-4): refused at each verb that takes free text about devices, left out of files."""

from __future__ import annotations

import csv
import io

from reuse_market.collection.shipments import sending
from reuse_market.fleets.reading.mapping import propose
from reuse_market.fleets.reading.table import read_table
from reuse_market.fleets.reading.verdict import judge
from reuse_market.fleets.services import plans
from reuse_market.kernel import clock, praise
from reuse_market.kernel.db import command
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.references import next_reference
from reuse_market.lots import conditions
from reuse_market.lots.services import drafting, lines
from reuse_market.refurbishing import services as bench
from reuse_market.refurbishing.services import repairing
from reuse_market.refurbishing.services.repairing import Taken

LEFT = [
    ("Latitude 5400 comme neuf", "Latitude 5400"), ("ThinkPad T480 (reconditionné)", "ThinkPad T480"),
    ("Reconditionnés – EliteBook", "EliteBook"), ("Remis à neuf", ""), ("état neuf", ""), ("Neuf", "Neuf"),
    ("Refurbished OptiPlex 3050", "OptiPlex 3050"), ("like-new", ""), ("ProBook 450", "ProBook 450"),
    ("reconditionne\u0301 E14", "E14"),
]  # fmt: skip


def test_what_is_left_of_a_text_read_from_a_file():
    for text, left in LEFT:
        assert praise.without(text) == left, text
        assert praise.may_praise(text) or praise.without(text) == text, text
    for text in (
        "Latitude comme neuf",
        "à neuf",
        "LIKE NEW",
        "Reconditionnées",
        "quasi-neuve",
        "remise à neuf",
    ):
        assert praise.may_praise(text), text


def test_each_verb_that_takes_free_text_of_devices(workshop):
    """Both words, each verb, named field; the same text without them passes (`outcome` judges)."""
    actor, holder = workshop.actor.actor, workshop.holder.actor
    other = workshop.world.reuse_actor("Autre Atelier Exemple").organisation_id
    command(next_reference)("LOT")  # the workshop's lot has the first
    draft = drafting.draft_lot(actor=holder, title="Dix écrans")
    line = lines.add_counted_line(draft.id, actor=holder, kind="monitor", units=10)
    ids = workshop.received(4)
    verbs = {
        "title": lambda text: drafting.draft_lot(actor=holder, title=text),
        "title again": lambda text: drafting.set_conditions(draft.id, {"title": text}, actor=holder),
        "note of a lot": lambda text: drafting.set_conditions(draft.id, {"note": text}, actor=holder),
        "label of a line": lambda text: lines.set_line(draft.id, line.number, {"label": text}, actor=holder),
        "label of a new line": lambda text: lines.add_counted_line(
            draft.id, actor=holder, kind="monitor", units=1, label=text
        ),
        "note of a line": lambda text: conditions.check_line({"note": text}),
        "model of a device": lambda text: bench.identify_unit(ids[0], {"model": text}, actor=actor),
        "cpu": lambda text: bench.identify_unit(ids[0], {"cpu": text}, actor=actor),
        "note of a test": lambda text: bench.record_test(ids[0], actor=actor, battery_percent=90, note=text),
        "note_camera": lambda text: bench.record_test(
            ids[0], {"camera": "fault"}, actor=actor, battery_percent=90, check_notes={"camera": text}
        ),
        "note of a part": lambda text: repairing.take_part(ids[1], Taken("battery", note=text), actor=actor),
        "note of a repair": lambda text: repairing.record_repair(
            ids[1], ["cleaning"], actor=actor, note=text
        ),
        "note of waste": lambda text: bench.declare_waste(ids[2], "too_old", actor=actor, note=text),
        "note of a shipment": lambda text: sending.send_shipment([ids[3]], other, actor=actor, note=text),
        "model expected": lambda text: plans.announce_renewal(
            plans.Renewal("laptop", 3, f"{clock.today().year + 1}-Q1", model=text), actor=holder
        ),
    }
    found = {name: [outcome(verb, text) for text in TEXTS] for name, verb in verbs.items()}
    assert found == {name: [name.split()[0], name.split()[0], None] for name in verbs}


TEXTS = ("Portables reconditionnés", "Comme neufs", "Portables à trier")


def outcome(verb, text):
    """The field a refusal for praise names; None when the verb did it."""
    try:
        verb(text)
    except Invalid as error:
        return (
            error.field
            if error.code in ("claim.new", "claim.refurbished")
            else f"{error.code}: not of praise"
        )
    return None


def test_an_inventory_file_is_read_without_them_and_says_so():
    rows = [
        ["Type", "Marque", "Modèle", "Numéro de série", "Statut"],
        ["Portable", "Dell", "Latitude 5400 reconditionné", "SERIE001", "En stock"],
        ["Portable", "Dell", "Latitude 5400", "SERIE002", "Comme neuf"],
        ["Portable", "Dell", "Latitude 5400", "SERIE003", "Neuf"],
    ]
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(rows)
    table = read_table(written.getvalue().encode(), "parc.csv")
    report = judge(table, propose(table.header, table.sample()), today=clock.today())
    assert [(one.serial, one.model, one.status) for one in report.good] == [
        ("SERIE001", "Latitude 5400", "En stock"), ("SERIE002", "Latitude 5400", None),
        ("SERIE003", "Latitude 5400", "Neuf"),
    ]  # fmt: skip
    told = [[(why.code, why.params.get("value")) for why in one.warnings] for one in report.good]
    assert told == [
        [("praise_left_out", "Latitude 5400 reconditionné")], [("praise_left_out", "Comme neuf")], [],
    ]  # fmt: skip
    for one in report.good:
        assert all(why.message % dict(why.params) for why in one.warnings)
