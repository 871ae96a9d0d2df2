"""Source files for the desk's page: read, tried on kept pages, switched and saved."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from crawlers.sources.source import Source, refusal
from crawlers.sources.source_edit import checked_edit, draft_source
from desk.cases.signed_settings import PendingSetting, propose, values_of
from desk.people.accounts import User
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from desk.seed_editors import SiteLook, SourceFile, SourceReplay
from foundation.crawl_errors import SourceError
from foundation.messages import _
from lurewatch.app.seeds.noted_change import change, refuse_reader, version_of
from lurewatch.app.seeds.settings_in_force import observe_files, pending_settings, sign
from lurewatch.app.seeds.source_replay import replay_source
from lurewatch.app.seeds.sources_in_force import accept_sources, source_in_force, sources_in_force
from lurewatch.app.venues.look_queue import AskedLook, ask_for_look, list_looks, look_beside_pages
from lurewatch.settings import Settings


class SourceFiles:
    """What ``desk.seed_editors.SourceEditor`` asks for, from the settings of the installation."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings, self._engine = settings, engine

    def faulty(self) -> Sequence[tuple[str, str]]:
        """Return (name, what is in force instead) of each faulty file."""
        return [(fault.source, fault.consequence) for fault in sources_in_force(self._settings).faults]

    def read(self, name: str) -> SourceFile | None:
        """Return a file; None when there is none of that name."""
        path = self._path(name)
        if Path(name).name != name or not path.is_file():
            return None
        content = path.read_bytes()
        text, source, fault = content.decode("utf-8", "replace"), None, ""
        try:
            source = draft_source(name, text)
        except SourceError as exc:
            fault = str(exc)
        in_force = source_in_force(self._settings, name).fault_of(name) if fault else None
        waiting = self._waiting(name)
        why = refusal(source, datetime.now(UTC).date()) if source else None
        return SourceFile(
            name=name, text=text, version=version_of(content), source=source, fault=fault, refusal=why or "",
            in_force=in_force.consequence if in_force else "", waiting=tuple(setting.sentence for setting in waiting),
            seen=_describe_waiting(waiting),
        )  # fmt: skip

    def try_text(self, name: str, text: str) -> SourceReplay:
        """Check a changed text and read kept pages with it; asks no site and changes nothing."""
        return replay_source(self._settings.runs, self._check_text(name, text))

    def switch(self, name: str, *, enabled: bool, version: str, by: User, reason: str) -> None:
        """Switch a source on or off; ``version`` is that of the file the person saw."""
        refuse_reader(self._settings, by, reason)
        path = self._path(name)
        try:
            text = checked_edit(path, {"enabled": enabled})[0]
        except FileNotFoundError as exc:
            raise DeskRefusal(_("%(file)s is not there any more; look at the list again", file=path.name)) from exc
        except SourceError as exc:
            raise DeskRefusal(str(exc)) from exc
        self._write(name, text, version, by, reason, "source_on" if enabled else "source_off")

    def save(self, name: str, text: str, *, version: str, by: User, reason: str) -> None:
        """Put a changed text in place of the file the person saw."""
        refuse_reader(self._settings, by, reason)
        text = _lines(text)
        self._check_text(name, text)
        self._write(name, text, version, by, reason, "source_edited")

    def accept(self, name: str, *, seen: str, by: User, reason: str) -> None:
        """Sign the values of a file that wait for a second person, as ``seen``."""
        waiting = self._waiting(name)
        if seen != _describe_waiting(waiting):
            raise DeskRefusal(_("%(file)s or its signatures changed since you looked; look again", file=f"{name}.yml"))
        sign(self._settings, self._engine, waiting, by=by, reason=reason)

    def try_site(self, name: str, *, by: User) -> None:
        """Ask for a cut-down run of a file as it stands, as `lurewatch sources try` does; nothing is kept."""
        if not by.may(Right.SEEDS):
            raise DeskRefusal(_("the role %(role)s tries no sources; ask an operator or a lead", role=by.role))
        file = self.read(name)
        if file is None or file.source is None:
            raise DeskRefusal(_("%(file)s is faulty or not there; correct it, then try it", file=f"{name}.yml"))
        ask_for_look(self._engine, "try", name, by=by, action="source_try_asked")
        if self._settings.desk_looks:
            look_beside_pages(self._engine, self._carry_out)

    def look(self, name: str) -> SiteLook | None:
        """Return how the last such run of a source stands."""
        return next(iter(list_looks(self._engine, ("try",), name)), None)

    def _carry_out(self, look: AskedLook) -> Sequence[str]:
        from lurewatch.app.venues.decide import carry_out_look  # the crawler's parts load slowly

        return carry_out_look(self._settings, look)

    def _waiting(self, name: str) -> list[PendingSetting]:
        return [setting for setting in pending_settings(self._settings) if setting.place == f"source:{name}"]

    def _write(self, name: str, text: str, version: str, by: User, reason: str, action: str) -> None:
        """Put the text in its place; what two people answer for is in force once a second person has accepted it."""
        observe_files(self._settings, self._engine)
        now, new = datetime.now(UTC), values_of(self._check_text(name, text))
        before = source_in_force(self._settings, name).sources
        old = values_of(before[0]) if before else {}

        def note(connection: Connection) -> None:
            propose(connection, old, new, by=by, reason=reason.strip(), now=now)

        change(
            self._engine, self._path(name), text.encode(), version=version, by=by, now=now, action=action, subject=name,
            detail={"reason": reason.strip()}, note=note,
        )  # fmt: skip
        accept_sources(self._settings, name)

    def _check_text(self, name: str, text: str) -> Source:
        try:
            return draft_source(name, _lines(text))
        except SourceError as exc:
            raise DeskRefusal(str(exc)) from exc

    def _path(self, name: str) -> Path:
        return self._settings.seeds / "sources" / f"{Path(name).name}.yml"


def _describe_waiting(waiting: list[PendingSetting]) -> str:
    return version_of("".join(setting.sentence for setting in waiting).encode())


def _lines(text: str) -> str:
    """Return what a browser sends of a text field with the line ends a file has."""
    return text.replace("\r\n", "\n").rstrip() + "\n"
