"""What was seen at the address of a reported advert: the states, told apart, and the proof."""

from typing import Literal

import msgspec

from foundation.messages import Message, _

State = Literal["up", "edited", "moved", "gone", "tombstone", "walled", "unknown"]
LastState = Literal[State, "unasked"]
"""What was seen last, or that nobody looked yet: that is not the same as having looked in vain."""
ONLINE: frozenset[State] = frozenset({"up", "edited", "moved"})
OFFLINE: frozenset[State] = frozenset({"gone", "tombstone"})
STATES: dict[LastState, Message] = {
    "up": _("there, unchanged"), "edited": _("there, edited"), "moved": _("there, at another address"),
    "gone": _("gone (404 or 410)"), "tombstone": _("gone (the page says so, or leads elsewhere)"), "walled": _("behind a wall"),
    "unknown": _("not known"), "unasked": _("not asked yet"),
}  # fmt: skip


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """What stood at the address of a reported advert."""

    state: State
    status: int = 0
    """HTTP status of the answer; 0 for none."""
    url: str = ""
    """Where the answer came from, after redirects."""
    detail: str = ""
    """Why it is told so, in a few words: ``redirect``, ``closed``, ``login_wall``, ``robots``."""
    evidence: bytes = b""
    """WARC records of the answer: the proof."""
    sha256: str = ""
    """Of its body, hex."""
