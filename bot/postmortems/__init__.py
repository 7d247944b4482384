"""What is learned from an incident: its postmortem, drafted from the log.

``draft`` turns the incident and its log into a document value; ``whys`` arranges the branching whys; ``exports``
renders the document, Markdown first. Blameless: the story is told by roles, names stand only where somebody owns
something. Everything here is pure.
"""
