"""Settings: each is documented, and a wrong one is named with its fix."""

import re
from pathlib import Path

import pytest

from lurewatch.settings import Settings, SettingsError, load_settings

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("foundation", "crawlers", "enrichment", "index", "desk", "lurewatch", "dags", "benchmarks", "tests")


def test_every_setting_is_documented_with_its_default() -> None:
    """docs/settings.md is the table of Settings, word for word."""
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"| `LUREWATCH_{name.upper()}` | `{field.default}` | {field.description} |" in page


def test_a_variable_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    """Three places, in this order."""
    file = tmp_path / "lurewatch.toml"
    file.write_text('bind = "127.0.0.1:1"\nruns = "elsewhere"\n')
    settings = load_settings({"LUREWATCH_BIND": "127.0.0.1:2"}, file)
    assert (settings.bind, settings.runs, settings.store) == ("127.0.0.1:2", "elsewhere", Settings.model_fields["store"].default)


def test_a_secret_may_be_a_file(tmp_path: Path) -> None:
    """As container platforms hand them over."""
    (tmp_path / "key").write_text("s3cret\n")
    assert load_settings({"LUREWATCH_STORE_API_KEY_FILE": str(tmp_path / "key")}, tmp_path / "none").store_api_key == "s3cret"


def test_an_unreadable_secret_names_its_variable(tmp_path: Path) -> None:
    """The path alone would not say which setting it was for."""
    with pytest.raises(SettingsError, match="LUREWATCH_STORE_API_KEY_FILE: cannot read"):
        load_settings({"LUREWATCH_STORE_API_KEY_FILE": str(tmp_path / "none")}, tmp_path / "none")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("stoer = 'x'", "unknown setting 'stoer', did you mean store"),
        ("bind = ", "mend the line"),
        ("allow_loopback = 'perhaps'", "setting allow_loopback"),
    ],
)
def test_a_wrong_file_is_one_clear_line(tmp_path: Path, content: str, message: str) -> None:
    """Unknown names, broken TOML and bad values are refused, never ignored."""
    file = tmp_path / "lurewatch.toml"
    file.write_text(content)
    with pytest.raises(SettingsError, match=message):
        load_settings({}, file)


@pytest.mark.parametrize(
    ("variable", "near"),
    [
        ("LUREWATCH_STOER", ", did you mean LUREWATCH_STORE?"),
        ("LUREWATCH_STORE_KEY_FILE", ", did you mean LUREWATCH_STORE_API_KEY?"),
        ("LUREWATCH_Bind", ", did you mean LUREWATCH_BIND?"), ("LUREWATCH_COLOUR_SCHEME", ""),
    ],
)  # fmt: skip
def test_a_misspelt_variable_is_refused_with_the_nearest_name(tmp_path: Path, variable: str, near: str) -> None:
    """It would silently have no effect."""
    with pytest.raises(SettingsError, match=re.escape(f"{variable}: no such setting{near}; see docs/settings.md")):
        load_settings({variable: "x"}, tmp_path / "none")


def test_no_variable_the_code_or_its_tests_read_is_refused(tmp_path: Path) -> None:
    """Every LUREWATCH_ variable that is looked up by name anywhere."""
    read = re.compile(r"""(?:environ|getenv)[^\n]{0,9}["'](LUREWATCH_\w+)""")
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    found = {name for path in files for name in read.findall(path.read_text(encoding="utf-8"))}
    assert {"LUREWATCH_CACHE", "LUREWATCH_TEST_ES_URL"} <= found
    load_settings({name: "http://x" if name.endswith("_URL") else "true" for name in found}, tmp_path / "none")


def test_the_one_variable_that_is_no_setting_is_documented() -> None:
    """With what it is for."""
    assert "`LUREWATCH_CACHE`" in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("value", "words"), [
    ("nginx", "no address or network"), ("127.0.0.1, 0.0.0.0/0", "is everybody"), ("*", "no address or network"),
    ("10.0.0.1/8", "has host bits set"),
])  # fmt: skip
def test_a_trusted_proxy_is_an_address_or_a_network_and_never_everybody(value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        load_settings({"LUREWATCH_TRUSTED_PROXIES": value})


def test_trusted_proxies_are_read_one_by_one() -> None:
    found = load_settings({"LUREWATCH_TRUSTED_PROXIES": "127.0.0.1, 172.18.0.0/16,, 2001:db8::/32"})
    assert found.proxies == ("127.0.0.1", "172.18.0.0/16", "2001:db8::/32")


@pytest.mark.parametrize("value", ["Desk\nBcc: x@example.org", "Desk\r", "De\tsk", "\x1b[2J", "\u202eksed", "De\u2028sk", "\x9b"])
def test_a_control_character_in_a_setting_is_refused_with_its_name(tmp_path: Path, value: str) -> None:
    """The organisation stands in the head of every mail and in the user agent."""
    with pytest.raises(SettingsError, match=r"setting organisation: .* holds .*; remove it; set LUREWATCH_ORGANISATION"):
        load_settings({"LUREWATCH_ORGANISATION": value}, tmp_path / "none")
