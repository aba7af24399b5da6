"""Purpose: an association asks for devices in plain language, without account; the operator calls it back.

Owns: requests, their lines, calls, personal links and contact facts. The need itself is `needs`'.
Never: puts a name, phone or address into the journal; asks who the devices are for, person by person.
"""
