"""What an incident is: its log of events, the value folded from them, what may be decided, what is due.

Everything here is pure. ``events`` says what can have happened, ``incident`` folds it into a value, ``decide``
turns a command into events or a refusal, ``agenda`` says which work the value asks for and when to look again,
``timeline`` tells the log to people. No clock, no network, no database: ``now`` and ids are arguments.
"""
