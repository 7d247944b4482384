"""Everything that knows Slack.

``view`` draws, purely, what the workspace should show for an incident; ``reconcile`` compares that with what was
placed and makes the missing calls through ``gateway``, the one caller of the Web API; ``app`` turns what people
click and type into commands.
"""
