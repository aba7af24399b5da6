"""Purpose: who carries the devices, when and where; what goes with them; what to do if one breaks.

Owns: handover_plan, kit_item.
Never: signs (handing.py), or takes a device back (returns/).
"""
