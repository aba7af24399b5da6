"""Where addresses lie: asked once of the address service, kept with the day it was asked."""

from __future__ import annotations

from datetime import timedelta

from reuse_market.kernel import clock
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, in_command, release, session
from reuse_market.places import queries
from reuse_market.places.geo import Point
from reuse_market.places.geocoding import Found, Unanswered, geocoder, key_of
from reuse_market.places.models import AddressPoint
from reuse_market.places.queries import Located


def locate(street: str | None, postcode: str, commune_name: str) -> Located | None:
    """The address's own point when it is known (`how` is address), else its commune's; None for no commune.

    Reads only what was asked before: it may stand inside a command.
    """
    at_commune = queries.locate(postcode, commune_name)
    if at_commune is None or not street or not street.strip():
        return at_commune
    kept = session().get(AddressPoint, key_of(street, at_commune.insee))
    if kept is None or kept.latitude is None or kept.longitude is None:
        return at_commune
    return Located(Point(kept.latitude, kept.longitude), at_commune.insee, "address")


def ask(street: str, postcode: str, commune_name: str) -> bool:
    """Ask the address service, unless it was asked not long ago; True when it answered now. At most 2 seconds.

    Call it before a command, never inside: nothing is locked, and no connection held, while it is waited for.
    How long answers hold: delays "address.known" and "address.unknown".
    """
    if in_command():
        raise RuntimeError("the address service is asked before a command, never inside")
    if not geocoder().asks or not street.strip():
        return False
    located = queries.locate(postcode, commune_name)
    if located is None or _fresh(key_of(street, located.insee)):
        return False
    commune = queries.commune(located.insee)
    assert commune is not None
    release()  # the commune is read; its row stays usable while the service is waited for
    try:
        found = geocoder().find(street.strip(), postcode, commune)
    except Unanswered:
        return False
    _keep(key_of(street, located.insee), located.insee, found)
    return True


def is_fresh(street: str, insee: str) -> bool:
    """Whether what is kept about an address is recent enough not to ask again."""
    return _fresh(key_of(street, insee))


def _fresh(key: str) -> bool:
    kept = session().get(AddressPoint, key)
    if kept is None:
        return False
    days = delay_days("address.known" if kept.latitude is not None else "address.unknown")
    return kept.asked_at > clock.now() - timedelta(days=days)


@command
def _keep(key: str, insee: str, found: Found | None) -> None:
    """An address once known stays known when the service forgets it: only the day moves."""
    kept = session().get(AddressPoint, key) or AddressPoint(key=key, insee=insee)
    kept.asked_at = clock.now()
    if found is not None:
        kept.latitude, kept.longitude, kept.score = found.point.latitude, found.point.longitude, found.score
    session().add(kept)
    session().flush()
