"""Speed and size, measured and printed, never asserted: machines differ, so what counts are ratios of one run.

``python -m tests.benchmarks`` (``make bench``) prints one table. Each module measures one thing and returns figures.
"""
