"""Tests of Parc commun. `make test` runs them; `tests/support` holds what they share."""
