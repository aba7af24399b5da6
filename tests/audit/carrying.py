"""Errands of those who carry: drivers' links, vehicles and rounds, what is planned and shared out."""

from __future__ import annotations

import re

from reuse_market.kernel import clock
from tests.audit.capture import Shown, Visitor

Visitors = dict[str, Visitor]
LOT = r"^/lots/LOT-[\d-]+$"


def driving(visitors: Visitors) -> None:
    """A driver is given a link for a day to come; another one opens today's stops; somebody has a dead one."""
    anybody = visitors["visitor"]
    _welcomed(visitors["reuse-actor"], anybody)
    today = _welcomed(visitors["reuse-actor-2"], anybody)
    driver = Visitor(anybody.camera, "driver", anybody.camera.app.test_client())
    speaking = "?lang=en" if anybody.camera.language == "en" else ""
    driver.send(today.path + speaking, action=re.escape(today.path))
    anybody.get("/chauffeur/perime")
    anybody.get("/signature/perime")


def _welcomed(taker: Visitor, anybody: Visitor) -> Shown:
    """A link is given for the first pick-up that may have one; the page it opens."""
    references = sorted(set(re.findall(r"/enlevements/ENL-[\d-]+", taker.get("/enlevements"))))
    pickup = next(shown for one in references if "/chauffeurs/" in (shown := taker.get(one)))
    named = {"name": "Lou Exemple (démo)", "email": "", "language": "fr"}
    [token] = set(re.findall(r"/chauffeur/([\w-]{20,})", taker.send(pickup.link(r"^/chauffeurs/"), named)))
    return anybody.get(f"/chauffeur/{token}")


def rounding(visitors: Visitors) -> None:
    """A reuse actor looks at its vehicles and at a planned round; another asks the planner, with two vans."""
    actor, other = visitors["reuse-actor"], visitors["reuse-actor-2"]
    for page in ("vehicules", "vehicules/ajouter", "tournees/nouvelle"):
        actor.get(f"/{page}")
    shown = actor.follow(actor.get("/tournees"), r"/tournees/TRN-[\d-]+$")
    for step in ("feuille", "modifier"):
        actor.get(f"{shown.path}/{step}")
    for name in ("Premier fourgon (démo)", "Second fourgon (démo)"):
        other.send("/vehicules/ajouter", {"name": name, "plate": "", "units": "60"})
    form = other.get("/tournees/nouvelle")
    ticked = {
        name: re.findall(rf'name="{name}"[^>]* value="([^"]+)"', form) for name in ("pickups", "vehicles")
    }
    when = {"day": clock.today().isoformat(), "from_time": "08:00", "to_time": "17:00"}
    asked = other.fill(form, form.path, ticked | when)
    assert asked.path.startswith("/tournees/plans/"), asked


def shipping(visitors: Visitors) -> None:
    """A reuse actor sends a range of devices to another, who looks at what comes; parts, a register, an arrival."""
    actor, other = visitors["reuse-actor"], visitors["reuse-actor-2"]
    form = actor.get("/expeditions/nouvelle")
    key = re.findall(r'name="ranges"[^>]* value="([^"]+)"', form)[0]
    receiver = re.findall(r'<option value="(\d+)">[^<]*Atelier', form) or re.findall(
        r'<option value="(\d+)">', form
    )
    sent = actor.fill(
        form, form.path, {"ranges": [key], "receiver_id": receiver[0], "transfer": "none", "codes": ""}
    )
    assert sent.path.startswith("/expeditions/EXP-"), sent
    for visitor in (actor, other):
        visitor.get("/expeditions")
    for page in ("pieces", "registre"):
        actor.get(f"/atelier/{page}")
    actor.follow(actor.get("/atelier?liste=workshop"), r"/atelier/appareils/\d+$", r"/reparations$")
    for visitor in (actor, other):
        for link in visitor.get("/atelier?liste=arrivals").links(r"/atelier/arrivees/")[:1]:
            visitor.get(link)


def expecting(visitors: Visitors) -> None:
    """A reuse actor says its interest in a lot to come; a holder reads the share proposed to it."""
    actor, holder = visitors["reuse-actor"], visitors["holder"]
    actor.follow(actor.get("/lots?vue=annonces"), LOT, r"/interet$")
    lots = (holder.get(lot) for lot in holder.get("/mes-lots").links(LOT))
    holder.get(next(found[0] for lot in lots if (found := lot.links(r"/partage$"))))
