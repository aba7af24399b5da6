"""Locks that only the holder of a device can release: who waits for whom, asked by mail, answered by a link.

Owns: lock_wait, lock_request, lock_link.
Never: changes the state of a unit, nor passes a test by itself.
"""
