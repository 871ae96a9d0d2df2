"""The one table of roles and rights."""

from enum import StrEnum

from foundation.messages import _


class Right(StrEnum):
    """A right that a route or command may require."""

    READ = "read"
    DECIDE = "decide"
    UNDO_OTHERS = "undo_others"
    EVIDENCE = "evidence"
    LISTS = "lists"
    """Build takedown lists."""
    APPROVE = "approve"
    """Approve and send takedown lists."""
    RUNS = "runs"
    """See source health in full."""
    SOURCES = "sources"
    """Accept, refuse and block suggested sources."""
    SEEDS = "seeds"
    """Change source files and lure rules."""
    AUDIT = "audit"
    USERS = "users"
    VICTIMS = "victims"
    """See items in which a possible victim speaks or is named."""


_VIEWER = {Right.READ, Right.RUNS}
_ANALYST = _VIEWER | {Right.DECIDE, Right.EVIDENCE, Right.LISTS}
_LEAD = _ANALYST | {Right.UNDO_OTHERS, Right.APPROVE, Right.AUDIT, Right.SOURCES, Right.SEEDS, Right.VICTIMS}

RIGHTS: dict[str, frozenset[Right]] = {
    "viewer": frozenset(_VIEWER), "analyst": frozenset(_ANALYST), "lead": frozenset(_LEAD),
    "operator": frozenset(_VIEWER | {Right.AUDIT, Right.SOURCES, Right.SEEDS}), "admin": frozenset(_LEAD | {Right.USERS}),
}  # fmt: skip
"""Role -> rights. An operator keeps sources running and never decides about people; approving still needs a second person."""

SENTENCES = {
    "viewer": _("reads the queue, campaigns and source health"),
    "analyst": _("also decides, undoes own decisions, packs evidence, builds lists"),
    "lead": _(
        "also undoes others' decisions, approves and sends lists, changes sources and rules, reads the log, sees victims' items"
    ),
    "operator": _(
        "keeps sources running: changes sources and rules, reads everything incl. the audit log, decides about no item"
    ),
    "admin": _("also adds and disables people"),
}
