"""Shipments: sorted units go from one reuse actor to another, and both sides answer.

`services` are the verbs, `choosing` says which units may leave, `law` asks whether the owner may change.
"""
