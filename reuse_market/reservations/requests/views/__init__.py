"""Pages of requests: the association's, in plain language and without account; the operator's."""

from reuse_market.reservations.requests.views import asking, following, office
from reuse_market.reservations.requests.views.base import blueprint

__all__ = ["asking", "blueprint", "following", "office"]
