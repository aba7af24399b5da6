"""A need as a buyer writes it: "24 × portables 14″ i5, 8 Go ou plus, moins de 150 €". Pure."""

from __future__ import annotations

from reuse_market.catalogue.measures import tokens
from reuse_market.catalogue.understanding.known import MOST_TOKENS, Vocabulary
from reuse_market.catalogue.understanding.needs import Asked
from reuse_market.catalogue.understanding.phrases import Reading

__all__ = ["Asked", "understand"]


def understand(text: str, vocabulary: Vocabulary | None = None) -> Asked:
    """What a text asks for. `vocabulary`: which words the groups in the window say, among or near those given."""
    said = tokens(text[:200])[:MOST_TOKENS]
    if not said:
        return Asked()
    return Reading(said, vocabulary or (lambda words: ())).asked()
