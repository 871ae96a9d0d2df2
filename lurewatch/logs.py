"""Logs as JSON lines on standard error, each with the source and run it is about; no text of a page.

`LUREWATCH_LOG_FORMAT=json` chooses them. A task's log is Airflow's own, which is JSON lines already: ``lurewatch.tasks`` puts
source and run into it.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from lurewatch.settings import Settings

LONGEST = 2000
"""Characters of a message; what is longer is cut."""
_QUIET = ("elastic_transport", "alembic", "urllib3", "botocore", "aiobotocore", "s3fs")
"""Loggers that tell of each request or step; their warnings are logged."""
_fields: ContextVar[tuple[tuple[str, str], ...]] = ContextVar("fields", default=())


@contextmanager
def log_fields(**fields: str) -> Iterator[None]:
    """Put ``fields`` (``source``, ``run_id``) into every line that is logged meanwhile, by this thread."""
    token = _fields.set((*_fields.get(), *fields.items()))
    try:
        yield
    finally:
        _fields.reset(token)


def configure_logs(settings: Settings) -> bool:
    """Log as the settings say; return whether that is JSON. Text is what Python does by itself: warnings, as plain lines."""
    if settings.log_format != "json":
        return False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_json_lines())
    handler.addFilter(_add_fields)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    return True


def _add_fields(record: logging.LogRecord) -> bool:
    for name, value in _fields.get():
        setattr(record, name, value)
    return True


def _json_lines() -> logging.Formatter:
    from pythonjsonlogger.json import JsonFormatter  # only where it is asked for

    class JsonLines(JsonFormatter):
        def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
            log_data["message"] = log_data["message"][:LONGEST]
            return log_data

        def formatException(self, ei: Any) -> str:
            """Name the error and where it came from; its message may quote a page."""
            places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(ei[2])]
            return " < ".join([ei[0].__qualname__, *reversed(places)])

    return JsonLines("%(levelname)s %(name)s %(message)s", rename_fields={"levelname": "level", "name": "logger"}, timestamp=True)
