"""Which vehicle stops where, in which order: numbers in, numbers out. Knows no table, no page, no clock."""
