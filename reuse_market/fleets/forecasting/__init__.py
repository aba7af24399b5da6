"""Purpose: how many devices of a kind a fleet will release in each of the coming quarters.

Owns: no table. quarters.py counts time, curves.py what is believed before any discard is seen, survival.py
what the discards teach, projection.py the coming quarters. Pure: numbers in, numbers out, chance seeded.
Never: reads a database; tells a figure without its interval.
"""

from reuse_market.fleets.forecasting.projection import HORIZON, Cell, Expected, project
from reuse_market.fleets.forecasting.survival import Fitted, Group, fit

__all__ = ["HORIZON", "Cell", "Expected", "Fitted", "Group", "fit", "project"]
