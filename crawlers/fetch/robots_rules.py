"""robots.txt as RFC 9309 reads it, for one product token; pure, no network.

Where readings of the standard differ the stricter one wins: a path must be allowed both as written and with its
percent-escapes normalised (RFC 9309 §2.2.2), a tie between rules of equal length goes to Allow as the RFC says, lines that
are neither rules nor agents do not end a group. Wildcards are matched by searching their literal parts in turn, so that a
hostile pattern costs time linear in the path.
"""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

PARSED_BYTES = 500 * 1024
"""RFC 9309 §2.5: at least this much of the file is read; what follows is ignored."""
LINE_BYTES = 16_664
"""Longer lines are cut: eight times the longest address anyone serves."""
AGENT = {"user-agent", "useragent", "user agent"}
ALLOW = {"allow"}
DISALLOW = {"disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"}
CRAWL_DELAY = {"crawl-delay", "crawldelay", "crawl delay"}
SITEMAP = {"sitemap", "site-map"}
UNREACHABLE = "robots.txt unreachable"
"""How the reason begins when there was no answer to read rules from."""
KNOWN = AGENT | ALLOW | DISALLOW | CRAWL_DELAY | SITEMAP

_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


class RobotsVerdict(NamedTuple):
    """Whether an address may be fetched, and the rule or circumstance that says so."""

    allowed: bool
    rule: str

    def __str__(self) -> str:
        return f"{'allowed' if self.allowed else 'denied'}: {self.rule}"


class Rule(NamedTuple):
    """One Allow or Disallow line of the group that applies to us."""

    pattern: str
    allows: bool
    line: str
    wild: bool
    """Whether the pattern holds ``*`` or ends in ``$``."""

    def matches(self, path: str) -> bool:
        """Return whether the pattern (``*`` any text, final ``$`` end of path) matches a prefix of ``path``."""
        if self.wild:
            return _matches(self.pattern, path)
        return path.startswith(self.pattern)


class Robots(NamedTuple):
    """What one robots.txt says to one product token."""

    rules: tuple[Rule, ...] = ()
    """Longest pattern first, Allow before Disallow."""
    normalised: tuple[Rule, ...] = ()
    """The same with normalised escapes; empty when that changes nothing."""
    crawl_delay: float | None = None
    """Seconds between two requests; not part of RFC 9309, honoured all the same."""
    sitemaps: tuple[str, ...] = ()
    fixed: RobotsVerdict | None = None
    """The answer to every address, when there is no file to read rules from."""

    def decision(self, url: str) -> RobotsVerdict:
        """Return whether ``url`` may be fetched."""
        if self.fixed:
            return self.fixed
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if path == "/robots.txt":
            return RobotsVerdict(True, "robots.txt itself")
        as_written = _decide(self.rules, path)
        if not as_written.allowed:
            return as_written
        normal = _normalise(path)
        if normal == path and not self.normalised:
            return as_written
        stricter = _decide(self.normalised or self.rules, normal)
        return as_written if stricter.allowed else stricter


def parse(body: bytes, agent: str) -> Robots:
    """Return the rules of ``body`` for the product token ``agent``: its own groups merged, else those of ``*``."""
    text = _readable(body)
    own, everyone = _Group(), _Group()
    seen_own = False
    sitemaps: list[str] = []
    groups: list[_Group] = []
    in_rules = False
    for line in re.split(r"\r\n|\r|\n", text):
        key, value = _directive(line[:LINE_BYTES])
        if key in AGENT:
            if in_rules:
                groups, in_rules = [], False
            is_own = product_token(value) == agent.lower()
            seen_own = seen_own or is_own
            if is_own or _means_everyone(value):
                groups.append(own if is_own else everyone)
        elif key in ALLOW or key in DISALLOW:
            in_rules = True
            for group in groups:
                group.add(value, key in ALLOW)
        elif key in CRAWL_DELAY:
            for group in groups:
                group.wait(value)
        elif key in SITEMAP and value:
            sitemaps.append(value)
    return _robots(own if seen_own else everyone, sitemaps)


def _means_everyone(value: str) -> bool:
    return value == "*" or re.match(r"\*\s", value) is not None


def _robots(group: "_Group", sitemaps: list[str]) -> Robots:
    """Return the rules of a group, the longest first, as written and normalised."""
    rules = sorted(group.rules, key=lambda rule: (-len(rule.pattern), not rule.allows))
    normal = [rule._replace(pattern=_normalise(rule.pattern)) for rule in rules]
    normal.sort(key=lambda rule: (-len(rule.pattern), not rule.allows))
    return Robots(tuple(rules), tuple(normal) if normal != rules else (), group.crawl_delay, tuple(sitemaps))


def unavailable(why: str) -> Robots:
    """Return the answer for a site without robots.txt (4xx, or too many redirects): everything may be fetched."""
    return Robots(fixed=RobotsVerdict(True, f"no robots.txt ({why})"))


def unreachable(why: str) -> Robots:
    """Return the answer for a site whose robots.txt could not be fetched (5xx, network): nothing may be fetched."""
    return Robots(fixed=RobotsVerdict(False, f"{UNREACHABLE} ({why})"))


def product_token(user_agent: str) -> str:
    """Return the name robots.txt knows us by: the letters, ``-`` and ``_`` a User-Agent begins with, in lower case."""
    match = re.match(r"[A-Za-z_-]+", user_agent)
    return match.group().lower() if match else ""


class _Group:
    """The lines gathered for one agent while a file is read."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.crawl_delay: float | None = None

    def add(self, value: str, allows: bool) -> None:
        if value:
            line = f"{'Allow' if allows else 'Disallow'}: {value}"
            self.rules.append(Rule(_escape(value), allows, line, "*" in value or value.endswith("$")))

    def wait(self, value: str) -> None:
        try:
            seconds = float(value)
        except ValueError:
            return  # "Crawl-delay: soon" says nothing we could honour
        if 0 <= seconds < float("inf"):
            self.crawl_delay = max(seconds, self.crawl_delay or 0.0)


def _decide(rules: tuple[Rule, ...], path: str) -> RobotsVerdict:
    for rule in rules:
        if rule.matches(path):
            return RobotsVerdict(rule.allows, rule.line)
    return RobotsVerdict(True, "no rule matches")


def _matches(pattern: str, path: str) -> bool:
    ends = pattern.endswith("$")
    first, *rest = (pattern[:-1] if ends else pattern).split("*")
    if not path.startswith(first):
        return False
    if not rest:
        return not ends or path == first
    at = len(first)
    for part in rest[:-1]:
        count = path.find(part, at)
        if count < 0:
            return False
        at = count + len(part)
    if ends:
        return path.endswith(rest[-1]) and len(path) - len(rest[-1]) >= at
    return path.find(rest[-1], at) >= 0


def _readable(body: bytes) -> str:
    cut = body[:PARSED_BYTES]
    if len(body) > PARSED_BYTES:
        cut = cut[: max(cut.rfind(b"\n"), cut.rfind(b"\r")) + 1]  # half a rule may say the opposite of the whole
    return cut.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _directive(line: str) -> tuple[str, str]:
    line = line.partition("#")[0].strip()
    key, colon, value = line.partition(":")
    if colon and key.strip().lower() in KNOWN:
        return key.strip().lower(), value.strip()
    words = line.split()  # "Disallow /private": the colon is forgotten often enough
    if len(words) == 2 and words[0].lower() in KNOWN:
        return words[0].lower(), words[1]
    return "", ""


def _escape(pattern: str) -> str:
    """Return the pattern with bytes outside ASCII as escapes and the digits of escapes in upper case."""
    pattern = "".join(char if char < "\x80" else f"%{ord(char):02X}" for char in pattern)
    return _ESCAPE.sub(lambda match: match.group().upper(), pattern)


def _normalise(text: str) -> str:
    """Return ``text`` with escapes of unreserved characters undone, all others in upper case, the rest escaped."""

    def normalise_escape(match: re.Match[str]) -> str:
        char = chr(int(match.group()[1:], 16))
        return char if char in _UNRESERVED else match.group().upper()

    if text.isascii():
        return _ESCAPE.sub(normalise_escape, text) if "%" in text else text
    return _ESCAPE.sub(
        normalise_escape, "".join(c if c < "\x80" else "".join(f"%{byte:02X}" for byte in c.encode()) for c in text)
    )
