"""Who takes notices about a whole host: the registrar of its domain and the network it stands in, asked by RDAP (RFC 9082, 9083).

Which server knows a domain or an address says IANA's bootstrap (RFC 9224). Answers are kept with their address and moment, and
asked again after a week only. Nothing but public addresses is connected to, redirects are checked like first addresses, and the
address that was checked is the one that is connected to.
"""

import ipaddress
import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
import urllib3

from crawlers.sources.setting_types import site
from desk.highlighting import plain_line
from desk.people.accounts import EMAIL
from desk.refusals import DeskRefusal
from foundation.address_guard import Guard
from foundation.crawl_errors import AddressRefused
from foundation.whole_files import replace_file

BOOTSTRAP = "https://data.iana.org/rdap/"
GOOD_FOR = timedelta(days=7)
PAUSE = 1.0
"""Seconds between two requests."""
LARGEST = 2 << 20
_CHUNK = 64 << 10
MOST_REDIRECTS = 3
_DEPTH = 4
"""Entities within entities that are looked into."""


class RegistryError(DeskRefusal):
    """Nobody can be asked about a host, or who was asked does not answer; the message says which, and what to do."""


class AbuseContact(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes notices about a part of a host, as its registry says."""

    of: str
    """``registrar`` of the domain, or ``network`` of the address."""
    about: str
    """The domain or the address that was asked about."""
    name: str = ""
    emails: tuple[str, ...] = ()
    """None: the registry names nobody."""
    asked: str = ""
    """Address of the answer."""
    at: datetime


class RdapClient:
    """Asks registries, one request at a time."""

    def __init__(
        self, folder: Path, *, user_agent: str, guard: Guard | None = None, bootstrap: str = BOOTSTRAP,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC), pause: float = PAUSE, seconds: float = 20,
    ) -> None:  # fmt: skip
        self._folder, self._guard, self._bootstrap, self._clock = folder, guard or Guard(), bootstrap, clock
        self._headers = {"User-Agent": user_agent, "Accept": "application/rdap+json, application/json"}
        self._pause, self._seconds, self._asked_at = pause, seconds, 0.0

    def contacts(self, host: str) -> list[AbuseContact]:
        """Return who takes notices about a host.

        Raises RegistryError for what is no public host, and where a registry does not answer.
        """
        host = host.strip().lower().rstrip(".")
        address = _address(host)
        if address is None:
            domain = _domain(host)
            found = [self._contact("registrar", domain, f"domain/{domain}", self._registry(domain))]
            address = ipaddress.ip_address(self._resolve(host, 443)[0])
        else:
            self._check(str(address), host)
            found = []
        return [*found, self._contact("network", str(address), f"ip/{address}", self._network(address))]

    def _contact(self, of: str, about: str, path: str, base: str) -> AbuseContact:
        url = f"{base.rstrip('/')}/{path}"
        answer, at = self._fetch_or_recall(url)
        everyone = list(_entities(answer.get("entities")))
        entities = [entity for entity in everyone if "abuse" in _roles(entity)]
        named = [entity for entity in everyone if "registrar" in _roles(entity)]
        mails = [mail for entity in entities for mail in _properties(entity, "email")]
        return AbuseContact(
            of=of, about=about, asked=url, at=at,
            name=next((name for entity in [*named, *entities] for name in _properties(entity, "fn")), ""),
            emails=tuple(dict.fromkeys(filter(EMAIL.fullmatch, mails))),
        )  # fmt: skip

    def _registry(self, domain: str) -> str:
        """Return the server of a domain: that of its longest ending."""
        labels = domain.split(".")
        endings = [".".join(labels[at:]) for at in range(len(labels))]
        services = {key: urls for keys, urls in self._services("dns.json") for key in keys}
        for ending in endings:
            if url := _secure(services.get(ending, ())):
                return url
        raise RegistryError(f"no registry answers RDAP for {domain}; look it up by WHOIS, or write to its site")

    def _network(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
        """Return the server of an address: that of the smallest network it is in."""
        found: list[tuple[int, str]] = []
        for keys, urls in self._services(f"ipv{address.version}.json"):
            for network in (ipaddress.ip_network(key, strict=False) for key in keys):
                if address.version == network.version and address in network and (url := _secure(urls)):
                    found.append((network.prefixlen, url))
        if not found:
            raise RegistryError(f"no registry answers RDAP for {address}")
        return max(found)[1]

    def _services(self, name: str) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
        answer, _ = self._fetch_or_recall(f"{self._bootstrap}{name}")
        for service in answer.get("services", []):
            if isinstance(service, list) and len(service) == 2:
                keys, urls = ([text for text in part if isinstance(text, str)] for part in service)
                yield keys, urls

    def _fetch_or_recall(self, url: str) -> tuple[dict[str, Any], datetime]:
        """Return an answer and when it was given: the one that was kept, or a new one, which is kept then."""
        path = self._folder / f"{''.join(letter if letter.isalnum() else '_' for letter in url)[:200]}.json"
        now = self._clock()
        try:
            record = json.loads(path.read_bytes())
            at = datetime.fromisoformat(record["at"])
            if record["url"] == url and now - at <= GOOD_FOR:
                return dict(record["answer"]), at
        except (OSError, ValueError, KeyError, TypeError):
            pass  # not asked before, or damaged: it is asked again
        answer = self._ask(url)
        self._folder.mkdir(parents=True, exist_ok=True)
        record = {"url": url, "at": now.isoformat(), "answer": answer}
        replace_file(path, json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8", "replace"))
        return answer, now

    def _ask(self, url: str) -> dict[str, Any]:
        for _ in range(MOST_REDIRECTS + 1):
            status, headers, content = self._get(url)
            if status in (301, 302, 303, 307, 308) and headers.get("location"):
                url = urljoin(url, headers["location"])
                continue
            host = urlsplit(url).netloc
            if status == 404:
                raise RegistryError(f"{host} knows nothing about {url.rpartition('/')[2]}")
            if status == 429:
                raise RegistryError(f"{host} asks for patience ({headers.get('retry-after', 'no time named')}); ask again later")
            if status != 200:
                raise RegistryError(f"{host} answered {status}; ask again later")
            try:
                answer = json.loads(content)
            except (ValueError, RecursionError) as exc:
                raise RegistryError(f"{host} answered no JSON") from exc
            if not isinstance(answer, dict):
                raise RegistryError(f"{host} answered no object")
            return answer
        raise RegistryError(f"{urlsplit(url).netloc} leads from one address to the next; ask again later")

    def _get(self, url: str) -> tuple[int, dict[str, str], bytes]:
        """Ask one address, connected to where the guard allowed."""
        parts = urlsplit(url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        ip = self._resolve(host, port)[0]
        if not secure and not ipaddress.ip_address(ip).is_loopback:  # the guard lets loopback pass for tests alone
            raise RegistryError(f"{parts.netloc} would be asked in the clear; RDAP is asked over https only")
        time.sleep(max(0.0, self._asked_at + self._pause - time.monotonic()))
        self._asked_at = time.monotonic()
        timeout = urllib3.Timeout(total=self._seconds)
        pool = (
            urllib3.HTTPSConnectionPool(ip, port, server_hostname=host, assert_hostname=host, timeout=timeout, retries=False)
            if secure else urllib3.HTTPConnectionPool(ip, port, timeout=timeout, retries=False)
        )  # fmt: skip
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        try:
            answer = pool.request(
                "GET", path, headers=self._headers | {"Host": parts.netloc}, redirect=False, preload_content=False
            )
            content, until = bytearray(), time.monotonic() + self._seconds
            while len(content) <= LARGEST and (chunk := answer.read1(_CHUNK)):
                content += chunk
                if time.monotonic() > until:
                    raise RegistryError(f"{parts.netloc} did not answer within {self._seconds} seconds")
            answer.close()
        except (urllib3.exceptions.HTTPError, OSError) as exc:
            raise RegistryError(f"{parts.netloc} does not answer; ask again later") from exc
        finally:
            pool.close()
        if len(content) > LARGEST:
            raise RegistryError(f"{parts.netloc} answered more than {LARGEST:,} bytes")
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, bytes(content)

    def _resolve(self, host: str, port: int) -> list[str]:
        try:
            return self._guard.addresses_now(host, port)
        except AddressRefused as exc:
            raise RegistryError(f"not asked: {exc}") from exc

    def _check(self, ip: str, host: str) -> None:
        try:
            self._guard.check(ip, host=host, port=443)
        except AddressRefused as exc:
            raise RegistryError(f"not asked: {exc}") from exc


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _domain(host: str) -> str:
    """Return the registered domain a host is below; raise RegistryError for what is none."""
    try:
        name = host.encode("idna").decode()
    except UnicodeError:
        name = ""
    labels = name.split(".")
    if len(labels) < 2 or not all(label.replace("-", "").isalnum() and label.isascii() for label in labels):
        raise RegistryError(f"{plain_line(host)[:80]!r} is not the name of a host; write it alone, as board.example.org")
    return site(f"https://{name}/")


def _secure(urls: Sequence[str]) -> str:
    """Return the https address among those of a registry, or its first."""
    return next((url for url in urls if url.startswith("https://")), next(iter(urls), ""))


def _entities(found: object, depth: int = _DEPTH) -> Iterator[dict[str, Any]]:
    """Yield every entity, and those within it."""
    for entity in found if isinstance(found, list) and depth else ():
        if isinstance(entity, dict):
            yield entity
            yield from _entities(entity.get("entities"), depth - 1)


def _roles(entity: dict[str, Any]) -> set[str]:
    roles = entity.get("roles")
    return {role for role in roles if isinstance(role, str)} if isinstance(roles, list) else set()


def _properties(entity: dict[str, Any], name: str) -> Iterator[str]:
    """Yield the values of one property of an entity's jCard (RFC 7095), as plain text of one line."""
    card = entity.get("vcardArray")
    lines = card[1] if isinstance(card, list) and len(card) == 2 and isinstance(card[1], list) else []
    for line in lines:
        if isinstance(line, list) and len(line) >= 4 and line[0] == name and isinstance(line[3], str):
            yield plain_line(line[3])[:254]
