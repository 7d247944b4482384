"""The table of what could not be taken in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field

from bot.store.columns import Instant
from bot.store.row import Row, table_of


class RefusalRow(Row, table=True):
    """What a source sent that could not be taken in, for one ``kind`` of reason: how much, since when, and what Slack
    has not heard of yet."""

    __tablename__ = "refusals"

    source: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    first_at: datetime = Field(sa_type=Instant)
    last_at: datetime = Field(sa_type=Instant)
    count: int = 0
    reason: str = Field(default="", sa_type=Text)  # of the last one
    request: int | None = None  # the last one that was kept
    kept: int = 0  # as many requests were kept since ``kept_from``
    kept_from: datetime | None = Field(default=None, sa_type=Instant)
    untold: int = 0  # as many were refused ``untold_since`` then, and nobody was told
    untold_since: datetime | None = Field(default=None, sa_type=Instant)
    told_at: datetime | None = Field(default=None, sa_type=Instant)
    telling_until: datetime | None = Field(default=None, sa_type=Instant)  # a replica is about to tell of it


REFUSALS = table_of(RefusalRow)
