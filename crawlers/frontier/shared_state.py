"""Where a source's state lies when workers share it in PostgreSQL; ``postgres_state.py`` opens it there."""

import msgspec


class SharedState(msgspec.Struct, frozen=True, kw_only=True):
    """A source's state in PostgreSQL, and the lease under which it may be written."""

    address: str
    source: str
    token: int
    """Fencing token of the lease: a worker that takes over gets a higher one, and the writes of this one are refused."""
