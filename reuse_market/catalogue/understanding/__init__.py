"""Reading a need as it is typed: spelling, then numbers, then words. Pure; `catalogue.asking` is the door."""
