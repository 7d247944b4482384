"""From YAML to the values of ``schema.py``, one kind of step per function, every problem noted with its place.

The same functions read a step of a runbook and a definition of the service catalogue, so both forms of a query, a
comparison or an action take the same keys and give the same messages.
"""
