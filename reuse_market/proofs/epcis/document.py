"""An EPCISDocument of some events of the journal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from reuse_market.proofs.epcis.mapping import Mapper
from reuse_market.proofs.epcis.naming import Names, event_id
from reuse_market.proofs.epcis.reading import Reader, parties
from reuse_market.proofs.epcis.saying import Made
from reuse_market.traceability import payload

MEDIA_TYPE = "application/ld+json"


def document(
    told: Sequence[tuple[Mapping[str, Any], str]], names: Names, reader: Reader, *, subject: str, at: datetime
) -> Made:
    """The document of (payload, hash) pairs in journal order, as this reader may read them.

    An event that a later one corrects bears an errorDeclaration that names it.
    """
    mapper = Mapper(names, reader, parties(body for body, _ in told))
    by_uid: dict[str, list[Made]] = {}
    for body, digest in told:
        by_uid[body["id"]] = mapper.tell(body, digest)
    for body, _digest in told:
        if body.get("corrects"):
            _declare(by_uid.get(body["corrects"], ()), body)
    return whole(names, [one for made in by_uid.values() for one in made], subject=subject, at=at)


def whole(names: Names, events: list[Made], *, subject: str, at: datetime) -> Made:
    """The document around its events."""
    return {
        "@context": names.context(),
        "id": f"{names.base}/epcis/{subject}",
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": payload.stamp(at),
        "epcisBody": {"eventList": events},
    }


def text(made: Mapping[str, Any]) -> str:
    """As it is served and written."""
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _declare(wrong: Iterable[Made], body: Mapping[str, Any]) -> None:
    voided = body["type"] == "event.voided"
    for one in wrong:
        one["errorDeclaration"] = {
            "declarationTime": body["recorded_at"],
            "reason": "did_not_occur" if voided else "incorrect_data",
            "correctiveEventIDs": [event_id(body["id"])],
        }
