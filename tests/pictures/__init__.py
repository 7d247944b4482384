"""Makes the README's pictures from a running demo, never by hand: ``make pictures``."""
