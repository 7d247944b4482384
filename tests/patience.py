"""How long a test waits for what is sure to come, in seconds.

Nothing here measures speed: what comes at once costs nothing, and a machine that is busy with something else may take
its time. Whoever waits so long in vain has found something that never comes.
"""

from __future__ import annotations

PATIENCE = 60.0
