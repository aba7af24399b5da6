"""The life of an organisation."""

from __future__ import annotations

from reuse_market.accounts.models import ORGANISATION_STATES, Organisation
from reuse_market.accounts.policy import is_operator
from reuse_market.kernel.workflow import T, Workflow

ADMISSION = Workflow[Organisation](
    "organisation",
    Organisation,
    ORGANISATION_STATES,
    [
        T("admit", ["to_verify", "refused"], "verified", is_operator, "organisation.admitted"),
        T("refuse", ["to_verify"], "refused", is_operator, "organisation.refused"),
        T("suspend", ["verified"], "suspended", is_operator, "organisation.suspended"),
        T("reinstate", ["suspended"], "verified", is_operator, "organisation.reinstated"),
    ],
)
