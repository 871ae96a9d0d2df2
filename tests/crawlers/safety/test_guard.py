"""The guard hands out checked addresses or nothing."""

import asyncio
import ipaddress

import pytest

from foundation.address_guard import REFUSED, Guard, refusal
from foundation.crawl_errors import AddressRefused


@pytest.mark.parametrize(
    "ip", ["93.184.216.34", "8.8.8.8", "1.1.1.1", "2606:2800:220:1::34", "2400:cb00::1", "192.0.1.1", "100.128.0.1"]
)
def test_public_addresses_are_allowed(ip: str) -> None:
    assert refusal(ip) is None


@pytest.mark.parametrize("network", [str(network) for network, _ in REFUSED])
def test_the_first_and_last_address_of_each_range_are_refused(network: str) -> None:
    block = ipaddress.ip_network(network)
    assert refusal(str(block[0]))
    assert refusal(str(block[-1]))


@pytest.mark.parametrize(
    "text", ["", "localhost", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "1.2.3", "::1%lo0", "fe80::1%eth0"]
)
def test_what_is_no_plain_public_address_is_refused(text: str) -> None:
    assert refusal(text)


def test_whatever_the_standard_library_calls_special_is_refused() -> None:
    for ip in (
        "10.1.2.3",
        "169.254.1.1",
        "224.0.0.251",
        "255.255.255.255",
        "fd12::1",
        "ff02::fb",
        "2001:db8::5",
        "192.0.0.9",
        "2001:20::1",
    ):
        assert refusal(ip), ip


def _guard(answers: dict[str, list[str]], **options: object) -> Guard:
    async def lookup(host: str, port: int) -> list[str]:
        if host not in answers:
            raise OSError("Name or service not known")
        return answers[host]

    return Guard(lookup=lookup, **options)


@pytest.mark.parametrize("found", [["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], [], ["::ffff:93.184.216.34"]])
def test_one_bad_answer_among_good_ones_refuses_the_name(found: list[str]) -> None:
    with pytest.raises(AddressRefused):
        _guard({"a.example": found}).addresses_now("a.example", 80)


def test_a_name_without_answer_is_refused() -> None:
    with pytest.raises(AddressRefused, match="no address"):
        _guard({}).addresses_now("nowhere.example", 80)


def test_a_late_answer_is_refused() -> None:
    async def never(host: str, port: int) -> list[str]:
        await asyncio.sleep(5)
        return ["93.184.216.34"]

    with pytest.raises(AddressRefused, match="timed out"):
        Guard(lookup=never, timeout=0.01).addresses_now("slow.example", 80)


def test_an_answer_is_used_again_and_not_asked_for_twice() -> None:
    asked = []

    async def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    guard = Guard(lookup=lookup)
    assert guard.addresses_now("a.example", 80) == guard.addresses_now("A.example.", 80) == ["93.184.216.34"]
    assert asked == ["a.example"]


def test_a_caller_that_does_not_await_is_answered_where_a_loop_runs() -> None:
    async def inside() -> list[str]:
        return _guard({"a.example": ["93.184.216.34"]}).addresses_now("a.example", 80)

    assert asyncio.run(inside()) == ["93.184.216.34"]


def test_loopback_is_open_only_to_the_exact_host_and_port() -> None:
    guard = _guard(
        {"127.0.0.1": ["127.0.0.1"], "evil.example": ["127.0.0.1"], "localhost": ["127.0.0.1"]},
        loopback_origins=[("127.0.0.1", 8001)],
    )
    assert guard.addresses_now("127.0.0.1", 8001) == ["127.0.0.1"]
    for host, port in (("127.0.0.1", 8002), ("evil.example", 8001), ("localhost", 8001)):
        with pytest.raises(AddressRefused):
            guard.addresses_now(host, port)
    guard.check_peer("127.0.0.1", 8001)
    for ip, port in (("127.0.0.1", 22), ("10.0.0.1", 8001), ("::ffff:127.0.0.1", 8001)):
        with pytest.raises(AddressRefused):
            guard.check_peer(ip, port)
