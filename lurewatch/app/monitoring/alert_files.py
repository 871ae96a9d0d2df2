"""The files of Prometheus and Alertmanager: what is measured where, the rules, and who is told how."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from desk.mail import transport
from desk.people.accounts import EMAIL
from foundation.whole_files import writing_whole
from lurewatch.app.app_errors import PermanentError, typed_errors
from lurewatch.app.monitoring.conditions import CAUSES, CONDITIONS
from lurewatch.settings import Settings

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
