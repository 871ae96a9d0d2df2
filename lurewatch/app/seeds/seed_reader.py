"""Source files and lure rules for the desk's pages: read as they stand, and tried on a text."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawlers.sources.source import refusal
from crawlers.sources.source_edit import draft_source
from desk.refusals import DeskRefusal
from desk.seed_files import RuleFile, RuleHit, RuleLine, RuleTrial, SourceFile
from enrichment.errors import SeedsError
from enrichment.lexicon.concept_files import WORDS
from enrichment.lexicon.lexicon import read_indicators
from enrichment.lexicon.rule_files import rules
from foundation.crawl_errors import SourceError
from lurewatch.app.lures.lexicon_in_force import lexicon_key
from lurewatch.app.seeds.sources_in_force import sources_in_force
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from enrichment.assess import Assessor

_MOST_HITS = 100


class SeedReader:
    """What ``desk.seed_files.SeedFiles`` asks for, from the settings of the installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._lures = settings, settings.seeds / "lures"
        self._assessor: tuple[str, Assessor] | None = None
        self._loading = threading.Lock()

    def faulty(self) -> Sequence[str]:
        """Return the names of the faulty source files."""
        return [fault.source for fault in sources_in_force(self._settings).faults]

    def read_source(self, name: str) -> SourceFile | None:
        """Return a source file; None when there is none of that name."""
        path = self._settings.seeds / "sources" / f"{Path(name).name}.yml"
        if Path(name).name != name or not path.is_file():
            return None
        text, source, fault = path.read_bytes().decode("utf-8", "replace"), None, ""
        try:
            source = draft_source(name, text)
        except SourceError as exc:
            fault = str(exc)
        why = refusal(source, datetime.now(UTC).date()) if source else None
        return SourceFile(name=name, text=text, source=source, fault=fault, refusal=why or "")

    def rule_files(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Return (language, families with rules), both by name."""
        languages = sorted(path for path in self._lures.iterdir() if path.is_dir()) if self._lures.is_dir() else []
        return [(path.name, sorted(file.stem for file in path.glob("*.yml") if file.name != WORDS)) for path in languages]

    def read_rules(self, language: str, family: str) -> RuleFile | None:
        """Return the rules of a file; None when there is no such file."""
        if family not in dict(self.rule_files()).get(language, ()):
            return None
        faults: list[str] = []
        titles = {indicator.slug: indicator.title for indicator in read_indicators(self._lures / "indicators.yml", faults)}
        lines = tuple(
            RuleLine(
                id=rule.id, status=rule.status, wording=rule.wording, gloss=rule.gloss or titles.get(rule.indicator, ""),
                indicator=rule.indicator, strength=rule.strength, place=place.replace(f"{self._lures}/", ""),
            )
            for place, rule in rules(self._lures / language / f"{family}.yml", faults)
        )  # fmt: skip
        return RuleFile(language=language, family=family, rules=lines, fault="\n".join(faults).replace(f"{self._lures}/", ""))

    def try_text(self, text: str) -> RuleTrial:
        """Judge a text with the present lexicon."""
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
