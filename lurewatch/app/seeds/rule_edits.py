"""Lure rules for the desk's page: read by file, tried on a text, given another status."""

import re
import shutil
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from desk.cases.signed_settings import signed_statuses
from desk.custody.audit import canonical
from desk.people.accounts import User
from desk.refusals import DeskRefusal
from desk.seed_editors import RuleFile, RuleHit, RuleLine, RuleStatus, RuleTrial
from enrichment.errors import SeedsError
from enrichment.lexicon.concept_files import WORDS
from enrichment.lexicon.lexicon import LexiconError, lexicon, read_indicators
from enrichment.lexicon.rule_files import rules
from foundation.messages import _
from lurewatch.app.lures.lexicon_in_force import lexicon_key, signed_lexicon
from lurewatch.app.seeds.noted_change import refuse_reader, sign_file, version_of
from lurewatch.app.seeds.settings_in_force import accept_lexicon_change
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from enrichment.assess import Assessor

_MOST_HITS = 100


class LureRules:
    """What ``desk.seed_editors.RuleEditor`` asks for, from the settings of the installation."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings, self._engine = settings, engine
        self._folder = settings.seeds / "lures"
        self._assessor: tuple[str, Assessor] | None = None
        self._loading = threading.Lock()

    def files(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Return (language, families with rules), both by name."""
        languages = sorted(path for path in self._folder.iterdir() if path.is_dir()) if self._folder.is_dir() else []
        return [(path.name, sorted(file.stem for file in path.glob("*.yml") if file.name != WORDS)) for path in languages]

    def read(self, language: str, family: str) -> RuleFile | None:
        """Return the rules of a file; None when there is no such file."""
        path = self._path(language, family)
        if path is None:
            return None
        faults: list[str] = []
        with self._engine.connect() as connection:
            signed = signed_statuses(connection, datetime.now(UTC))
        titles = {indicator.slug: indicator.title for indicator in read_indicators(self._folder / "indicators.yml", faults)}
        lines = tuple(
            RuleLine(
                id=rule.id, status=rule.status, wording=rule.wording,
                gloss=rule.gloss or titles.get(rule.indicator, ""), indicator=rule.indicator,
                strength=rule.strength, place=_name_in_lures(place, self._folder), waiting=signed.get(rule.id, ""),
            )
            for place, rule in rules(path, faults)
        )  # fmt: skip
        fault = "\n".join(_name_in_lures(fault, self._folder) for fault in faults)
        return RuleFile(language=language, family=family, version=version_of(path.read_bytes()), rules=lines, fault=fault)

    def try_text(self, text: str) -> RuleTrial:
        """Judge a text with the present lexicon."""
        assessor = self._load_assessor()
        judged = assessor.assess(id="tried", title=None, text=text, countries=(), links=())
        hits = assessor.evidence(text)
        signals = sorted(judged.signals, key=lambda signal: -abs(signal.weight))
        return RuleTrial(
            score=judged.score,
            flagged=judged.flagged,
            tag=judged.tag,
            language=judged.language.code,
            reasons=tuple((signal.indicator, signal.weight) for signal in signals),
            hits=tuple(
                RuleHit(
                    id=hit.entry.id, status=hit.entry.status, words=text[hit.start : hit.end],
                    value=0.0 if hit.entry.status == "shadow" else hit.value,
                )
                for hit in hits[:_MOST_HITS]
            ),
        )  # fmt: skip

    def switch(self, language: str, family: str, rule: str, *, status: RuleStatus, version: str, by: User, reason: str) -> None:
        """Sign another status of a rule; the second person's signature changes the file, whose ``version`` is the one seen."""
        refuse_reader(self._settings, by, reason)
        path = self._path(language, family)
        if path is None:
            raise DeskRefusal(_("%(file)s is not there any more; look at the list again", file=f"{language}/{family}.yml"))
        changed = _set_status(path.read_text(encoding="utf-8"), rule, status)
        if changed is None:
            told = _("%(file)s has no rule %(rule)s; look at the list again", file=f"{language}/{family}.yml", rule=rule)
            raise DeskRefusal(told)
        self._check(language, path.name, changed)
        self._refuse_unsigned()
        now, reason, file = datetime.now(UTC), reason.strip(), self.read(language, family)
        before = canonical(next((line.status for line in file.rules if line.id == rule), "") if file else "")
        if sign_file(
            self._engine, path, changed.encode(), (f"rule:{rule}", "status"), canonical(status), before, version=version, by=by,
            now=now, reason=reason, action="rule_status", subject=rule,
            detail={"status": status, "file": f"{language}/{path.name}"},
        ):  # fmt: skip
            accept_lexicon_change(self._settings, self._engine, by=by, reason=reason, now=now)

    def _refuse_unsigned(self) -> None:
        """Raise DeskRefusal where the files hold what is not in force: a switch would bring it into force as well."""
        try:
            signed = signed_lexicon(self._settings)
        except SeedsError as exc:
            raise DeskRefusal(str(exc)) from exc
        if signed is not None:
            raise DeskRefusal(signed.problems[0])

    def _path(self, language: str, family: str) -> Path | None:
        return self._folder / language / f"{family}.yml" if family in dict(self.files()).get(language, ()) else None

    def _check(self, language: str, file: str, text: str) -> None:
        """Read the language strictly as it would be; raise DeskRefusal with every fault."""
        with TemporaryDirectory() as folder:
            draft = Path(folder) / "lures"
            shutil.copytree(self._folder / language, draft / language)
            shutil.copy(self._folder / "indicators.yml", draft)
            (draft / language / file).write_text(text, encoding="utf-8")
            try:
                lexicon(draft)
            except LexiconError as exc:
                raise DeskRefusal("\n".join(_name_in_lures(line, draft) for line in str(exc).splitlines())) from exc

    def _load_assessor(self) -> "Assessor":
        """Return the assessor of the seeds and the model as they stand; one is kept until they change."""
        from enrichment.assess import Assessor  # a second of start-up, which the desk's other pages do without

        key = lexicon_key(self._settings.seeds)
        with self._loading:
            if self._assessor is None or self._assessor[0] != key:
                try:
                    self._assessor = key, Assessor(self._settings.seeds)
                except SeedsError as exc:
                    raise DeskRefusal(str(exc)) from exc
            return self._assessor[1]


def _set_status(text: str, rule: str, status: str) -> str | None:
    """Return a rule file with the status of one rule changed and every other character as it was; None without that rule."""
    start = rf"^(?P<indent> *)- id: (?P<quote>['\"]?){re.escape(rule)}(?P=quote) *(?:#.*)?\n"
    match = re.search(start, text, re.M)
    if match is None:
        return None
    indent, end = match["indent"], match.end()
    written = re.compile(rf"(?:{indent}  .*\n|\n)*?{indent}  status: *(?P<status>\w+)").match(text, end)
    if written is None:  # active, without saying so
        return text if status == "active" else f"{text[:end]}{indent}  status: {status}\n{text[end:]}"
    return text[: written.start("status")] + status + text[written.end("status") :]


def _name_in_lures(words: str, folder: Path) -> str:
    """Return words about a file with its place under ``lures`` alone."""
    return words.replace(f"{folder}/", "")
