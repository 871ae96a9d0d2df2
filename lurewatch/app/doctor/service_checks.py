"""Asks the services whose address the settings name, with the exporter's own questions, and names the fix for what is away."""

from collections.abc import Iterator

from desk.translation.provider import TranslationError
from foundation.messages import LANGUAGES
from lurewatch.app.doctor.findings import Finding, missing, ok, warn
from lurewatch.app.monitoring.services import services_of
from lurewatch.app.translate import provider_of
from lurewatch.settings import Settings

NOT_NAMED = {
    "mail": ("off: no weekly e-mail is sent", "set LUREWATCH_SMTP, LUREWATCH_MAIL_FROM and LUREWATCH_DIGEST_RECIPIENTS"),
    "airflow": ("not asked: whether anything runs by itself is not known", "set LUREWATCH_AIRFLOW_HEALTH_URL, or schedule "
                "`lurewatch run` yourself"),
    "alertmanager": ("not asked: nobody is told when something is wrong", "set LUREWATCH_ALERTMANAGER_URL (docs/monitoring.md), "
                     "or let cron call `lurewatch doctor` and write to you when it ends with 1"),
}  # fmt: skip
SERVICES = {"mail": "mail", "desk": "desk", "airflow": "airflow-api-server", "worker": "airflow-worker"}
"""Part -> its service in docker-compose.yml, where that is not its name with a dash or ``airflow-`` before it."""


def service_findings(settings: Settings) -> Iterator[Finding]:
    """Yield the state of each service, and of the parts that it answers for."""
    asked = services_of(settings)
    for part, (detail, fix) in NOT_NAMED.items():
        if part not in asked:
            yield warn(part, detail, fix)
    for part, ask in asked.items():
        try:
            samples = list(ask())
        except Exception as exc:  # noqa: BLE001 - whatever it is, the other parts are asked
            yield missing(part, f"does not answer: {exc}", _start(part))
            continue
        if part == "mail" and not (settings.mail_from and settings.digest_recipients):
            yield warn("mail", "answers", "set LUREWATCH_MAIL_FROM and LUREWATCH_DIGEST_RECIPIENTS")
        else:
            yield ok(part, "answers")
        for entry in samples:
            if entry.name == "lurewatch_up":
                name = entry.label("part")
                yield ok(name, "lives") if entry.value else missing(name, "no sign of life: nothing runs by itself", _start(name))


def _start(part: str) -> str:
    dashed = part.replace(" ", "-")
    service = SERVICES.get(part) or (f"airflow-{dashed}" if part in ("scheduler", "dag processor") else dashed)
    return f"start it (`docker compose up -d {service}`) and read its log, or correct its address in the settings"


def translation(settings: Settings) -> Finding:
    """Check that the translation service answers and translates into the languages people read; it is sent no text."""
    fix = "start it, or correct LUREWATCH_TRANSLATION_URL; without one adverts are read in their own language"
    try:
        provider = provider_of(settings)
        if provider is None:
            return ok("translation", "off: no text leaves; a service that you host can be named in LUREWATCH_TRANSLATION_URL")
        pairs = provider.languages()
        into = [code for code in LANGUAGES if any(code in targets for targets in pairs.values())]
        engine = provider.describe_engine()
    except TranslationError as exc:
        return missing("translation", str(exc), fix)
    if "en" not in into:
        return warn("translation", f"{engine} translates nothing into English", "install its models for English")
    return ok("translation", f"{engine} at {settings.translation_url}: {len(pairs)} languages, into {', '.join(into)}")
