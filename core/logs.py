"""Log lines as JSON that hold no value: what happened, where in the code, on which page, with which status.

An exception is told by its kind and its place, never by its text: the text of a database error holds the row,
that of a broken number what was typed. A library's sentence is told without what it fills in.
"""

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from traceback import walk_tb
from types import TracebackType
from typing import Any

import structlog

Event = MutableMapping[str, Any]

WITHHELD = "…"
MOST_FRAMES = 40
REGEX_ENDS = "^$"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# What a task's line says of it; its arguments, its result and the text of its error are not among them.
SAID_OF_A_TASK = {"name", "id", "hostname", "description", "runtime"}
# They put the text of an error, a header or an address into the sentence itself.
TALK_OF_THE_REQUEST = ("django.security", "gunicorn")
_VALUES = re.compile(r"(DETAIL|LINE \d+|CONTEXT|Failing row contains).*", re.DOTALL)


def page_of(request: Any) -> str:
    """Which page was asked for, not whose: "GET /shelters/<uuid:uuid>/log/"."""
    method = request.method if request.method in METHODS else WITHHELD
    match = request.resolver_match
    return f"{method} /{match.route.strip(REGEX_ENDS)}" if match else f"{method} {WITHHELD}"


# --- what happened, without its values ----------------------------------------------------------------


def tell_errors(_logger: Any, _method: str, event: Event) -> Event:
    """`exc_info` becomes `exception`: kinds and places, outermost first, each with what caused it."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_told(error))
    return event


def _told(error: BaseException) -> Iterator[str]:
    told: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in told:
        told.add(id(cause))
        yield f"{type(cause).__module__}.{type(cause).__qualname__}{_codes(cause)}"
        yield from _places(cause.__traceback__)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


def _codes(error: BaseException) -> str:
    """Names that the code gave: of a broken constraint, of an operating system's fault."""
    diagnosis = getattr(error, "diag", None)
    codes = (
        getattr(error, "pgcode", None),
        getattr(diagnosis, "constraint_name", None),
        getattr(error, "errno", None),
    )
    known = [str(code) for code in codes if code]
    return f" [{' '.join(known)}]" if known else ""


def _places(traceback: TracebackType | None) -> list[str]:
    frames = [(frame.f_code, line) for frame, line in walk_tb(traceback)]
    return [f"  {code.co_filename}:{line} {code.co_name}" for code, line in frames[-MOST_FRAMES:]]


def tell_libraries(_logger: Any, _method: str, event: Event) -> Event:
    """A library's sentence with numbers, but without the words that it fills in."""
    record: logging.LogRecord = event["_record"]
    event["event"] = _sentence(record, event.pop("positional_args", None))
    event["logger"] = record.name
    if record.levelno >= logging.WARNING:
        event["place"] = f"{record.module}:{record.lineno}"
    if hasattr(getattr(record, "request", None), "resolver_match"):
        event["request"] = page_of(record.request)  # type: ignore[attr-defined]
        event["code"] = getattr(record, "status_code", None)
    return event


def _sentence(record: logging.LogRecord, values: Any) -> str:
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    if not values:
        talks = record.levelno >= logging.WARNING and record.name.startswith(TALK_OF_THE_REQUEST)
        return WITHHELD if talks else _VALUES.sub(WITHHELD, record.msg)
    try:
        return record.msg % _harmless(values)
    except (TypeError, ValueError, KeyError):
        return record.msg


def _harmless(values: Any) -> Any:
    if isinstance(values, dict):
        return {name: value if name in SAID_OF_A_TASK else _number(value) for name, value in values.items()}
    return tuple(map(_number, values))


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float | None) else WITHHELD


# --- how it is written ------------------------------------------------------------------------------------

_shared: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.add_log_level,
    tell_errors,
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
            foreign_pre_chain=[tell_libraries, *_shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            use_get_message=False,
            pass_foreign_args=True,
        )


def configuration(level: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`: everything goes through the one formatter, whoever logs it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "core.logs.Formatter"}},
        "filters": {"without_health": {"()": "core.logs.WithoutHealthChecks"}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["without_health"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # No handler of its own, and above all no mail to the administrators.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},  # the line of the request says the rest
            "django.db.backends": {"level": "INFO"},  # below stand whole statements
            "PIL": {"level": "INFO"},  # below it writes down where a photo was taken
            "gunicorn.error": {"handlers": [], "level": level, "propagate": True},
        },
    }
