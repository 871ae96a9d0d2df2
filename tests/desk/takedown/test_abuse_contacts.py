"""Who takes notices about a host, asked of a registry's double (RFC 9083) that is never a private address of somebody else."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from desk.takedown.abuse_contacts import BOOTSTRAP, RdapClient, RegistryError
from foundation.address_guard import Guard
from tests.loopback import serve_answers

NOW = datetime(2026, 11, 30, tzinfo=UTC)
PUBLIC = "8.8.4.4"


def entity(role, *lines, inside=()):
    """Return an entity as RFC 9083 section 5.1 has it."""
    card = ["vcard", [["version", {}, "text", "4.0"], *lines]]
    return {"objectClassName": "entity", "roles": [role], "vcardArray": card, "entities": list(inside)}


DOMAIN = {
    "objectClassName": "domain",
    "ldhName": "made-up.example",
    "entities": [
        entity(
            "registrar", ["fn", {}, "text", "Made-up Registrar"],
            inside=[entity("abuse", ["fn", {}, "text", "Abuse desk"], ["email", {}, "text", "abuse@registrar.example"])],
        ),
        entity("registrant", ["email", {}, "text", "owner@made-up.example"]),
    ],
}  # fmt: skip
NETWORK = {
    "objectClassName": "ip network",
    "handle": "NET-1",
    "entities": [entity("abuse", ["fn", {}, "text", "Made-up Hosting"], ["email", {"pref": "1"}, "text", "abuse@host.example"])],
}


@pytest.fixture
def registry():
    """Serve the answers of a registry on this machine; ``answers`` maps a path to a body, or to (status, headers, body)."""
    answers, asked = {}, []

    def answer(request):
        asked.append((request.path, *map(request.headers.get, ("Host", "User-Agent", "Accept"))))
        status, headers, body = found if isinstance(found := answers.get(request.path), tuple) else (200, {}, found)
        if body is None and status == 200:
            status, body = 404, {"errorCode": 404}
        return status, headers, body if isinstance(body, bytes) else json.dumps(body).encode()

    with serve_answers(answer) as address:
        url = f"{address}/"
        answers |= {
            "/dns.json": {"services": [[["example"], [f"{url}short/"]], [["made-up.example"], [f"{url}reg/"]]]},
            "/ipv4.json": {"services": [[["8.0.0.0/8"], [f"{url}wide/"]], [["8.8.0.0/16"], [f"{url}net/"]]]},
            "/reg/domain/made-up.example": DOMAIN,
            f"/net/ip/{PUBLIC}": NETWORK,
        }
        yield SimpleNamespace(url=url, answers=answers, asked=asked)


@pytest.fixture
def client(registry, tmp_path):
    """Return a function that makes a client whose names all stand for one address."""

    def make(address=PUBLIC, clock=lambda: NOW, **more):
        async def lookup(host, port):
            return ["127.0.0.1"] if host == "127.0.0.1" else [address]

        guard = Guard({("127.0.0.1", urlsplit(registry.url).port)}, lookup=lookup)
        more = {"bootstrap": registry.url, "pause": 0} | more
        return RdapClient(tmp_path / "rdap", user_agent="LureWatch-test", guard=guard, clock=clock, **more)

    return make


def test_registrar_and_network_are_named_as_the_registry_names_them(client, registry):
    registrar, network = client().contacts("www.Made-up.example.")
    assert (registrar.of, registrar.about, registrar.name) == ("registrar", "made-up.example", "Made-up Registrar")
    assert registrar.emails == ("abuse@registrar.example",)  # never that of the owner
    assert (network.of, network.about, network.name, network.emails) == (
        "network", PUBLIC, "Made-up Hosting", ("abuse@host.example",)
    )  # fmt: skip
    assert [path for path, *_ in registry.asked] == [
        "/dns.json", "/reg/domain/made-up.example", "/ipv4.json", f"/net/ip/{PUBLIC}",
    ]  # fmt: skip
    assert {(agent, "rdap+json" in accept) for _, _, agent, accept in registry.asked} == {("LureWatch-test", True)}


def test_an_answer_is_kept_with_its_address_and_moment_and_asked_again_after_a_week(client, registry, tmp_path):
    first = client().contacts("made-up.example")
    assert client(clock=lambda: NOW + timedelta(days=6)).contacts("made-up.example") == first
    assert len(registry.asked) == 4
    kept = [json.loads(path.read_text()) for path in (tmp_path / "rdap").iterdir()]
    assert {record["url"] for record in kept} == {f"{registry.url}{path[1:]}" for path, *_ in registry.asked}
    assert {record["at"] for record in kept} == {NOW.isoformat()}
    later = client(clock=lambda: NOW + timedelta(days=8)).contacts("made-up.example")
    assert later[0].at == NOW + timedelta(days=8) and len(registry.asked) == 8
    next((tmp_path / "rdap").iterdir()).write_text("{")
    assert client(clock=lambda: NOW + timedelta(days=8)).contacts("made-up.example")[0].emails


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "[fd00::1]", "192.0.2.1", "0.0.0.0"])
def test_a_private_address_is_not_asked_about(client, registry, host):
    with pytest.raises(RegistryError, match="not asked"):
        client().contacts(host)
    assert registry.asked == []


@pytest.mark.parametrize("address", ["10.0.0.5", "127.0.0.1", "169.254.169.254", "::ffff:8.8.8.8"])
def test_a_name_that_stands_for_a_private_address_is_not_followed(client, address):
    with pytest.raises(RegistryError, match="not asked"):
        client(address).contacts("made-up.example")


@pytest.mark.parametrize(
    "host", ["", "localhost", "board", "a b.example", "a/b.example", "x@y.example", "\x1b[2J.example", "." * 300]
)
def test_what_is_no_host_is_refused_before_anybody_is_asked(client, registry, host):
    with pytest.raises(RegistryError, match="is not the name of a host"):
        client().contacts(host)
    assert registry.asked == []


@pytest.mark.parametrize(
    ("target", "error", "says"),
    [
        ("http://10.0.0.1/x", RegistryError, "not asked"),
        ("http://registry.example/x", RegistryError, "over https only"),
        ("/reg/domain/made-up.example", RegistryError, "from one address to the next"),
        ("file:///etc/passwd", RegistryError, "not asked|over https only"),
    ],
)
def test_a_redirect_is_checked_like_a_first_address(client, registry, target, error, says):
    registry.answers["/reg/domain/made-up.example"] = (302, {"Location": target}, {})
    with pytest.raises(error, match=says):
        client("10.9.9.9" if "10.0" in target else PUBLIC).contacts("made-up.example")


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        ((429, {"Retry-After": "3600"}, {}), RegistryError, "asks for patience .3600"),
        ((503, {}, {}), RegistryError, "answered 503"),
        ((404, {}, {}), RegistryError, "knows nothing about made-up.example"),
        (b"<html>", RegistryError, "no JSON"),
        (b"[" * 100_000, RegistryError, "no JSON"),
        ([1], RegistryError, "no object"),
        (b" " * (3 << 20), RegistryError, "more than 2,097,152 bytes"),
    ],
)
def test_a_registry_that_answers_otherwise_is_named_and_nothing_is_kept(client, registry, tmp_path, answer, error, says):
    registry.answers["/reg/domain/made-up.example"] = answer
    with pytest.raises(error, match=says):
        client().contacts("made-up.example")
    assert [json.loads(path.read_text())["url"] for path in (tmp_path / "rdap").iterdir()] == [f"{registry.url}dns.json"]


@pytest.mark.parametrize(
    "strange",
    [
        {}, {"entities": None}, {"entities": [1, [], {"roles": "abuse"}]},
        {"entities": [{"roles": ["abuse"], "vcardArray": [1]}]},
        {"entities": [{"roles": ["abuse"], "vcardArray": ["vcard", [["email"], ["email", {}, "text", 7], 3]]}]},
    ],
)  # fmt: skip
def test_an_answer_that_names_nobody_is_one_without_addresses(client, registry, strange):
    registry.answers["/reg/domain/made-up.example"] = strange
    assert client().contacts("made-up.example")[0].emails == ()


def test_words_of_a_registry_stay_one_plain_line(client, registry):
    lines = (["fn", {}, "text", "A\x1b[2J\nB\u202e"], ["email", {}, "text", "a@b.example\nBcc: x@y.example"])
    registry.answers["/reg/domain/made-up.example"] = {"entities": [entity("abuse", *lines)]}
    (found, _) = client().contacts("made-up.example")
    assert found.emails == () and not any(letter in found.name for letter in "\x1b\n\u202e")


def test_the_bootstrap_is_the_public_one_over_https_and_requests_are_spaced(client, registry):
    assert BOOTSTRAP == "https://data.iana.org/rdap/"
    import time

    before = time.monotonic()
    client(pause=0.1).contacts("made-up.example")
    assert time.monotonic() - before >= 0.3


def test_the_command_prints_who_takes_notices_and_fails_for_what_it_cannot_ask(client, monkeypatch):
    from click.testing import CliRunner

    from desk.takedown import abuse_contacts
    from lurewatch.cli.deliver.takedown_command import command

    monkeypatch.setattr(abuse_contacts, "RdapClient", lambda *_, **__: client())
    result = CliRunner().invoke(command, ["abuse", "made-up.example", "localhost"])
    assert "registrar of made-up.example (Made-up Registrar): abuse@registrar.example" in result.output
    assert "is not the name of a host" in result.output and result.exit_code == 1
