"""Passwords: argon2id hashes, and which passwords are refused.

Parameters t=3, m=64 MiB, p=4 lie above the OWASP ASVS 5.0 floor (11.4.2; t=1 needs m >= 46 MiB). ASVS 6.2.1 asks for at least
8 characters and advises 15; here the least is 12. Guessability is judged by zxcvbn, whose word lists hold far more than the
3,000 commonest passwords ASVS 6.2.4 asks to refuse.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from desk.refusals import DeskRefusal
from foundation.messages import _

LEAST, MOST, OWN = 12, 128, 8
"""Fewest and most characters, and the fewest that must remain without the person's name, address or the product's name."""
HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
AT_ONCE, WAITING = 2, 6
"""Passwords checked at the same time, each with 64 MiB and four threads, and log-ins that may wait; more are refused."""


class HashingBusy(Exception):
    """Too many log-ins wait; nothing was checked."""


class Turns:
    """Lets a number of callers in, lets a number wait, and refuses all others."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._inside = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and keep it; raise HashingBusy when too many wait already."""
        if not self._places.acquire(blocking=False):
            raise HashingBusy(_("too many people are logging in at this moment; try again in a few seconds"))
        try:
            with self._inside:
                yield
        finally:
            self._places.release()


LOGINS = Turns(AT_ONCE, WAITING)


def make_password() -> str:
    """Return a password nobody can guess, for a person who then chooses an own one."""
    return secrets.token_urlsafe(18)


def hash_password(password: str, *, about: tuple[str, ...] = ()) -> str:
    """Return the argon2id hash of a good password; raise DeskRefusal for one that is short or easily guessed.

    ``about`` are words tied to the person (name, e-mail), which must not carry the password.
    """
    if len(password) < LEAST:
        told = _(
            "the password has %(count)s characters; use at least %(least)s, four unrelated words do well",
            count=len(password),
            least=LEAST,
        )
        raise DeskRefusal(told)
    if len(password) > MOST:
        raise DeskRefusal(_("the password has %(count)s characters; use at most %(most)s", count=len(password), most=MOST))
    words = [part for word in (*about, "lurewatch") for part in (word, *word.replace("@", " ").replace(".", " ").split())]
    rest = password.lower()
    for word in sorted((word.lower() for word in words if len(word) > 2), key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < OWN:
        raise DeskRefusal(_("the password is little more than a name; four unrelated words do well"))
    from zxcvbn import zxcvbn  # its word lists take a while to load, and only a new password is judged

    verdict = zxcvbn(password[:72], user_inputs=words)
    if verdict["score"] < 3:
        why = verdict["feedback"]["warning"].rstrip(".") or _("it is easily guessed")
        raise DeskRefusal(_("the password is too weak (%(why)s); four unrelated words do well", why=why))
    return HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Tell whether ``password`` matches ``stored``; it takes as long when nothing is stored. Call it inside a turn."""
    try:
        HASHER.verify(stored or _nobody(), password[:MOST])
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _nobody() -> str:
    return HASHER.hash("verified against when the name is unknown, so that both answers take as long")
