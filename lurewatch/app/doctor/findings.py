"""The findings of `lurewatch doctor` about a part: its state and the fix."""

from typing import Literal

import msgspec

Status = Literal["ok", "warn", "missing"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one part; ``fix`` is empty when it is ok."""

    part: str
    status: Status
    detail: str
    fix: str = ""


def ok(part: str, detail: str) -> Finding:
    """Return that a part works."""
    return Finding(part=part, status="ok", detail=detail)


def warn(part: str, detail: str, fix: str) -> Finding:
    """Return that a part is off or limited; runs go on."""
    return Finding(part=part, status="warn", detail=detail, fix=fix)


def missing(part: str, detail: str, fix: str) -> Finding:
    """Return that a part does not work, and how to correct it."""
    return Finding(part=part, status="missing", detail=detail, fix=fix)
