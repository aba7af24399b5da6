"""Purpose: the workshop: intake, tests, grade, offer, parts, waste, removal batches.

Owns: test_run, offer, waste_record, removal_batch.
Never: makes ready a unit whose gates are not met.
"""
