"""The seeds in force for the desk's pages: sources, rules, receivers and their history; what waits, and its acceptance."""

import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from crawlers.sources.source import Source, refusal
from crawlers.sources.source_edit import draft_source
from desk.cases.accepted_seeds import AcceptedSeeds, SeedChange, accepted_before, accepted_seeds
from desk.people.accounts import User
from desk.platforms import Platforms
from desk.refusals import DeskRefusal
from desk.seed_views import (
    FileStep,
    ProposalKind,
    RuleFile,
    RuleHit,
    RuleLine,
    RuleTrial,
    SourceFile,
    waiting_proposals,
    write_out,
)
from enrichment.errors import ModelError, SeedsError
from enrichment.lexicon.concept_files import WORDS
from enrichment.lexicon.lexicon import read_indicators
from enrichment.lexicon.rule_files import rules
from foundation.crawl_errors import SourceError
from foundation.messages import _
from index.query.parse import place_names
from lurewatch.app.app_errors import page_errors, typed_errors
from lurewatch.app.in_force import InForce, read_in_force
from lurewatch.app.resources import desk_if_made
from lurewatch.app.seeds.seed_commits import git, is_repository
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from enrichment.assess import Assessor
    from index.query.parse import Places

SHOWN, STEPS = 50, 20
"""Accepted commits, and commits of one file, that are shown."""
TEXTS = 200
"""Kept texts, the newest, that a page judges anew; `lurewatch seeds diff` judges all."""
_MOST_HITS = 100


class DeskSeeds:
    """What ``desk.seed_views.SeedViews`` asks for, from the settings of the installation."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings, self._engine = settings, engine
        self._reading, self._judging = threading.Lock(), threading.Lock()
        self._kept: tuple[object, InForce] | None = None
        self._receivers: Platforms | None = None
        self._places: tuple[InForce, Places] | None = None
        self._assessor: tuple[InForce, Assessor] | None = None
        self._change: tuple[str, SeedChange | None] | None = None

    def in_force(self) -> InForce:
        """Return what is in force, read again where a commit was accepted since or, of a plain folder, a file was written."""
        with page_errors(), self._reading:
            with self._engine.connect() as connection:
                accepted = accepted_seeds(connection)
            state = accepted or _files_state(self._settings.seeds)  # before it is read: a change meanwhile is seen the next time
            if self._kept is None or self._kept[0] != state:
                self._kept = state, read_in_force(self._settings)
            return self._kept[1]

    def run_signers(self) -> bytes:
        """Return the keys that may sign runs."""
        return self.in_force().run_signers

    def sources(self) -> tuple[Source, ...]:
        """Return the sources whose files are right."""
        return self.in_force().files.sources

    def receivers(self) -> Platforms:
        """Return the receivers; of a plain folder whose platforms.yml somebody breaks, those that were read last."""
        with suppress(SourceError):
            self._receivers = self.in_force().right_receivers[0]
        return self._receivers or self.in_force().right_receivers[0]

    def places(self) -> "Places":
        """Return what ``place:`` in a search understands."""
        in_force = self.in_force()
        with self._reading:
            if self._places is None or self._places[0] is not in_force:
                self._places = in_force, place_names(in_force.seeds / "places.yml")
            return self._places[1]

    def sentence(self) -> str:
        """Return what is in force, and what a change needs."""
        return self.in_force().sentence

    def list_accepted(self) -> Sequence[AcceptedSeeds]:
        """Return the commits that were accepted, the one in force first."""
        with self._engine.connect() as connection:
            return list(accepted_before(connection, SHOWN))

    def waiting(self) -> SeedChange | None:
        """Return the newest signed commit that is not in force, with what it does; None where there is none, or no repository."""
        if not is_repository(self._settings.seeds):
            return None
        from lurewatch.app.seeds.seed_acceptance import waiting_change  # the pages of the desk start without it

        with page_errors(), self._judging:
            state = f"{self.in_force().commit} {git(self._settings.seeds, 'rev-parse', 'HEAD').decode()}"
            if self._change is None or self._change[0] != state or (self._change[1] and self._change[1].refusal):
                self._change = state, waiting_change(self._settings, self._engine, texts=TEXTS)
            return self._change[1]

    def accept(self, commit: str, *, content: str, by: User, reason: str) -> None:
        """Put a commit in force as the second person; ``content`` is that of the one they saw."""
        from lurewatch.app.seeds.seed_acceptance import accept_change

        seen = self.waiting()
        if seen is None or (seen.commit, seen.content) != (commit, content):
            raise DeskRefusal(_("the commit is not the one you saw; look at it again"))
        with page_errors():
            accept_change(self._settings, self._engine, seen, by=by, reason=reason)

    def history(self, name: str) -> Sequence[FileStep]:
        """Return the commits that changed a file of the seeds, the newest first, up to the one in force."""
        commit = self.in_force().commit
        if not commit or not is_repository(self._settings.seeds):
            return ()
        with page_errors():
            said = git(self._settings.seeds, "log", f"-{STEPS}", "--format=%H%x1f%an%x1f%cI%x1f%s%x1e", commit, "--", name)
        lines = [line.strip("\n").split("\x1f") for line in said.decode("utf-8", "replace").split("\x1e") if line.strip()]
        return [FileStep(commit=id, author=author, at=at, subject=subject) for id, author, at, subject in lines]

    def faulty(self) -> Sequence[str]:
        """Return the names of the faulty source files."""
        return [fault.source for fault in self.in_force().files.faults]

    def read_source(self, name: str) -> SourceFile | None:
        """Return a source file; None when there is none of that name."""
        path = self.in_force().seeds / "sources" / f"{Path(name).name}.yml"
        if Path(name).name != name or not path.is_file():
            return None
        text, source, fault = path.read_bytes().decode("utf-8", "replace"), None, ""
        try:
            source = draft_source(name, text)
        except SourceError as exc:
            fault = str(exc)
        why = refusal(source, datetime.now(UTC).date()) if source else None
        history = tuple(self.history(f"sources/{name}.yml"))
        return SourceFile(name=name, text=text, source=source, fault=fault, refusal=why or "", history=history)

    def rule_files(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Return (language, families with rules), both by name."""
        folder = self.in_force().seeds / "lures"
        languages = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
        return [(path.name, sorted(file.stem for file in path.glob("*.yml") if file.name != WORDS)) for path in languages]

    def read_rules(self, language: str, family: str) -> RuleFile | None:
        """Return the rules of a file; None when there is no such file."""
        if family not in dict(self.rule_files()).get(language, ()):
            return None
        folder = self.in_force().seeds / "lures"
        faults: list[str] = []
        titles = {indicator.slug: indicator.title for indicator in read_indicators(folder / "indicators.yml", faults)}
        lines = tuple(
            RuleLine(
                id=rule.id, status=rule.status, wording=rule.wording, gloss=rule.gloss or titles.get(rule.indicator, ""),
                indicator=rule.indicator, strength=rule.strength, place=place.replace(f"{folder}/", ""),
            )
            for place, rule in rules(folder / language / f"{family}.yml", faults)
        )  # fmt: skip
        fault = "\n".join(faults).replace(f"{folder}/", "")
        history = tuple(self.history(f"lures/{language}/{family}.yml"))
        return RuleFile(language=language, family=family, rules=lines, fault=fault, history=history)

    def try_text(self, text: str) -> RuleTrial:
        """Judge a text with the lexicon in force."""
        assessor = self._load_assessor()
        judged = assessor.assess(id="tried", title=None, text=text, countries=(), links=())
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
                for hit in assessor.evidence(text)[:_MOST_HITS]
            ),
        )  # fmt: skip

    def _load_assessor(self) -> "Assessor":
        """Return the assessor in force; one is kept until that changes."""
        from lurewatch.app.pipeline import judge_in_force  # a second of start-up, which the desk's other pages do without

        in_force = self.in_force()
        with self._judging:
            if self._assessor is None or self._assessor[0] is not in_force:
                try:
                    self._assessor = in_force, judge_in_force(in_force)
                except (SeedsError, ModelError) as exc:
                    raise DeskRefusal(str(exc)) from exc
            return self._assessor[1]


@typed_errors()
def proposed_seeds(settings: Settings, *kinds: ProposalKind) -> list[str]:
    """Return each waiting proposal of some kinds as its file would have it; nothing where there is no desk yet.

    Raises TransientError while the desk's database is away.
    """
    with desk_if_made(settings) as engine:
        if engine is None:
            return []
        with engine.connect() as connection:
            return [write_out(each) for each in waiting_proposals(connection, *kinds)]


def _files_state(seeds: Path) -> tuple[tuple[str, int, int, int, int], ...]:
    """Return what tells whether a file of the seeds was written since; its times cannot be set back."""
    states = []
    for root, folders, names in os.walk(seeds):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            with suppress(FileNotFoundError):
                stat = Path(root, name).stat()
                states.append((f"{root}/{name}", stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))
    return tuple(sorted(states))
