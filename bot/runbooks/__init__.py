"""What to do in an incident, as data: runbooks, the service catalogue they draw on, and what a measurement means.

A runbook file is read (``loading``), fits an alert (``matching``), is written out for one service (``catalogue``) and
pinned to the incident as a ``schema.Runbook``. Its templates and expressions are worked out by ``templates``, and
``verdicts`` says what a reading means. Nothing here does anything: ``steps`` carries the steps out.
"""
