"""The life of a request: received, called back, then closed, or given up by the association."""

from __future__ import annotations

from reuse_market.kernel.workflow import T, Workflow
from reuse_market.reservations.requests import policy as may
from reuse_market.reservations.requests.request_models import STATES, AssociationRequest

OPEN = ("received", "called")

REQUEST = Workflow[AssociationRequest](
    "request",
    AssociationRequest,
    STATES,
    [
        T("call", OPEN, "called", may.operator, "request.called"),
        T("miss", ["received"], "received", may.operator, "request.missed"),
        T("complete", OPEN, "called", may.operator, "request.completed"),
        T("attach", OPEN, "called", may.operator, "request.attached"),
        T("announce", OPEN, "called", may.operator, "request.announced"),
        T("close", OPEN, "closed", may.operator, "request.closed"),
        T("change", OPEN, "received", may.link, "request.changed"),
        T("ask_call", OPEN, "received", may.link, "request.call-asked"),
        T("cancel", OPEN, "cancelled", may.keeps, "request.cancelled"),
    ],
)
