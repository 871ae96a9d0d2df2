"""Interface by which the desk's pages build and send takedown lists; ``lurewatch serve`` implements it.

Every method raises ListError, whose message says what to do, and StoreUnavailable while the index is away.
"""

from typing import Protocol

import msgspec

from desk.people.accounts import User


class Notifier(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers for notices, and as whom their letters leave."""

    name: str
    email: str
    """Where answers go."""
    sender: str = ""
    """The address that letters come from."""

    @property
    def contact(self) -> dict[str, str]:
        """Who answers, as notices and lists state it."""
        return {"name": self.name, "email": self.email}

    @property
    def byline(self) -> str:
        """Name, sender and reply address in one line, as an approval is bound to them."""
        return f"{self.name} <{self.sender}>, {self.email}"


class PlannedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A confirmed item that a list built now would hold."""

    item_id: str
    change: str
    """``new``, ``updated`` or ``withdrawn``."""
    title: str
    url: str
    explanation: str
    """The notice in words; for one that is taken back, why."""


class WithheldItem(msgspec.Struct, frozen=True):
    """A confirmed item that is held back, and why."""

    item_id: str
    field: str
    """What holds it back: ``url``, ``text``, ``evidence``, ``stance``, ``explanation``, ``clause``, ``platform``, ``victim`` or
    ``retraction``, or the field of the notice that is lacking."""
    reason: str


class ListPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What building the lists of one platform would do now; nothing is stored."""

    entries: tuple[PlannedEntry, ...] = ()
    taken_back: tuple[PlannedEntry, ...] = ()
    """They leave on a list of their own."""
    unchanged: int = 0
    """Items whose notice the platform holds as it is."""
    left_out: tuple[WithheldItem, ...] = ()
    same: int | None = None
    """The unsent list that says the same already: building again keeps it."""
    homeless: tuple[WithheldItem, ...] = ()
    """Confirmed items that no enabled platform takes, and notices that cannot be taken back."""
    fault: str = ""
    """Why nothing can be built, with the fix."""


class ListMaker(Protocol):
    """Plans, builds and sends takedown lists."""

    notifier: Notifier
    sends: bool
    """Whether this process reaches the mail server; else the scheduled sending is what sends."""

    def plan(self, platform: str) -> ListPlan:
        """Return what building would do now; for no platform ("") only what no platform takes."""

    def build(self, platform: str, *, by: User) -> int | None:
        """Build the lists of a platform as a person; return the number of the newest, None when there is nothing to tell."""

    def send(self, list_id: int, *, by: User) -> str:
        """Send an approved list as a person who may approve; return a sentence about what the mail server did."""
