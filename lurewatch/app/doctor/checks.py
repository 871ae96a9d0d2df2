"""Checks every part that LureWatch needs on this machine, and names the fix for a missing one.

A check really opens, connects or writes. It creates nothing that stays.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import fsspec
import pysqlite3
import sqlalchemy

from crawlers.evidence.partition import is_local
from crawlers.fetch.handlers.chromium import browser_path
from crawlers.frontier import sqlite_library
from crawlers.pictures.language_packs import PACKS, installed_packs
from crawlers.sources.source import refusal
from desk.custody.ledger_check import check_ledger
from desk.database import DatabaseError, open_database, revision, snapshot
from desk.platforms import load_platforms
from enrichment.assess import Assessor
from enrichment.errors import SeedsError
from enrichment.facts.places import Gazetteer
from enrichment.lexicon import cache
from enrichment.lexicon.lexicon import lexicon
from foundation.crawl_errors import CrawlError
from index.base import StoreError
from lurewatch.app.app_errors import AppError
from lurewatch.app.doctor.findings import Finding, missing, ok, warn
from lurewatch.app.doctor.run_files import assessment_files, partitions
from lurewatch.app.doctor.service_checks import service_findings, translation
from lurewatch.app.in_force import ensure_in_force, read_in_force, replace_seeds
from lurewatch.app.resources import store_of
from lurewatch.settings import Settings

QUOTED = ("am", "ar", "bn", "en", "hi", "ja", "km", "ko", "lo", "my", "ru", "si", "ta", "th", "ur", "vi", "zh-cn", "zh-tw")
"""Languages, as fontconfig calls them, that stand for the writings of what notices quote."""


def findings(settings: Settings) -> list[Finding]:
    """Return the state of every part, in the order a run meets them; one that is away is a finding like any other."""
    unread = list[Finding]()
    try:
        settings = read_in_force(settings)
    except AppError as exc:
        unread = [missing("in force", str(exc), "see the database; the seeds are checked as they stand")]
        settings = replace_seeds(settings, settings.seeds)
    return [*unread, *(_find(check, settings) for check in CHECKS), *service_findings(settings)]


def _find(check: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return check(settings)
    except Exception as exc:  # noqa: BLE001 - whatever it is, the other parts are asked
        part = check.__name__.replace("_", " ")
        return missing(part, f"cannot be checked: {str(exc).splitlines()[0]}", "see the other parts first: it needs one of them")


def python(_: Settings) -> Finding:
    """Check the interpreter's version."""
    version = ".".join(map(str, sys.version_info[:3]))
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return ok("python", version)
    return missing("python", version, "use Python 3.11, 3.12 or 3.13: `make setup PY=python3.12`")


def sqlite(_: Settings) -> Finding:
    """Check that this SQLite may be used."""
    if reason := sqlite_library.refusal():
        return missing("sqlite", reason, "`pip install 'pysqlite3>=0.6.1'`")
    return ok("sqlite", pysqlite3.sqlite_version)


def identity(settings: Settings) -> Finding:
    """Check that site owners and platforms can tell who is asking."""
    lacking = [name for name in ("organisation", "contact_email", "contact_url") if is_default(settings, name)]
    if not lacking:
        return ok("identity", f"{settings.organisation} <{settings.contact_email}>")
    variables = ", ".join(f"LUREWATCH_{name.upper()}" for name in lacking)
    return warn("identity", f"not set: {', '.join(lacking)}", f"set {variables}")


def in_force(settings: Settings) -> Finding:
    """Check that what judges is what was accepted with the commit in force; say what a change needs."""
    found = ensure_in_force(settings)
    if changed := found.describe_other_judge():
        fix = "`lurewatch seeds diff` says what it does; put it back, or have it accepted"
        return missing("in force", f"what judges is not what was accepted: {changed}", fix)
    if found.expected_digest not in ("", Assessor(found.seeds).parsed_digest):
        kept = f"rules or places kept in {cache.folder()} are not those of the files"
        return missing("in force", kept, "find out who wrote there; the files are read instead, the next run keeps them anew")
    if found.acceptance is None:
        return warn("in force", found.sentence, "`docs/sources.md` says how two people change them")
    return ok("in force", found.sentence)


def sources(settings: Settings) -> Finding:
    """Check that every source file loads and that no enabled one has lost its passport."""
    fix = "`lurewatch sources check` names each error and its fix"
    try:
        loaded = ensure_in_force(settings).sources
    except (CrawlError, OSError) as exc:
        return missing("sources", str(exc), fix)
    enabled = [source for source in loaded if source.enabled]
    today = datetime.now().astimezone().date()
    if refused := [source.name for source in enabled if refusal(source, today)]:
        return warn("sources", f"do not run: {', '.join(refused)}", "renew `access:` in their seeds")
    if not enabled:
        return warn("sources", f"0 of {len(loaded)} enabled", "set `enabled: true` in a seed file")
    return ok("sources", f"{len(enabled)} of {len(loaded)} enabled")


def lures(settings: Settings) -> Finding:
    """Check that the lexicon loads: no text is judged without it."""
    try:
        loaded = lexicon(settings.seeds / "lures")
    except (SeedsError, OSError) as exc:
        return missing("lures", f"{exc}\nno text is judged", "`lurewatch lures check` names each error and its fix")
    return ok("lures", f"{len(loaded.entries)} phrases, version {loaded.version}")


def places(settings: Settings) -> Finding:
    """Check that the gazetteer loads: nothing is assessed without it."""
    try:
        loaded = Gazetteer(settings.seeds / "places.yml")
    except SeedsError as exc:
        return missing("places", str(exc), "mend places.yml, or take the one this project ships")
    return ok("places", f"{len(loaded)} spellings")


def platforms(settings: Settings) -> Finding:
    """Check that the receivers of takedown lists are described."""
    try:
        loaded = load_platforms(settings.seeds).platforms
    except (CrawlError, OSError) as exc:
        return missing("platforms", str(exc), "mend platforms.yml, or take the one this project ships")
    return ok("platforms", f"{sum(platform.enabled for platform in loaded.values())} of {len(loaded)} enabled")


def browser(settings: Settings) -> Finding:
    """Check that a browser is there for script-rendered sources."""
    fix = "`.venv/bin/playwright install --only-shell chromium`, or set LUREWATCH_BROWSER to a Chromium binary"
    try:
        text = browser_path(settings.browser) or playwright_browser()
    except FileNotFoundError as exc:
        return missing("browser", str(exc), fix)
    if text is None:
        return missing("browser", "no Chromium; sources with `render: true` fail", fix)
    if os.geteuid() == 0:
        return warn("browser", f"{text}, as root without its sandbox", "run as an ordinary user")
    return ok("browser", text)


def playwright_browser() -> str | None:
    """Return the browser Playwright installed for itself, if any."""
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    paths = sorted([*folder.glob("chromium*/*/headless_shell"), *folder.glob("chromium*/*/chrome*")]) if folder.is_dir() else []
    return str(paths[-1]) if paths else None


def ocr(_: Settings) -> Finding:
    """Check that posters can be read, in every script that is served."""
    packs = installed_packs()
    if not packs:
        fix = "`apt-get install tesseract-ocr` and the packs that docs/posters.md lists"
        return warn("posters", "no Tesseract; pictures are kept and not read", fix)
    lacking = sorted({pack for wanted in PACKS.values() for pack in wanted} - packs)
    if lacking:
        names = " ".join(f"tesseract-ocr-{pack.replace('_', '-')}" for pack in lacking)
        return warn("posters", f"language packs missing: {', '.join(lacking)}", f"`apt-get install {names}`")
    return ok("posters", f"Tesseract with {len(packs)} language packs")


def fonts(_: Settings) -> Finding:
    """Check that a notice can be printed whatever language it quotes: without a font a quote is empty boxes."""
    fix = "`apt-get install fontconfig fonts-noto-core fonts-noto-cjk`"
    try:
        command = [shutil.which("fc-list") or "fc-list", ":", "lang"]
        listed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout
    except (OSError, subprocess.SubprocessError):
        return warn("fonts", "not known: there is no fontconfig", fix)
    written = set(re.split(r"[|=,:\s]+", listed))
    if lacking := [language for language in QUOTED if language not in written]:
        return warn("fonts", f"none for quotes in {', '.join(lacking)}", fix)
    return ok("fonts", f"for quotes in {len(QUOTED)} languages")


def runs(settings: Settings) -> Finding:
    """Check by writing and removing a file that run partitions can be kept."""
    try:
        fs, path = fsspec.url_to_fs(settings.runs.rstrip("/"))
        if is_local(fs):
            try_writing(Path(path))
        else:
            probe = f"{path}/.doctor-{uuid4().hex}"
            fs.pipe_file(probe, b"x")
            fs.rm_file(probe)
    # s3fs turns its library's errors into OSError; an unknown protocol is a ValueError, one not installed an ImportError.
    except (OSError, ValueError, ImportError) as exc:
        return missing("runs", f"{settings.runs}: {exc}", "set LUREWATCH_RUNS to a place that can be written")
    return ok("runs", settings.runs)


def try_writing(folder: Path) -> None:
    """Write a nameless file in a folder or, where it is not made yet, in the nearest one above it; raise OSError."""
    folder = folder.resolve()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    with tempfile.TemporaryFile(dir=there) as file:
        file.write(b"x")


def store(settings: Settings) -> Finding:
    """Check that the search index opens and answers, without making one."""
    fix = "start it, check LUREWATCH_STORE, LUREWATCH_STORE_API_KEY and LUREWATCH_STORE_CA, then `lurewatch index migrate`"
    text = settings.store
    try:
        if settings.index_file is None:
            from index.elastic import client

            text = client.without_credentials(settings.store)
            there = client.is_made(settings.store, settings.store_index, api_key=settings.store_api_key, ca=settings.store_ca)
        elif not (there := settings.index_file.exists()):
            try_writing(settings.index_file.parent)
        if not there:
            return ok("store", f"{text}: not made yet; the first load makes it")
        opened = store_of(settings)
        count = opened.count()
        opened.close()
    except (StoreError, OSError) as exc:
        return missing("store", f"{text}: {str(exc).removeprefix(f'{text}: ')}", fix)
    return ok("store", f"{text}: {count} records")


def database(settings: Settings) -> Finding:
    """Check that the system of record can be reached, without making or migrating it."""
    try:
        text, newest = revision(settings.database)
        url = sqlalchemy.engine.make_url(settings.database)
        if text is None and url.get_backend_name() == "sqlite":
            try_writing(Path(str(url.database)).parent)
    except (DatabaseError, sqlalchemy.exc.SQLAlchemyError, OSError) as exc:
        return missing("database", str(exc).splitlines()[0], "start it and check LUREWATCH_DATABASE")
    state = "" if text == newest else ": not made yet; its first use makes it" if text is None else ": its next use migrates it"
    return ok("database", f"{url.render_as_string(hide_password=True)}{state}")


def audit_log(settings: Settings) -> Finding:
    """Check that nobody rewrote the audit log or the rows it covers, as `lurewatch users audit` does."""
    try:
        text, newest = revision(settings.database)
        if text != newest:
            return ok("audit log", "nothing to check yet" if text is None else "checked once the database is migrated")
        engine = open_database(settings.database, settings.state)
        with snapshot(engine) as connection:
            report = check_ledger(connection, runs=settings.runs)
        engine.dispose()
    except (DatabaseError, sqlalchemy.exc.SQLAlchemyError, OSError) as exc:
        return missing("audit log", str(exc).splitlines()[0], "start the database and check LUREWATCH_DATABASE")
    if report.fault:
        more = f" (and {len(report.faults) - 1} more faults)" if len(report.faults) > 1 else ""
        fix = "keep the database as it is, run `lurewatch users audit`, compare with a backup and with mails kept outside"
        return missing("audit log", f"broken at {report.fault}{more}", fix)
    after = f"; nothing outside vouches for the last {later} yet" if (later := report.entries - report.newest_head) else ""
    return ok("audit log", f"{report.entries} entries, {report.heads} heads given out stand in it{after}")


def is_default(settings: Settings, name: str) -> bool:
    """Whether a setting has not been given."""
    return bool(getattr(settings, name) == Settings.model_fields[name].default)


def healthy(entries: Iterable[Finding]) -> bool:
    """Whether nothing is missing; warnings are allowed."""
    return all(finding.status != "missing" for finding in entries)


RIGHTS = "SELECT has_database_privilege(current_database(), 'CREATE'), current_database(), current_user"


def crawl_state(settings: Settings) -> Finding:
    """Check that the database answers and that its role may make a schema for a new source; change nothing."""
    if not settings.crawl_state:
        return ok("crawl state", f"in {settings.state}: for workers of this machine")
    from crawlers.frontier.postgres_connection import connect
    from foundation.crawl_errors import StateError

    try:
        with connect(settings.crawl_state) as db:
            allowed, database, role = db.execute(RIGHTS).fetchone() or (False, "", "")
    except StateError as exc:
        return missing("crawl state", str(exc), "start it and check LUREWATCH_CRAWL_STATE")
    if not allowed:
        return missing("crawl state", f"{role} may not make schemas", f"`GRANT CREATE ON DATABASE {database} TO {role}`")
    return ok("crawl state", f"database {database}, as {role}: for workers of any machine")


CHECKS: tuple[Callable[[Settings], Finding], ...] = (
    python,
    sqlite,
    identity,
    in_force,
    sources,
    lures,
    places,
    platforms,
    browser,
    ocr,
    fonts,
    runs,
    partitions,
    assessment_files,
    crawl_state,
    store,
    database,
    audit_log,
    translation,
)
