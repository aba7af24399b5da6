"""Purpose: holds on ready units, their confirmation and the handover to the beneficiary.

Owns: reservation.
Never: lets a unit be held twice (engagement `hold`, partial unique index).
"""
