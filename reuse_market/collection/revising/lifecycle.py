"""The life of a revision: the other side answers it, else the operator settles it."""

from __future__ import annotations

from reuse_market.collection.container_models import REVISION_STATES, NoteRevision
from reuse_market.collection.revising import policy as may
from reuse_market.kernel.workflow import T, Workflow

FLOW = Workflow[NoteRevision](
    "note_revision",
    NoteRevision,
    REVISION_STATES,
    [
        T("approve", ["proposed"], "approved", may.answers, "revision.approved"),
        T("refuse", ["proposed"], "refused", may.answers, "revision.refused"),
        T("withdraw", ["proposed", "escalated"], "withdrawn", may.author, "revision.withdrawn"),
        T("appeal", ["refused"], "escalated", may.appeals, "revision.appealed"),
        T("escalate", ["proposed"], "escalated", may.system, "revision.escalated"),
        T("settle_for", ["escalated"], "approved", may.settles, "revision.settled"),
        T("settle_against", ["escalated"], "refused", may.settles, "revision.settled"),
    ],
)
