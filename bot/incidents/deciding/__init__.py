"""The rules by which ``decide`` answers, a file for each thing that they are about.

Each takes the incident, the command, who asks and when, and gives events or raises ``Refused``. What the bot itself
found out is judged in ``reports``.
"""
