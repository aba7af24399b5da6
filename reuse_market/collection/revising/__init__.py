"""Purpose: a signed handover note is never edited; one side proposes a revision, the other answers it.

Owns: note_revision, note_revision_line; differences contested and settled by the operator.
Never: changes a note, a unit or a balance before the other side, or the operator, has said yes.
"""
