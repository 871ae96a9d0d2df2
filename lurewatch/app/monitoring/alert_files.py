"""The conditions that operators are told of, and the files of Prometheus and Alertmanager: rules, and who is told how.

Each condition is a bound on one series, and a rule of Prometheus is made of it; docs/runbook has a page for each.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from desk.mail import transport
from desk.people.accounts import EMAIL
from foundation.whole_files import writing_whole
from lurewatch.app.app_errors import PermanentError, typed_errors
from lurewatch.app.monitoring.catalogue import SERIES
from lurewatch.settings import Settings


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """A bound that a series should not pass."""

    name: str
    series: str
    compare: Literal[">", "<", "=="]
    bound: float
    match: tuple[tuple[str, str], ...] = ()
    """Label -> regular expression its whole value fits."""
    unless: tuple[str, ...] = ()
    """Conditions that explain this one where they are true of the same source."""
    severity: Literal["critical", "warning"] = "warning"
    value: str = ""
    """How the value is shown, as Prometheus' template; empty: not at all."""
    summary: str
    """What is wrong, in a sentence."""
    cured: str
    """The same once it is over."""

    @property
    def page(self) -> str:
        """Its page in docs/runbook."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", self.name).lower()

    @property
    def expression(self) -> str:
        """The bound in PromQL."""
        match = ",".join(f'{name}=~"{pattern}"' for name, pattern in self.match)
        expression = f"{self.series}{f'{{{match}}}' if match else ''} {self.compare} {self.bound:g}"
        for name in self.unless:
            expression += f" unless on (source) ({CONDITIONS[name].expression})"
        return expression

    def rule(self, docs: str) -> dict[str, Any]:
        """Return its rule. What is true for two minutes is told; what is away for a moment is not cured by that.

        ``docs``: where the documentation is read, an address or a folder.
        """
        labels = [f"{{{{ $labels.{name} }}}}" for name in SERIES[self.series].labels] if self.series in SERIES else []
        shown = [*labels, *([f"{{{{ $value | {self.value} }}}}"] if self.value else [])]
        return {
            "alert": self.name, "expr": self.expression, "for": "2m", "keep_firing_for": "5m",
            "labels": {"severity": self.severity},
            "annotations": {
                "subject": " ".join(shown), "summary": self.summary, "cured": self.cured,
                "runbook_url": f"{docs}/runbook/{self.page}{'/' if '://' in docs else '.md'}",
            },
        }  # fmt: skip


DAY, HOUR = 86_400.0, 3600.0
LONG = "humanizeDuration"
CONDITIONS: dict[str, Condition] = {
    condition.name: condition
    for condition in (
        Condition(
            name="FiguresMissing", series='absent(up{job="lurewatch"} == 1)', compare="==", bound=1, severity="critical",
            summary="No figures arrive from the exporter: nothing else is told until they do.", cured="Figures arrive again.",
        ),
        Condition(
            name="PartDown", series="lurewatch_up", compare="==", bound=0, severity="critical",
            summary="A part does not answer; its figures are the last ones known.", cured="The part answers again.",
        ),
        Condition(
            name="IndexReadOnly", series="lurewatch_index_writable", compare="==", bound=0, severity="critical",
            summary="The search index takes no writes: nothing that is crawled can be loaded.",
            cured="The search index takes writes again.",
        ),
        Condition(
            name="DiskFull", series="lurewatch_disk_free_ratio", compare="<", bound=0.1, severity="critical",
            value="humanizePercentage", summary="Less than a tenth of the disk is free; a full disk ends runs and writes.",
            cured="The disk has room again.",
        ),
        Condition(
            name="ClockWrong", series="lurewatch_clock_offset_seconds", compare=">", bound=60, value=LONG, severity="critical",
            summary="The clocks of two parts differ by more than a minute, or a run is dated in the future.",
            cured="The clocks agree again.",
        ),
        Condition(
            name="SeedFaulty", series="lurewatch_seed_fault_line", compare=">", bound=0, value='printf "line %.0f"',
            summary="A source file or the lexicon is faulty: that source does not run, or no text is judged.",
            cured="The file is right again.",
        ),
        Condition(
            name="SourceBlocked", series="lurewatch_source_state", compare="==", bound=1, match=(("state", "blocked"),),
            summary="The site refuses us: too many requests, a wall or a CAPTCHA.", cured="The site lets us read again.",
        ),
        Condition(
            name="SourceFailing", series="lurewatch_source_state", compare="==", bound=1,
            match=(("state", "failed|changed"),), summary="The newest run failed, or the pages are no longer what they were.",
            cured="The newest run read the pages.",
        ),
        Condition(
            name="CoverageFalling", series="lurewatch_source_coverage_gaps", compare=">", bound=0, value='printf "%.0f lists"',
            unless=("SourceBlocked", "SourceFailing"), summary="Lists announced more than was read.",
            cured="The lists are read whole again.",
        ),
        Condition(
            name="MissedSchedule", series="lurewatch_source_overdue_seconds", compare=">", bound=0, value=LONG,
            unless=("SourceBlocked",), severity="critical",
            summary="A due time brought no run: nothing carries out the schedule.", cured="The source runs when it is due again.",
        ),
        Condition(
            name="SourceSilent", series="lurewatch_source_silence_state", compare="==", bound=1,
            match=(("state", "layout_changed|preview_gap|dead"),),
            unless=("SourceBlocked", "SourceFailing", "CoverageFalling", "MissedSchedule"),
            summary="It shows nothing new, and its own past makes that implausible.", cured="The source shows new adverts again.",
        ),
        Condition(
            name="PassportExpiring", series="lurewatch_source_passport_days", compare="<", bound=14, value='printf "%.0f days"',
            summary="The access passport lets no run begin, or runs out in less than two weeks.",
            cured="The access passport is good for two weeks.",
        ),
        Condition(
            name="ReportsDamaged", series="lurewatch_reports_damaged", compare=">", bound=0, value='printf "%.0f runs"',
            summary="Files of sealed runs are gone or no longer what they were.", cured="The files of all runs are whole again.",
        ),
        Condition(
            name="IndexLag", series="lurewatch_index_lag_seconds", compare=">", bound=2 * HOUR, value=LONG,
            summary="A sealed run has not been loaded into the index for two hours.", cured="All sealed runs are in the index.",
        ),
        Condition(
            name="QueueOld", series="lurewatch_queue_oldest_days", compare=">", bound=7, value='printf "%.0f days"',
            summary="An advert has waited for a decision for over a week.", cured="No advert has waited for over a week.",
        ),
        Condition(
            name="DeliveryFailing", series="lurewatch_deliveries_failing", compare=">", bound=0, value='printf "%.0f messages"',
            summary="The mail server refused messages, or did not take them at a try.", cured="All messages left.",
        ),
        Condition(
            name="DigestOld", series="lurewatch_digest_age_seconds", compare=">", bound=8 * DAY, value=LONG,
            summary="No weekly digest has been built for more than eight days.", cured="The weekly digest was built.",
        ),
        Condition(
            name="ListUnapproved", series="lurewatch_takedown_oldest_unapproved_seconds", compare=">", bound=3 * DAY, value=LONG,
            summary="A takedown list has waited for a second person for over three days.",
            cured="No takedown list has waited for over three days.",
        ),
    )
}  # fmt: skip
"""Every condition by name."""
CAUSES: Mapping[str, str] = {
    'alertname="FiguresMissing"': 'alertname!~"FiguresMissing|Watchdog"',
    'alertname="PartDown", part="database"': 'alertname="PartDown", part=~"seeds|desk|airflow|scheduler|dag processor"',
    'alertname="PartDown", part="index"': 'alertname="PartDown", part="desk"',
    'alertname="PartDown", part="airflow"': 'alertname="PartDown", part=~"scheduler|dag processor"',
    'alertname="PartDown", part="broker"': 'alertname="PartDown", part="worker"',
    'alertname="PartDown", part="render broker"': 'alertname="PartDown", part="render worker"',
    'alertname="PartDown", part="mail"': 'alertname="DeliveryFailing"',
    'alertname=~"PartDown|DiskFull|IndexReadOnly"': 'alertname=~"MissedSchedule|IndexLag"',
    'alertname="ClockWrong"': 'alertname=~"MissedSchedule|IndexLag|DigestOld|ListUnapproved|SourceSilent"',
}
"""Alert -> the alerts that follow from it and are not told beside it, as matchers of Alertmanager."""


SUBJECT = (
    '[LureWatch {{ .CommonLabels.host }}] {{ if ne .Status "firing" }}Over: {{ end }}{{ .CommonLabels.alertname }}'
    "{{ if eq (len .Alerts) 1 }}{{ range .Alerts }}: {{ .Annotations.subject }}{{ end }}{{ else }} ({{ len .Alerts }}){{ end }}"
)
TEXT = """{{ range .Alerts.Firing }}- {{ .Annotations.subject }}: {{ .Annotations.summary }} Since {{ .StartsAt.UTC.Format "2006-01-02 15:04" }} UTC.
{{ end }}{{ range .Alerts.Resolved }}- Over: {{ .Annotations.subject }}: {{ .Annotations.cured }} Since {{ .EndsAt.UTC.Format "2006-01-02 15:04" }} UTC.
{{ end }}
What to do: {{ .CommonAnnotations.runbook_url }}
Told by: {{ .CommonLabels.host }}
"""  # noqa: E501 - a line of the template is a line of the mail
WATCHDOG = {
    "alert": "Watchdog", "expr": "vector(1)", "labels": {"severity": "none"},
    "annotations": {"summary": "Always fires: who hears it no more knows that nobody is told of anything."},
}  # fmt: skip


def write_alert_files(settings: Settings, folder: Path, *, exporter: str, alertmanager: str) -> list[Path]:
    """Write prometheus.yml, alerts.yml and alertmanager.yml into a folder, for nobody else to read; return their paths.

    ``exporter`` and ``alertmanager`` are host:port as Prometheus reaches them. Raises PermanentError for a wrong setting.
    """
    files = {
        "alerts.yml": alert_rules(settings),
        "alertmanager.yml": alert_routes(settings),
        "prometheus.yml": {
            "global": {
                "scrape_interval": "60s", "scrape_timeout": "55s", "evaluation_interval": "30s",
                "external_labels": {"host": urlsplit(settings.public_url).netloc},
            },
            "rule_files": ["alerts.yml"],
            "scrape_configs": [{"job_name": "lurewatch", "static_configs": [{"targets": [exporter]}]}],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]},
        },
    }  # fmt: skip
    for name, content in files.items():
        with writing_whole(folder / name, mode=0o600) as file:  # the mail server's password is in one of them
            file.write(json.dumps(content, indent=1).encode())  # JSON is YAML
    return [folder / name for name in files]


def alert_rules(settings: Settings) -> dict[str, Any]:
    """Return the rules: one for each condition, and the signal that somebody outside misses when it ends."""
    docs = settings.docs_url.rstrip("/") or "docs"
    return {"groups": [{"name": "lurewatch", "rules": [*(each.rule(docs) for each in CONDITIONS.values()), WATCHDOG]}]}


def alert_routes(settings: Settings) -> dict[str, Any]:
    """Return who is told: one message for a condition (or a part) and one when it is over; what follows from another is not told.

    Raises PermanentError for a wrong setting, and when nobody would be told.
    """
    people = {"name": "people", **dict(_channels(settings))}
    if len(people) == 1:
        raise PermanentError("nobody would be told: set LUREWATCH_NOTIFY_RECIPIENTS or LUREWATCH_NOTIFY_WEBHOOK")
    heartbeat: dict[str, Any] = {"name": "heartbeat"}
    if settings.notify_heartbeat:
        heartbeat["webhook_configs"] = [{"url": settings.notify_heartbeat, "send_resolved": False}]
    return {
        "route": {
            "receiver": "people", "group_by": ["alertname"],
            "group_wait": "30s", "group_interval": "5m", "repeat_interval": "96h",
            "routes": [
                {"receiver": "heartbeat", "matchers": ['alertname="Watchdog"'], "group_wait": "0s", "group_interval": "1m",
                 "repeat_interval": "5m"},
                {"receiver": "people", "matchers": ['alertname="PartDown"'], "group_by": ["alertname", "part"]},
            ],
        },
        "receivers": [people, heartbeat],
        "inhibit_rules": [
            {"source_matchers": source.split(", "), "target_matchers": target.split(", ")} for source, target in CAUSES.items()
        ],
    }  # fmt: skip


def _channels(settings: Settings) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield how people are told, as Alertmanager names it: by mail, and as JSON to an address."""
    if readers := [address.strip() for address in settings.notify_recipients.split(",") if address.strip()]:
        if wrong := [address for address in (*readers, settings.mail_from) if not EMAIL.fullmatch(address)]:
            raise PermanentError(f"{wrong[0]!r} is not an address; set LUREWATCH_NOTIFY_RECIPIENTS and LUREWATCH_MAIL_FROM")
        with typed_errors():
            server = transport(settings.smtp)
        if server.tls != (server.port == 465):
            raise PermanentError("Alertmanager speaks smtps:// on port 465 alone; correct LUREWATCH_SMTP, or tell by a webhook")
        account = {"auth_username": server.user, "auth_password": server.password} if server.user else {}
        mail = {
            "from": settings.mail_from, "smarthost": f"{server.host}:{server.port}", "require_tls": server.needs_tls,
            "send_resolved": True, "headers": {"Subject": SUBJECT, "Auto-Submitted": "auto-generated"}, "html": "", "text": TEXT,
            **account,
        }  # fmt: skip
        yield "email_configs", [{"to": reader, **mail} for reader in readers]
    if settings.notify_webhook:
        yield "webhook_configs", [{"url": settings.notify_webhook, "send_resolved": True}]
