"""Purpose: the journal. One hash chain per stream, one event per act, commitments that can be forgotten.

Owns: event, event_unit, event_range, event_commitment, stream_head.
Never: knows what a lot is; never holds a name, a serial or free text inside a hashed payload.
"""
