"""The trip as data, and how a good one is found. Pure: no I/O, no clock, no environment."""
