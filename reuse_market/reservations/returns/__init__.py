"""Purpose: devices that come back from their beneficiary: asked, answered, received, settled; the guarantee.

Owns: unit_return, returned_unit.
Never: moves a unit itself (refurbishing.services.returning does), or writes a credit note (invoices).
"""
