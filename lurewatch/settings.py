"""Every setting of LureWatch: a name, a default and a sentence. Parsed once into a frozen object.

Read from ``LUREWATCH_<NAME>`` variables, then ``lurewatch.toml`` in the working folder, then the default here.
``docs/settings.md`` lists them (a test keeps it so); ``lurewatch doctor`` prints which are used and where each came from.
"""

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from foundation.control_characters import IN_LINE, control_fault
from foundation.messages import _

PREFIX = "LUREWATCH_"
NOT_SETTINGS = ("LUREWATCH_CACHE", "LUREWATCH_SHARED", "LUREWATCH_WRITE_SCREENS")
"""Variables read elsewhere: where `enrichment.lexicon.cache` keeps derived data, and two of the tests (so are all
LUREWATCH_TEST_…)."""


_PACKAGED = Path(__file__).parent / "seeds"
SHIPPED_SEEDS = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).resolve().parents[1] / "seeds"
"""The seeds of this release: in the installed package, or of the checkout. Never written: `lurewatch sources init` copies."""


class SettingsError(Exception):
    """A setting is unknown or has a bad value; the message names where it stands and the fix."""


def _proxies(value: str) -> str:
    for item in filter(None, (part.strip() for part in value.split(","))):
        try:
            network = ipaddress.ip_network(item)
        except ValueError as exc:
            raise ValueError(f"{item!r} is no address or network ({exc}); write for instance 127.0.0.1, 172.18.0.0/16") from exc
        if network.prefixlen == 0:
            raise ValueError(f"{item!r} is everybody: anyone could say to be somebody else; name the proxy itself")
    return value


def _http(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError(f"{value!r} is no http address; write for instance http://desk:8080/healthz")
    return value


def _zone(value: str) -> str:
    if value != "UTC" and value not in available_timezones():  # to list them reads their folders
        raise ValueError(f"{value!r} is no time zone; write for instance UTC, Asia/Ho_Chi_Minh or Africa/Dakar")
    return value


def _service(value: str) -> str:
    parts = urlsplit(_http(value))
    if value and (not parts.hostname or parts.username or parts.query or parts.fragment):
        raise ValueError(f"{value!r} must be host and path alone; write for instance http://translate:5000")
    return value


class Settings(BaseModel):
    """All settings. Secrets may be given as ``<NAME>_FILE``, the path of a file that holds the value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seeds: Path = Field(
        Path("seeds"),
        description="Folder with sources/, lures/, platforms/, places.yml and platforms.yml; where there is none, the release's.",
    )
    runs: str = Field("data/runs", description="Where run partitions go: a folder or any fsspec address (s3://bucket/runs).")
    assessed: str = Field("data/assessed", description="Where assessments of partitions go: a folder or any fsspec address.")
    state: Path = Field(
        Path("data/state"),
        description="Local folder for crawl queues and locks.",
    )
    run_key: Path | None = Field(
        None,
        description="Ed25519 key (OpenSSH, no passphrase) that signs each run of this worker; keep it outside of runs. Empty: "
        "`run_key` in the state folder, made at first use.",
    )
    accepted: Path | None = Field(
        None,
        description="Folder of the accepted commits of the seeds, laid out as files; one for all services. Empty: in the state "
        "folder.",
    )
    backup_days: int = Field(
        35,
        ge=0,
        le=3650,
        description="For how many days you keep backups, object versions and logs: a certificate of erasure names what still "
        "holds what went, and until when.",
    )
    crawl_state: str = Field(
        "",
        description="postgresql://… where workers on several machines share crawl queues, leases and the rates of hosts; give it "
        "as a file. Empty: in the state folder.",
    )
    store: str = Field("data/index.sqlite", description="Search index: a SQLite file, or http(s)://… of Elasticsearch.")
    store_api_key: str = Field("", description="Elasticsearch API key (base64 id:key); give it as a file in production.")
    store_ca: Path | None = Field(None, description="CA certificate that signed Elasticsearch's.")
    store_index: str = Field("lurewatch", description="Elasticsearch alias; the index behind it is <alias>-<version>.")
    database: str = Field("sqlite:///data/desk.sqlite", description="SQLAlchemy URL of cases, accounts, audit and deliveries.")
    bind: str = Field("127.0.0.1:8080", description="Address the desk listens on.")
    public_url: str = Field("http://127.0.0.1:8080", description="Address people reach the desk at; used in mails.")
    door_url: Annotated[str, AfterValidator(_http)] = Field(
        "http://127.0.0.1:8090",
        description="Address of the partners' door (`lurewatch takedown partners serve`).",
    )
    trusted_proxies: Annotated[str, AfterValidator(_proxies)] = Field(
        "",
        description="Comma-separated addresses or networks of the reverse proxies in front of the desk; X-Forwarded-For is read "
        "from them alone.",
    )
    metrics_token: str = Field(
        "", description="Bearer token that reads the desk's /metrics; give it as a file. Without one there is no such page."
    )
    api_rate: int = Field(
        120, ge=1, le=100_000, description="Requests that a token of the desk's API, or of a partner, may make in a minute."
    )
    zone: Annotated[str, AfterValidator(_zone)] = Field(
        "UTC", description="Time zone of whoever chose none at their account; UTC stands beside every other."
    )
    second_opinions: int = Field(
        5, ge=0, le=100, description="Percent of all decisions that somebody else looks at again, drawn by chance; 0 for none."
    )
    translation_url: Annotated[str, AfterValidator(_service)] = Field(
        "",
        description="Address of a translation service that you host: masked texts of adverts go there and nowhere else "
        "(docs/translation.md). Empty: nothing is translated.",
    )
    translation_key: str = Field("", description="Key of the translation service, where it wants one; give it as a file.")
    translation_seconds: int = Field(20, ge=1, le=600, description="Seconds that the translation service has for an answer.")
    smtp: str = Field("", description="smtp://[user:password@]host:port[?once=HEADER] or smtps://…; empty = no mail is sent.")
    mail_from: str = Field("", description="From address of the weekly digest.")
    digest_recipients: str = Field("", description="Comma-separated addresses that receive the weekly digest.")
    help_lines: str = Field(
        "Viet Nam 111; Philippines 1343; Thailand 1300",
        description="Help lines against trafficking that the weekly mail names, with a semicolon between them.",
    )
    notify_recipients: str = Field("", description="Comma-separated addresses that Alertmanager writes to.")
    notify_webhook: str = Field(
        "", description="https address that Alertmanager posts its JSON to; give it as a file when it holds a key."
    )
    notify_heartbeat: str = Field(
        "",
        description="https address that Alertmanager posts to every five minutes: a service outside that calls you when it hears "
        "nothing. Give it as a file when it holds a key.",
    )
    docs_url: Annotated[str, AfterValidator(_http)] = Field(
        "", description="Address of this documentation (`make docs`); alerts link their page of the runbook there."
    )
    desk_health_url: Annotated[str, AfterValidator(_http)] = Field(
        "", description="Address that the exporter and `doctor` ask whether the desk serves. Empty: not asked, as below."
    )
    airflow_health_url: Annotated[str, AfterValidator(_http)] = Field(
        "", description="The same of Airflow's API server, and through it of its parts (http://host:8080/api/v2/monitor/health)."
    )
    alertmanager_url: Annotated[str, AfterValidator(_http)] = Field(
        "", description="The same of Alertmanager (http://host:9093/-/ready)."
    )
    broker: str = Field("", description="Address of the broker that ordinary workers take tasks from; give it as a file.")
    render_broker: str = Field("", description="The same of the broker that the browser's worker takes tasks from.")
    organisation: str = Field("LureWatch operator", description="Name that stands on takedown notices and in the user agent.")
    contact_email: str = Field("", description="Where platforms and site owners can reach you; needed for takedown notices.")
    contact_url: str = Field("https://lurewatch.example.org/bot", description="Page about the crawler, named in its user agent.")
    render_pool: str = Field(
        "",
        description="Airflow pool that bounds how many sources are rendered at once; make it first. Empty: Airflow's default.",
    )
    browser: str = Field("", description="Chromium binary for rendered sources; found by itself when empty.")
    log_format: Literal["text", "json"] = Field(
        "text",
        description="text, or json: one JSON object a line on standard error, with source and run id (docs/monitoring.md).",
    )
    allow_loopback: bool = Field(False, description="Let the guard reach 127.0.0.1: only for the sample sites and tests.")

    @field_validator("*", mode="before")
    @classmethod
    def _one_line(cls, value: object) -> object:
        if isinstance(value, str) and (found := IN_LINE.search(value)):
            raise ValueError(control_fault(found[0]))
        return value

    @property
    def read_only_seeds(self) -> str:
        """Why no file of the seeds folder may be written, and what to do; empty where it may."""
        return (
            _("%(folder)s is only read; `lurewatch sources init` makes a seeds folder of your own", folder=SHIPPED_SEEDS)
            if self.seeds == SHIPPED_SEEDS and SHIPPED_SEEDS.resolve() != Path("seeds").resolve()
            else ""
        )

    @property
    def commit(self) -> str:
        """Id of the accepted commit of the seeds; empty where files count as they stand (``lurewatch.app.in_force``)."""
        return ""

    @property
    def database_file(self) -> Path | None:
        """The file of the desk's database; None where it is on a server."""
        head = "sqlite:///"
        return Path(self.database.removeprefix(head)) if self.database.startswith(head) else None

    @property
    def index_file(self) -> Path | None:
        """The file of the search index; None where the index is in Elasticsearch."""
        return None if self.store.startswith(("http://", "https://")) else Path(self.store.removeprefix("sqlite:///"))

    @property
    def proxies(self) -> tuple[str, ...]:
        """The trusted proxies, one by one."""
        return tuple(part.strip() for part in self.trusted_proxies.split(",") if part.strip())

    @property
    def user_agent(self) -> str:
        """The honest name every request carries."""
        return f"LureWatch/{version('lurewatch')} (+{self.contact_url})"


def load_settings(environ: Mapping[str, str] | None = None, file: Path = Path("lurewatch.toml")) -> Settings:
    """Return the settings in force; raise SettingsError naming the variable or file that is wrong."""
    values, _ = read_settings(os.environ if environ is None else environ, file)
    try:
        return Settings(**values)
    except ValidationError as exc:
        first = exc.errors()[0]
        name = str(first["loc"][0])
        raise SettingsError(f"setting {name}: {first['msg']}; set LUREWATCH_{name.upper()} or correct {file}") from exc


def read_settings(environ: Mapping[str, str], file: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values given, and for each the place it was given at; raise SettingsError for a name that is no setting."""
    _refuse_unknown(environ)
    values = _from_file(file)
    origin = dict.fromkeys(values, str(file))
    for name in Settings.model_fields:
        variable = f"{PREFIX}{name.upper()}"
        if secret := environ.get(f"{variable}_FILE"):
            try:
                values[name], origin[name] = Path(secret).read_text(encoding="utf-8").strip(), f"{variable}_FILE"
            except OSError as exc:
                raise SettingsError(f"{variable}_FILE: cannot read {secret} ({exc.strerror})") from exc
        elif variable in environ:
            values[name], origin[name] = environ[variable], variable
    if "seeds" not in values and not Settings.model_fields["seeds"].default.is_dir() and SHIPPED_SEEDS.is_dir():
        values["seeds"], origin["seeds"] = SHIPPED_SEEDS, "this release; `lurewatch sources init` makes files of your own"
    return values, origin


def _from_file(file: Path) -> dict[str, Any]:
    """Return the settings of the file, none where there is no file; raise SettingsError naming what is wrong."""
    if not file.exists():
        return {}
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as exc:
        raise SettingsError(f"{file}: {exc}; mend the line or remove the file") from exc
    except UnicodeDecodeError as exc:
        raise SettingsError(f"{file}: not UTF-8 at byte {exc.start}; save it as UTF-8") from exc
    except OSError as exc:
        raise SettingsError(f"{file}: cannot be read ({exc.strerror}); make it readable or remove it") from exc
    for name in given:
        if name not in Settings.model_fields:
            meant = f", did you mean {near}?" if (near := _nearest(name)) else ""
            raise SettingsError(f"{file}: unknown setting {name!r}{meant}; see docs/settings.md")
    return given


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    """Raise SettingsError for an unknown variable with our prefix: a misspelt setting would have no effect."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for variable in environ:
        if not variable.startswith(PREFIX) or variable.startswith(f"{PREFIX}TEST_") or variable in NOT_SETTINGS:
            continue
        written = variable.removesuffix("_FILE")
        if written not in known:
            near = _nearest(written.removeprefix(PREFIX).lower())
            meant = f", did you mean {PREFIX}{near.upper()}?" if near else ""
            raise SettingsError(f"{variable}: no such setting{meant}; see docs/settings.md")


def _nearest(name: str) -> str:
    """Return the setting a name is most like; empty when it is like none."""
    return next(iter(get_close_matches(name, Settings.model_fields, n=1)), "")
