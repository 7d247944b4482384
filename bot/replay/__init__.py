"""``evenkeel replay``: walks a runbook against recorded data, without Slack and without a network.

``answers`` reads what was recorded, ``sources`` answers with it, ``crew`` does what people did, ``walking`` lets the
real core bring the incident to rest again and again on a clock that jumps, and ``telling`` prints what came of it.
"""
