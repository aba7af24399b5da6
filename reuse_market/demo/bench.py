"""Chapter: a full workshop – one more lot on the bench, where each of its pages has something that waits.

Twelve laptops and eight desktops of a laboratory come in. Reports of their erasure are dropped (one line is left),
a second person's check waits; two devices are locked, an agent read another serial than was declared, one is taken
apart for its parts, another is repaired with one; labels wait to be printed; some go on to another actor.
"""

from __future__ import annotations

import json

from reuse_market.accounts import services as people
from reuse_market.accounts import technicians
from reuse_market.accounts.queries import actor_of
from reuse_market.collection.shipments import services as shipments
from reuse_market.demo.acting import Act, Actors, Told, collected, drafted, published, terms
from reuse_market.demo.files import glpi_report, nwipe_log
from reuse_market.demo.parties import address
from reuse_market.erasure import checking, dropping
from reuse_market.erasure import services as erasure
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.lots import second_look
from reuse_market.lots import services as lots
from reuse_market.refurbishing import label_queue, services
from reuse_market.refurbishing.hardware import services as hardware
from reuse_market.refurbishing.locks import services as locks
from reuse_market.refurbishing.parts import stock
from reuse_market.refurbishing.services import dismantling, repairing
from reuse_market.units import queries as units

# login, name, PIN on the shared computer
TECHNICIANS = (
    ("atelier-1", "Technicienne (démo)", "2583"),
    ("atelier-2", "Responsable d’atelier (démo)", "7391"),
)
TITLE = "Un laboratoire se renouvelle : 12 portables et 8 fixes"
ERASED = 6  # desktops whose disk is in the report that was dropped; the report names one disk more


def acts(actors: Actors, told: Told, password: str) -> list[Act]:
    """Every act of the chapter, with its day."""
    actor = actors["reuse-actor"]
    return [
        Act(-15, lambda: told.update(bench=_collected(actors))),
        Act(-13, lambda: told.update(crew=_crew(actor, password)), 9),
        Act(-13, lambda: told.update(_taken_in(actor, told["bench"])), 11),
        Act(-8, lambda: told.update(answered=_send(actors, told["laptops"][:4], "Sur une palette filmée."))),
        Act(-6, lambda: _drop(told["crew"][0], told["desktops"])),
        Act(-5, lambda: _answer(actors["reuse-actor-2"], told["answered"], told["laptops"][:4])),
        Act(-4, lambda: _apart_and_repaired(told["crew"][0], told["laptops"][6:8])),
        Act(-2, lambda: _locked(actor, told["laptops"][8:10]), 11),
        Act(-2, lambda: checking.draw_check(f"lot/{told['lot']}", "sample", 50, actor=told["crew"][0]), 15),
        Act(-1, lambda: _read_by_agent(told["crew"][0], told["laptops"][10]), 9),
        Act(-1, lambda: _send(actors, told["laptops"][4:6], "Quai B, de 9 h à 12 h.")),
        Act(-1, lambda: label_queue.add(told["desktops"], actor=told["crew"][0]), 15),
    ]  # fmt: skip


def sign_ins() -> list[str]:
    """The lines of these technicians among the printed sign-ins."""
    return [
        f"  {address(login):32} {name:32} PIN {pin} on the workshop's shared computer"
        for login, name, pin in TECHNICIANS
    ]


def _collected(actors: Actors) -> str:
    """The lot given, awarded and collected in one stroke; its holder asks for a second look at the erasures."""
    holder, actor = actors["holder-2"], actors["reuse-actor"]
    lot = drafted(holder, TITLE)
    lots.add_counted_line(
        lot.id, actor=holder, kind="laptop", units=12, label="Portable 14 pouces", works="works"
    )
    lots.add_counted_line(
        lot.id, actor=holder, kind="desktop", units=8, label="Ordinateur fixe", works="works"
    )
    reference = published(lot, holder, terms("gift", "free", "holder_choice", 5, 20))
    second_look.ask_second_look(reference, "sample", 50, actor=holder)
    return collected(reference, actor, holder)


def _crew(actor: Actor, password: str) -> list[Actor]:
    """Two people of the workshop, each with a PIN of their own for the shared computer."""
    organisation, found = actor.organisation_id or 0, []
    for login, name, pin in TECHNICIANS:
        person = people.add_person(name, address(login), password=password)
        people.add_member(person.id, organisation)
        one = actor_of(person.id, organisation)
        assert one is not None
        technicians.set_pin(organisation, person.id, pin, actor=one)
        found.append(one)
    return found


def _taken_in(actor: Actor, pickup: str) -> Told:
    """All are taken in; the serials of the laptops are written down."""
    ids = units.past_ids("pickup", pickup, outcome="taken")
    services.receive_units(ids, actor=actor)
    found = units.by_ids(ids)
    laptops = sorted(one.id for one in found if one.kind == "laptop")
    for number, unit_id in enumerate(laptops, 1):
        values = {"serial": f"PORTEX{number:02}", "maker": "Dell", "model": "Latitude 5410", "ram_mb": 16_384}
        services.identify_unit(unit_id, values, actor=actor)
    return {
        "laptops": laptops, "desktops": sorted(one.id for one in found if one.kind == "desktop"),
        "lot": found[0].stream.removeprefix("lot/"),
    }  # fmt: skip


def _drop(actor: Actor, desktops: list[int]) -> None:
    """The report of a whole shelf: one disk in it is in none of the devices that were opened."""
    serials = [f"DISQUEEX{number:02}" for number in range(1, ERASED + 2)]
    for unit_id, serial in zip(desktops[:ERASED], serials, strict=False):
        erasure.count_media(unit_id, [erasure.Found("hdd", serial, size_mb=500_000)], "opened", actor=actor)
    given = dropping.opened([("shredos-etagere-1.log", nwipe_log(serials, clock.now()))])
    dropping.drop_reports(given, actor=actor)


def _send(actors: Actors, unit_ids: list[int], note: str) -> str:
    """To the other actor, which does the sorting out; the owner stays the same."""
    sender, receiver = actors["reuse-actor"], actors["reuse-actor-2"]
    made = shipments.send_shipment(
        unit_ids, receiver.organisation_id or 0, actor=sender, weight_g=1_700 * len(unit_ids), note=note
    )
    return made.reference


def _answer(receiver: Actor, shipment: str, unit_ids: list[int]) -> None:
    """Two received, one refused, one missing."""
    shipments.answer_units(
        shipment, {unit_ids[2]: "refused"}, reason="damaged", note="Charnière arrachée.", actor=receiver
    )
    shipments.answer_units(shipment, {unit_ids[3]: "missing"}, reason="not_loaded", actor=receiver)
    shipments.answer_rest(shipment, actor=receiver, received_g=3_450)


def _apart_and_repaired(actor: Actor, unit_ids: list[int]) -> None:
    """A laptop beyond repair gives its screen, battery and memory; the battery goes into another one."""
    donor, repaired = unit_ids
    erasure.count_media(donor, [], "opened", actor=actor)
    parts = [
        repairing.Taken("screen", "Dalle 14 pouces", weight_g=290),
        repairing.Taken("battery", "68 Wh, 81 %", serial="BATEX07", weight_g=270),
        repairing.Taken("memory", "16 Go DDR4", weight_g=10),
    ]
    dismantling.dismantle_unit(donor, parts, actor=actor, unit_g=1_520, residue_g=945)
    [battery] = [row.part.id for row in stock.taken_from(donor) if row.part.kind == "battery"]
    repairing.record_repair(
        repaired,
        ["battery"],
        part_ids=[battery],
        cost_cents=0,
        note="Batterie gonflée remplacée.",
        actor=actor,
    )


def _locked(actor: Actor, unit_ids: list[int]) -> None:
    """Two laptops are still managed from afar: their holder is asked to let them go."""
    for unit_id in unit_ids:
        services.record_test(unit_id, {"lock_mdm": "fault"}, actor=actor, battery_percent=84)
    [found] = units.by_ids(unit_ids[:1])
    locks.ask_holder(found.stream.removeprefix("lot/"), actor=actor)


def _read_by_agent(actor: Actor, unit_id: int) -> None:
    """The agent reads another serial and half the memory: both wait for a decision."""
    report = glpi_report("Dell Inc.", "Latitude 5410", "PORTEX99", memory_mb=8_192, disk="NVMEEX11")
    hardware.import_report(unit_id, json.dumps(report).encode(), "inventaire-poste.json", actor=actor)
