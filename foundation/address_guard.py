"""The address guard: which addresses may be connected to, and the resolver that pins what it checked.

Scammers write the pages we fetch, so any link, redirect, robots.txt or sub-resource may point inside. Three rules:

- The address that is checked is the address that is connected to. A name is resolved once, every answer is checked, and the
  caller is handed the checked addresses, never the name (checking a name and fetching it later loses to DNS rebinding).
- Fail closed: no answer, a late answer or one bad answer among good ones refuses the name.
- Loopback is open only to the exact host and port of a source's own start addresses, and only on request of the operator.

Ranges: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates) and multicast; of IPv6, only the
global unicast block 2000::/3 is ever considered. Forms that carry an IPv4 address inside (mapped, NAT64, 6to4, Teredo) are
refused whole: no public site needs them and each has been used to slip past a check.
"""

import asyncio
import ipaddress
import socket
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from foundation.crawl_errors import AddressRefused

Lookup = Callable[[str, int], Awaitable[list[str]]]
"""(host, port) -> IP addresses; raises OSError when there is no answer."""

LOOPBACK = "loopback"
REFUSED = tuple(
    (ipaddress.ip_network(network), why)
    for network, why in (
        ("127.0.0.0/8", LOOPBACK),
        ("::1/128", LOOPBACK),
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("::/96", "IPv4-compatible"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "discard"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("fc00::/7", "unique local"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
REMEMBERED_SECONDS = 60.0
"""How long a checked answer is used again: as long as browsers keep theirs."""


def refusal(ip: str) -> str | None:
    """Return why the address ``ip`` is never connected to, None when it is public; a text that is no address is refused."""
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return "not an IP address"
    for network, why in REFUSED:
        if address.version == network.version and address in network:
            return why
    if address.version == 6 and address not in GLOBAL_UNICAST:
        return "not global unicast"
    return None


async def system_lookup(host: str, port: int) -> list[str]:
    """Return the addresses the machine's own resolver knows for ``host``, in its order."""
    loop = asyncio.get_running_loop()
    results = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in results))


class Guard:
    """Resolves names to checked addresses, for the crawler's connector and for the browser's proxy alike."""

    def __init__(
        self, loopback_origins: Iterable[tuple[str, int]] = (), *, lookup: Lookup = system_lookup, timeout: float = 10.0
    ) -> None:
        self._origins = frozenset((host.lower(), port) for host, port in loopback_origins)
        self._ports = frozenset(port for _, port in self._origins)
        self._lookup = lookup
        self._timeout = timeout
        self._known: dict[tuple[str, int], tuple[float, list[str]]] = {}

    async def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses to connect to for ``host``; raise AddressRefused when there is none or one is forbidden."""
        host = host.lower().rstrip(".")
        known = self._known.get((host, port))
        if known and known[0] > time.monotonic():
            return known[1]
        try:
            results = await asyncio.wait_for(self._lookup(host, port), self._timeout)
        except (OSError, TimeoutError, UnicodeError) as exc:
            raise AddressRefused(f"{host}: no address ({str(exc) or 'timed out'})") from exc
        if not results:
            raise AddressRefused(f"{host}: no address")
        for ip in results:
            self.check(ip, host=host, port=port)
        self._known[host, port] = (time.monotonic() + REMEMBERED_SECONDS, results)
        return results

    def addresses_now(self, host: str, port: int) -> list[str]:
        """Return what ``addresses`` returns, for a caller that cannot await; works also in a thread with a running loop."""
        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(lambda: asyncio.run(self.addresses(host, port))).result()

    def check(self, ip: str, *, host: str, port: int) -> None:
        """Raise AddressRefused unless ``ip`` may be connected to on behalf of ``host``."""
        why = refusal(ip)
        if why is None or (why == LOOPBACK and (host.lower(), port) in self._origins):
            return
        raise AddressRefused(f"{host}:{port} is {ip} ({why})")

    def check_peer(self, ip: str, port: int) -> None:
        """Second check, at the socket: raise AddressRefused for an address that no name can make allowed."""
        why = refusal(ip)
        if why is None or (why == LOOPBACK and port in self._ports):
            return
        raise AddressRefused(f"{ip}:{port} ({why})")
