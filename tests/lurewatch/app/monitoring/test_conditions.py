"""Each condition is a rule that Prometheus takes, has a page, and speaks of a series that is exposed."""

import json
import re
import shutil
import subprocess

import pytest

from lurewatch.app.app_errors import PermanentError
from lurewatch.app.monitoring.alert_files import CONDITIONS, write_alert_files
from lurewatch.app.monitoring.catalogue import SERIES
from lurewatch.settings import Settings
from tests.conftest import ROOT

DASHBOARD = ROOT / "deploy" / "grafana" / "lurewatch.json"
PROMTOOL = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not here: Debian's package prometheus has it")
AMTOOL = pytest.mark.skipif(shutil.which("amtool") is None, reason="amtool is not here: Debian's package prometheus-alertmanager")
TOLD = {"notify_recipients": "ops@example.org", "mail_from": "watch@example.org", "smtp": "smtp://127.0.0.1:25"}
"""Settings by which somebody is told."""


def run_program(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def files(tmp_path):
    settings = Settings(**TOLD, public_url="https://desk.example.org", docs_url="https://docs.example.org")
    write_alert_files(settings, tmp_path / "files", exporter="exporter:9464", alertmanager="alertmanager:9093")
    return tmp_path / "files"


def test_each_condition_is_a_rule_with_a_link_to_its_page_and_words_for_its_end(files):
    rules = json.loads((files / "alerts.yml").read_text())["groups"][0]["rules"]
    assert [rule["alert"] for rule in rules] == [*CONDITIONS, "Watchdog"]
    for rule in rules[:-1]:
        page = CONDITIONS[rule["alert"]].page
        assert (rule["for"], rule["annotations"]["runbook_url"]) == ("2m", f"https://docs.example.org/runbook/{page}/")
        assert rule["labels"]["severity"] in ("critical", "warning") and rule["annotations"]["cured"]
    assert json.loads((files / "prometheus.yml").read_text())["global"]["external_labels"] == {"host": "desk.example.org"}
    assert {file.name: file.stat().st_mode & 0o777 for file in files.iterdir()} == dict.fromkeys(
        ("alerts.yml", "alertmanager.yml", "prometheus.yml"), 0o600
    )


@PROMTOOL
def test_promtool_accepts_the_configuration_and_the_rules_it_names(files):
    run_program("promtool", "check", "config", files / "prometheus.yml")


@AMTOOL
@pytest.mark.parametrize(
    "more", [{}, {"notify_webhook": "https://chat.example.org/x", "notify_heartbeat": "https://beat.example.org/x"},
             {"smtp": "smtps://user:pass%40word@mail.example.org", "notify_recipients": "a@example.org, b@example.org"}],
)  # fmt: skip
def test_amtool_accepts_the_routes(tmp_path, more):
    write_alert_files(Settings(**TOLD | more), tmp_path, exporter="e:1", alertmanager="a:1")
    run_program("amtool", "check-config", tmp_path / "alertmanager.yml")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"notify_recipients": ""}, "nobody would be told"), ({"notify_recipients": "nobody"}, "'nobody' is not an address"),
        ({"mail_from": ""}, "LUREWATCH_MAIL_FROM"), ({"smtp": "smtps://mail.example.org:2465"}, "port 465 alone"),
    ],
)  # fmt: skip
def test_a_setting_by_which_nobody_would_be_told_is_refused_by_its_name(tmp_path, more, told):
    with pytest.raises(PermanentError, match=told):
        write_alert_files(Settings(**TOLD | more), tmp_path, exporter="e:1", alertmanager="a:1")


def test_each_page_says_what_it_means_where_to_look_and_what_to_do():
    pages = {page.stem: page.read_text() for page in (ROOT / "docs" / "runbook").glob("*.md")}
    assert set(pages) == {condition.page for condition in CONDITIONS.values()}
    for name, text in pages.items():
        assert re.findall("^## (.*)$", text, re.MULTILINE) == ["What it means", "Look here", "Do this"], name


def test_each_series_that_rules_and_dashboard_name_is_exposed(files):
    for file in (files / "alerts.yml", DASHBOARD):
        named = set(re.findall(r"lurewatch_[a-z_]+", file.read_text()))
        assert named and named <= set(SERIES)


def test_the_dashboard_is_json_with_a_question_in_each_panel():
    panels = json.loads(DASHBOARD.read_text())["panels"]
    assert panels and all(target["expr"] for panel in panels for target in panel["targets"])
    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}) == len(panels)


def test_the_documentation_lists_each_condition_in_its_own_words():
    text = (ROOT / "docs" / "monitoring.md").read_text()
    assert re.findall(r"^\| \[\w+\].*$", text, re.MULTILINE) == [
        f"| [{each.name}](runbook/{each.page}.md) | {each.summary} |" for each in CONDITIONS.values()
    ]
