"""Signs of pages that refuse us: names of challenge software, titles of walls and errors in the languages we crawl.

A sign alone is no block: a normal page may carry a log-in box, a CAPTCHA in its comment form or an advert for an "access
control" guard. `blocks.py` asks for a sign *and* for a page that has nothing else to say.
"""

import re

import msgspec

from foundation.yaml_limits import read_table


class BlockSigns(msgspec.Struct, frozen=True):
    """What ``block_signs.yml`` holds; each list is of parts of one regular expression."""

    login_segments: str
    challenge: list[str]
    decisive_challenge: list[str]
    login_words: list[str]
    error_words: list[str]
    broken: list[str]


_SIGNS = read_table(__file__, "block_signs.yml", BlockSigns)
LOGIN_SEGMENTS = frozenset(_SIGNS.login_segments.split())
"""Whole path segments of the addresses where people log in."""

CHALLENGE = re.compile("|".join(_SIGNS.challenge).encode())
"""Software that asks whether one is human. Decisive only on a page with nothing else on it."""
DECISIVE_CHALLENGE = re.compile("|".join(_SIGNS.decisive_challenge))
"""Parts of the challenge page itself. A normal page carries one only beside a text of its own."""
WIDGET = re.compile(r"class\s*=\s*[\"'][^\"'<>]{0,200}\b(?:g-recaptcha|h-captcha|cf-turnstile)\b")
"""The box in a page's body that a visitor ticks."""
PASSWORD = re.compile(rb"type\s*=\s*[\"']?password", re.IGNORECASE)

LOGIN_WORDS = re.compile("|".join(_SIGNS.login_words), re.IGNORECASE)
BROKEN = "|".join(_SIGNS.broken)
"""Those of ``ERROR_WORDS`` by which a server says that it is broken or closed for work: it refuses nobody."""
ERROR_WORDS = re.compile(rf"^\W*(?:{'|'.join(_SIGNS.error_words)}|{BROKEN})", re.IGNORECASE)
"""How the title, the first heading or the whole of an error page begins; anchored, so that adverts about errors are not meant."""

FAILED = frozenset({"error", "fail", "failed", "failure", "forbidden", "denied", "unauthorized", "blocked"})
"""Values of a JSON answer's ``status`` or ``result`` that mean no."""
