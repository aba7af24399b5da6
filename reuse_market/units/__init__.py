"""Purpose: the device itself: identity, labels, life-cycle, owner and custodian, engagements.

Owns: unit, engagement, label. Every change of a unit goes through services.act (one row change, one event).
Never: knows what a lot, a claim or a reservation is: it sees references and parties.
"""
