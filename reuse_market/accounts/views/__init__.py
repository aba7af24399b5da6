"""Pages of accounts: own.py (sign-in, account, sites) and one module a subject, all on one blueprint."""

from reuse_market.accounts.views import (
    capacity,
    hours,
    joining,
    organisation_file,
    own,
    passwords,
    people,
    registration,
    searches,
    technicians,
    tokens,
)
from reuse_market.accounts.views.base import blueprint

__all__ = [
    "blueprint", "capacity", "hours", "joining", "organisation_file", "own", "passwords", "people", "registration",
    "searches", "technicians", "tokens",
]  # fmt: skip
