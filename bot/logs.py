"""Logs: JSON lines in production, readable lines on a terminal. Secrets never reach them."""

from __future__ import annotations

import logging
import sys

import structlog


def set_up_logs(*, json: bool, level: int = logging.INFO) -> None:
    """From here on, structlog and the standard library write to standard error in the same form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    last: list[structlog.typing.Processor] = [structlog.processors.format_exc_info, renderer] if json else [renderer]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,  # a logger that was used before is set up anew too
    )
    handler = logging.StreamHandler(sys.stderr)
    formatter = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[
        structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last,
    ])  # fmt: skip
    handler.setFormatter(formatter)
    handler.addFilter(_worth_saying)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))


def _worth_saying(record: logging.LogRecord) -> bool:
    """Bolt warns that it has a client and finds SLACK_BOT_TOKEN in the environment; that is how it is meant."""
    return not str(record.msg).endswith("`token` will be unused.")
