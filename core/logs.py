"""Log lines as JSON. No value of a failed statement, no link that lets somebody in."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# Whoever holds the link of a mail comes in by it: no log keeps one.
LINK_OF_A_MAIL = re.compile(r"(?<=/password/new/)[^/\s]+-[^/\s]+|(?<=/log-in/link/)[^/\s]+")
_DETAIL = re.compile(r"(DETAIL|LINE \d+|CONTEXT|Failing row contains).*", re.DOTALL)


def scrub(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in ("exception", "event"):
        if isinstance(event.get(name), str):
            event[name] = LINK_OF_A_MAIL.sub("…", _DETAIL.sub("[details withheld]", event[name]))
    return event


_shared: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.add_log_level,
    structlog.processors.format_exc_info,
    scrub,
]
renderer = structlog.processors.JSONRenderer(ensure_ascii=False)

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_shared,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


class WithoutHealthChecks(logging.Filter):
    """`/healthz` is asked every few seconds and answers for itself: its lines would bury the others."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "/healthz" not in f"{record.msg} {record.args}"


class Formatter(structlog.stdlib.ProcessorFormatter):
    """For every logger, ours and the libraries'."""

    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=_shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                scrub,
                renderer,
            ],
        )
