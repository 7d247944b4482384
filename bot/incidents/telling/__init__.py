"""How each kind of entry is told in the timeline: a table per theme, from an event's class to its sentence."""
