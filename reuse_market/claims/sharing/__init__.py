"""Purpose: sharing a lot at closing: the rule, its solver in a process of its own, the proposal and its answer.

Owns: share, share_claim, share_line.
Never: awards by itself: the holder or the operator answers the proposal.
"""
