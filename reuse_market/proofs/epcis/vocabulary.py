"""Our own words as a small JSON-LD vocabulary, served where their URIs lead."""

from __future__ import annotations

from reuse_market.proofs.epcis.naming import PAPERS, Names
from reuse_market.proofs.epcis.saying import Made
from reuse_market.proofs.epcis.table import OWN, ROWS

RDFS = "http://www.w3.org/2000/01/rdf-schema#"


def words() -> dict[str, str]:
    """Word → what it is said of: the event types that say a step, or what a paper is."""
    found: dict[str, list[str]] = {}
    for event_type, row in ROWS.items():
        if row.step in OWN:
            found.setdefault(row.step, []).append(event_type)
    said = {step: f"Business step of {', '.join(types)}." for step, types in found.items()}
    return dict(
        sorted((said | {name: f"Business transaction: {what}." for name, what in PAPERS.items()}).items())
    )


def vocabulary(names: Names) -> Made:
    """The words as JSON-LD, each under its URI."""
    return {
        "@context": {"rdfs": RDFS},
        "@graph": [
            {"@id": names.term(word), "rdfs:label": word, "rdfs:comment": said}
            for word, said in words().items()
        ],
    }
