"""Purpose: pick-ups at the holder's door: slots, check-off, signatures, handover note, differences.

Owns: pickup, pickup_check, vehicle, round, round_stop, driver_link.
Never: makes a unit ready; ownership passes only at the holder's counter-signature.
"""
