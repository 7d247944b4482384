"""What alerting systems send: read, verified, routed to a service and a failure mode, and grouped. Pure.

``sources`` has one file per system. ``routing`` says what an alert is about, ``grouping`` whether it joins an
incident or opens one; who asks has locked what the answer depends on.
"""
