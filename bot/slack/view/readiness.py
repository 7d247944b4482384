"""Whether the versions that one could go back to would serve at once."""

from __future__ import annotations

from bot.incidents.incident import Incident
from bot.slack.view.text import joined, said, version


def readiness(incident: Incident) -> list[str]:
    """One line, from when it was read until the world was changed; nothing for a service that does not say."""
    seen = incident.readiness
    if seen is None or incident.status != "open" or incident.safe_at is not None:
        return []
    if seen.because:
        return [said(f"Whether earlier versions are ready cannot be told: {seen.because}")]
    running = incident.versions.running if incident.versions else None
    others = {name: ready for name, ready in seen.ready.items() if version(name) != version(running or "")}
    ready = [version(name) for name, fine in others.items() if fine]
    missing = [version(name) for name, fine in others.items() if not fine]
    parts = [f"Ready to serve: {joined(ready)}"] if ready else []
    parts += [f"{':warning: ' if missing else ''}not ready: {joined(missing)}"] if missing else []
    return [" · ".join(parts)] if parts else []
