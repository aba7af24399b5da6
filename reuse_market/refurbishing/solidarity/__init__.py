"""Purpose: the solidarity share: some of what becomes ready is kept for recipients for some days.

Owns: solidarity_share (dated rows), lot_share, share_stamp.
Never: takes a unit back from who reserved it; what is kept opens to all by its date.
"""
