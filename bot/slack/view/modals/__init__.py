"""Modals: what to ask a person, as views. Pure; one input block for each field, named as ``Refused.field`` names it.

``callback_id`` says which modal it is, ``private_metadata`` (``About``) which incident, step and attempt it is about
and from which channel it was opened.
"""
