"""What people click, type, submit and mark in Slack, turned into commands; one file per family of listeners.

Clicks and slash commands are acknowledged first and answered afterwards; a submitted modal is decided within two
seconds, so that errors appear at their field; events are acknowledged after the commit, because Slack repeats those.
A refusal is a sentence for whoever asked. Nothing here decides anything: that is ``service.handle``.
"""
