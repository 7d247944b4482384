"""What a connector has to be told, as the configuration knows it. Anything of this shape will do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class OperationSettings(Protocol):
    """One call of an ``http`` connector; ``path``, ``body`` and ``query`` are templates of its arguments."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def body(self) -> Any: ...
    @property
    def query(self) -> Mapping[str, Any]: ...


class ConnectorSettings(Protocol):
    """Where a source is, and what it wants to see. ``token`` goes into ``Authorization: Bearer``."""

    @property
    def kind(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def token(self) -> str | None: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def timeout(self) -> float: ...
    @property
    def operations(self) -> Mapping[str, OperationSettings]: ...
