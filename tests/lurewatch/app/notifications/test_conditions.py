"""Each condition is the rule of its name in Prometheus, has a page, and speaks of a series that is exposed."""

import json
import re
import shutil
import subprocess

import pytest
import yaml

from lurewatch.app.monitoring.catalogue import SERIES, sample
from lurewatch.app.notifications.conditions import CONDITIONS
from tests.conftest import ROOT

RULES = ROOT / "deploy" / "prometheus" / "alerts.yml"
DASHBOARD = ROOT / "deploy" / "grafana" / "lurewatch.json"


def rules(group="lurewatch"):
    (found,) = [each["rules"] for each in yaml.safe_load(RULES.read_text())["groups"] if each["name"] == group]
    return found


def test_the_rules_of_prometheus_are_the_conditions():
    assert {rule["alert"]: (rule["expr"], rule["for"]) for rule in rules()} == {
        name: (condition.expression, f"{condition.minutes}m") for name, condition in CONDITIONS.items()
    }


def test_every_rule_waits_but_the_one_that_always_fires():
    assert [rule["alert"] for rule in [*rules(), *rules("lurewatch-itself")] if "for" not in rule] == ["Watchdog"]


def test_each_rule_has_a_severity_a_summary_and_its_page():
    for rule in rules("lurewatch-itself"):
        assert rule["annotations"]["summary"] and (ROOT / rule["annotations"]["runbook"]).is_file()
    for rule in rules():
        assert rule["labels"]["severity"] in ("critical", "warning", "info")
        assert rule["annotations"]["summary"].startswith(CONDITIONS[rule["alert"]].summary)
        assert (ROOT / rule["annotations"]["runbook"]).is_file()


def test_each_page_says_what_it_means_where_to_look_and_what_to_do():
    pages = {page.stem: page.read_text() for page in (ROOT / "docs" / "runbook").glob("*.md")}
    assert set(pages) == {condition.page for condition in CONDITIONS.values()}
    for name, text in pages.items():
        assert re.findall("^## (.*)$", text, re.MULTILINE) == ["What it means", "Look here", "Do this"], name


@pytest.mark.parametrize("file", [RULES, DASHBOARD], ids=lambda file: file.name)
def test_each_series_that_rules_and_dashboard_name_is_exposed(file):
    named = set(re.findall(r"lurewatch_[a-z_]+", file.read_text()))
    assert named and named <= set(SERIES)


def test_the_dashboard_is_json_with_a_question_in_each_panel():
    panels = json.loads(DASHBOARD.read_text())["panels"]
    assert panels and all(target["expr"] for panel in panels for target in panel["targets"])
    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}) == len(panels)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not here: Debian's package prometheus has it")
def test_promtool_accepts_the_rules():
    done = subprocess.run(["promtool", "check", "rules", str(RULES)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_condition_that_another_explains_is_not_true():
    samples = [sample("lurewatch_source_silence_state", 1, name, "dead") for name in ("first", "second")]
    samples.append(sample("lurewatch_source_state", 1, "first", "blocked"))
    assert CONDITIONS["SourceSilent"].true_of(samples) == {("second",): "dead"}
    assert CONDITIONS["SourceBlocked"].true_of(samples) == {("first",): "blocked"}
    samples += [sample("lurewatch_source_overdue_seconds", 90_000, name) for name in ("first", "second")]
    assert CONDITIONS["MissedSchedule"].true_of(samples) == {("second",): "9e+04"}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not here: Debian's package prometheus has it")
def test_prometheus_tells_that_the_desk_is_down_and_that_nothing_reaches_it(tmp_path):
    """The desk answers ten minutes long; then its figures end, as they do when it is down, or the whole job is gone."""
    up, info = 'up{job="lurewatch", instance="desk"}', 'lurewatch_info{version="1"}'
    down = [{"series": up, "values": "1x10 0x20"}, {"series": info, "values": "1x10 stale"}]
    gone = [{"series": up, "values": "1x10 stale"}, {"series": info, "values": "1x10 stale"}]
    well = [{"series": up, "values": "1x30"}, {"series": info, "values": "1x30"}]
    short = [{"series": up, "values": "1x10 0x2 1x20"}, {"series": info, "values": "1x10 stale stale stale 1x20"}]

    def expects(series, *alerts):
        samples = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in sorted([*alerts, "Watchdog"])]
        query = 'max by (alertname) (ALERTS{alertstate="firing"})'
        asked = [{"expr": query, "eval_time": time, "exp_samples": samples} for time in ("18m", "28m")]
        return {"interval": "1m", "input_series": series, "promql_expr_test": asked}

    tests = [
        expects(down, "DeskDown"),
        expects(gone, "FiguresMissing"),
        expects([], "FiguresMissing"),
        expects(well),
        expects(short),
    ]
    file = tmp_path / "test.json"
    file.write_text(json.dumps({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": tests}))
    done = subprocess.run(["promtool", "test", "rules", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
