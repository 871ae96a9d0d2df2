"""Receivers of lists for the desk's pages: proposed by one person, tried by a mail to oneself, put in force by a second."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import policy
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from crawlers.sources.source_edit import edit_text
from desk.cases.signed_settings import (
    Key,
    Standing,
    accept_value,
    decode_value,
    describe_value,
    standings,
    values_of_platform,
)
from desk.custody import audit
from desk.database import writing
from desk.mail import MailError, MailRefusal, hand_over, transport
from desk.people.accounts import User, user_by_id
from desk.people.roles import Right
from desk.platforms import Platform, Platforms, load_platforms, read_files
from desk.refusals import DeskRefusal
from desk.seed_editors import ReceiverFile, ReceiverProposal, ReceiverStep
from desk.tables import setting_signatures, users
from desk.takedown.trial_mail import trial_mail
from foundation.crawl_errors import SourceError
from foundation.messages import _
from lurewatch.app.seeds.noted_change import refuse_reader, sign_file, version_of
from lurewatch.app.takedown_lists import notifier_of
from lurewatch.settings import Settings

TESTED = "receiver_tested"
"""Action of the audit log: somebody sent themselves the trial mail."""


class ReceiverFiles:
    """What ``desk.seed_editors.ReceiverEditor`` asks for, from the settings of the installation."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings, self._engine = settings, engine
        self.mails = bool(settings.smtp and settings.mail_from)

    def read(self, key: str) -> ReceiverFile | None:
        """Return a platform; None when no file describes one of that name."""
        path, described = self._path(key), self._read_platforms()
        if path is None or key not in described.platforms:
            return None
        platform = described.platforms[key]
        with self._engine.connect() as connection:
            proposal = self._proposal(connection, key, platform)
            history = self._history(connection, f"platform:{key}")
        return ReceiverFile(
            platform=platform, place=path.relative_to(self._settings.seeds).as_posix(), version=version_of(path.read_bytes()),
            proposal=proposal, history=history,
        )  # fmt: skip

    def sign(self, key: str, *, contact: str, enabled: bool, version: str, by: User, reason: str) -> bool:
        """Sign where lists go; tell whether it was the second signature, which changes the file whose ``version`` was seen."""
        refuse_reader(self._settings, by, reason)
        path = self._path(key)
        if path is None:
            raise DeskRefusal(_("no file describes %(platform)s any more; look at the list again", platform=key))
        changes = {f"platforms.{key}.contact": contact.strip(), f"platforms.{key}.enabled": enabled}
        text = edit_text(path.read_text(encoding="utf-8"), changes)
        platform = self._check(path, text).platforms[key]
        if _value(platform) == _value(self._read_platforms().platforms[key]):
            raise DeskRefusal(_("%(file)s says so already; nothing was changed", file=path.name))
        now, value, reason = datetime.now(UTC), _value(platform), reason.strip()
        recipient, in_force = next(iter(values_of_platform(key, platform).items()))

        def accept(connection: Connection) -> None:
            if untried:
                raise DeskRefusal(_("nobody has tried it yet; send yourself the trial mail, look at its files, then sign"))
            if enabled:
                before = standings(connection).get(recipient, Standing()).accepted
                accept_value(connection, recipient, in_force, before, by=by, reason=reason, now=now)

        with self._engine.connect() as connection:
            standing = standings(connection).get(_route(key), Standing())
            untried = enabled and self.mails and not self._testers(connection, key, standing)
        return sign_file(
            self._engine, path, text.encode(), _route(key), value, standing.accepted, version=version, by=by, now=now,
            reason=reason, action="receiver_changed", subject=f"platform:{key}", detail={}, check=accept,
        )  # fmt: skip

    def send_trial(self, key: str, *, by: User) -> None:
        """Send the mail of the waiting proposal to the person who asks, with an invented advert, to no platform."""
        if not by.may(Right.SEEDS):
            raise DeskRefusal(_("the role %(role)s tries no receivers; ask an operator or a lead", role=by.role))
        if not self.mails:
            raise DeskRefusal(_("this desk has no mail server (LUREWATCH_SMTP, LUREWATCH_MAIL_FROM)"))
        file, now = self.read(key), datetime.now(UTC)
        if file is None or file.proposal is None:
            raise DeskRefusal(_("nothing is proposed here; propose an address first"))
        proposed = file.platform.model_copy(update={"contact": file.proposal.contact, "enabled": file.proposal.enabled})
        clause = next(iter(self._read_platforms().clauses.items()))
        settings = self._settings
        message = trial_mail(
            key, proposed, clause, notifier=notifier_of(settings), sender=settings.mail_from, to=by.email, now=now
        )  # fmt: skip
        try:
            with transport(settings.smtp).open() as server:
                hand_over(server, message.as_bytes(policy=policy.SMTP), by.email)
        except (MailError, MailRefusal, smtplib.SMTPException, OSError) as exc:
            raise DeskRefusal(_("the trial mail did not leave: %(why)s", why=exc)) from exc
        with writing(self._engine) as connection:
            detail: dict[str, object] = {"value": _value(proposed)}
            audit.append(connection, at=now, actor=by.name, action=TESTED, subject=f"platform:{key}", detail=detail)

    def _proposal(self, connection: Connection, key: str, platform: Platform) -> ReceiverProposal | None:
        """Return what one person signed and a second has not; None when nothing waits, or its file changed since."""
        standing = standings(connection).get(_route(key), Standing())
        signer = standing.signer(standing.waiting or "", datetime.now(UTC))
        if signer is None or standing.waiting is None or standing.at is None:
            return None
        said = decode_value(standing.waiting)
        proposed = platform.model_copy(update={"contact": said["contact"], "enabled": said["state"] == "on"})
        if _value(proposed) != standing.waiting:
            return None
        rows = select(setting_signatures.c.reason).where(setting_signatures.c.place == f"platform:{key}")
        reason = connection.execute(rows.where(setting_signatures.c.field == "route").order_by(setting_signatures.c.id.desc()))
        return ReceiverProposal(
            contact=proposed.contact, enabled=proposed.enabled, by=user_by_id(connection, signer).name, at=standing.at,
            reason=reason.scalars().first() or "", tested_by=self._testers(connection, key, standing),
        )  # fmt: skip

    def _testers(self, connection: Connection, key: str, standing: Standing) -> tuple[str, ...]:
        """Return who sent themselves the trial mail of what waits, since it was proposed."""
        tests = audit.entries(connection, TESTED, subject=f"platform:{key}")
        return tuple(sorted({
            test.actor for test in tests
            if standing.at and datetime.fromisoformat(test.at) >= standing.at
            and decode_value(test.detail).get("value") == standing.waiting
        }))  # fmt: skip

    def _history(self, connection: Connection, place: str) -> tuple[ReceiverStep, ...]:
        """Return every step of a receiver, the newest first."""
        table = setting_signatures.c
        rows = select(table.at, users.c.name, table.kind, table.field, table.value, table.reason)
        rows = rows.select_from(setting_signatures.outerjoin(users, table.by_id == users.c.id)).where(table.place == place)
        steps = [
            ReceiverStep(at=row.at, by=row.name or "", kind=row.kind, value=describe_value(row.value), reason=row.reason)
            for row in connection.execute(rows.order_by(table.id))
        ]
        for test in audit.entries(connection, TESTED, subject=place):
            value = describe_value(str(decode_value(test.detail).get("value")))
            at = datetime.fromisoformat(test.at)
            steps.append(ReceiverStep(at=at, by=test.actor, kind="tested", value=value, reason=""))
        return tuple(sorted(steps, key=lambda step: step.at, reverse=True))

    def _path(self, key: str) -> Path | None:
        """Return the file that describes a platform."""
        with self._named_faults():
            return next((path for path, part in read_files(self._settings.seeds) if key in part.platforms), None)

    def _read_platforms(self) -> Platforms:
        with self._named_faults():
            return load_platforms(self._settings.seeds)

    @contextmanager
    def _named_faults(self) -> Iterator[None]:
        """Turn what is wrong with a file into words with its place under ``seeds`` alone."""
        try:
            yield
        except SourceError as exc:
            raise DeskRefusal(str(exc).replace(f"{self._settings.seeds}/", "")) from exc

    def _check(self, path: Path, text: str) -> Platforms:
        """Read the receivers strictly as they would be; raise DeskRefusal with every fault."""
        with self._named_faults():
            return load_platforms(self._settings.seeds, {path: text.encode()})


def _route(key: str) -> Key:
    return f"platform:{key}", "route"


def _value(platform: Platform) -> str:
    """Return what a signature on a receiver is bound to: its address, its state, and whose adverts it gets."""
    state = "on" if platform.enabled else "off"
    lists = {"hosts": list(platform.hosts), "sources": list(platform.sources)}
    return audit.canonical({"contact": platform.contact, "state": state} | lists)
