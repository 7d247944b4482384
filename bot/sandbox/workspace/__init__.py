"""A local stand-in for Slack: the Web API, Socket Mode, signed requests, clicks, modals, limits and refusals.

``Workspace`` (state.py) is what everybody sees: people, channels, messages, open modals. ``People``
(people.py) does what a person does in Slack and tells the bot as Slack would. ``methods/`` is what the bot
may call. ``running_workspace`` (server.py) puts all of it on a loopback port.
"""
