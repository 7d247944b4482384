"""The parts of the fold: one small function per event, and a table of them per subject."""
