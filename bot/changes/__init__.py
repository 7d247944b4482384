"""What was released, switched or re-aliased, as pipelines say it: one file for each that has its own words.

All of it is pure. What somebody sent becomes ``Change`` values; whether it is genuine is for ``bot/web`` to find out,
and storing it is the store's. A change carries its source's name for it: what is sent twice is there once.
"""
