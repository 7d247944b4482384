"""Starts real servers on loopback, on free ports, for as long as a block lasts."""
