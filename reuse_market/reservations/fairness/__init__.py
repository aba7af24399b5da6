"""Purpose: fair shares of what is ready: ceilings for one structure, what is kept for whom, who got what.

Owns: unit_ceiling (dated rows), ceiling_exception.
Never: decides what the law allows (regimes does), nor who waits before whom.
"""
