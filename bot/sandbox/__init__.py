"""A place to practise: a local workspace that speaks Slack's language, its page in the browser, and a
small world of model services that break on purpose. Everything in it is synthetic and lives in memory.
Nothing but the demo and the tests imports it, so the bot runs here exactly as it runs against Slack.
"""
