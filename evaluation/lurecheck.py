"""LureCheck: functional tests of the detector, as HateCheck is for hate speech (Röttger et al. 2022, arXiv 2206.09917).

A functionality is one file of the folder: what it tests, what is expected, and a text per language. Its template may put the
text around those of other files (``{compound_lure}``); disguises of the base texts are made here. ``pairs*.yml`` hold minimal
pairs: functionality -> indicator -> language -> [text that says what the indicator means, text that does not].
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from enrichment.assess import Assessor, PostingText
from enrichment.assessment import Assessment
from evaluation.disguises import DISGUISES
from evaluation.measures import DataError, share, sum_rows

PAIRS = "pairs*.yml"
PAIRS_FORM = dict[str, dict[str, dict[str, tuple[str, str]]]]
CONTACT = "Telegram @sample_hr88"
"""The contact of a case whose template asks for one; it stands for nobody."""
LURES, HONEST = ("compound_lure", "task_lure"), "honest_advert"
"""Functionalities whose texts are disguised."""
GOAL = 0.85
"""Languages below this share of right cases are named."""


class Functionality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the suite."""

    about: str
    expect: Literal["flagged", "not_flagged"]
    texts: dict[str, str] = {}
    """By language; empty where the template holds texts of other files only."""
    template: str = "{text}"
    """What is judged: ``{text}``, ``{contact}`` and the texts of other files by their names."""
    shows: tuple[str, ...] = ()
    """Indicators that must be reasons."""
    never: tuple[str, ...] = ()
    """Indicators that must be none."""


class Case(NamedTuple):
    """One text to judge and what is expected of it."""

    functionality: str
    language: str
    text: str
    flagged: bool
    shows: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class Pair(NamedTuple):
    """Two texts that differ in a word or two."""

    functionality: str
    indicator: str
    language: str
    says_so: str
    does_not: str


def read_suite(folder: Path) -> dict[str, Functionality]:
    """Return the functionalities of a folder by name; raise DataError naming the fault of a file."""
    files = sorted(file for file in folder.glob("*.yml") if not file.match(PAIRS))
    return {file.stem: _read(file, Functionality) for file in files}


def read_pairs(folder: Path) -> list[Pair]:
    """Return the minimal pairs of a folder; raise DataError naming their fault."""
    return [
        Pair(functionality, indicator, language, *texts)
        for file in sorted(folder.glob(PAIRS))
        for functionality, indicators in _read(file, PAIRS_FORM).items()
        for indicator, languages in indicators.items()
        for language, texts in languages.items()
    ]


def make_cases(suite: Mapping[str, Functionality]) -> Iterator[Case]:
    """Yield the cases of each functionality, and those of each disguise; raise DataError where a template names no file."""
    for name, one in suite.items():
        for language in one.texts or suite[LURES[0]].texts:
            text = _fill(suite, name, language, one.texts.get(language, ""))
            yield Case(name, language, text, one.expect == "flagged", one.shows, one.never)
    for name, disguise in DISGUISES.items():
        for base in (*LURES, HONEST):
            for language, text in suite[base].texts.items() if base in suite else ():
                if (disguised := disguise(text)) != text:
                    functionality = f"{'honest advert' if base == HONEST else 'lure'}, {name}"
                    yield Case(functionality, language, _fill(suite, base, language, disguised), base != HONEST)


def read_cases(folder: Path, language: str | None = None) -> list[Case]:
    """Return all cases of a folder, or those in ``language``; raise DataError naming the fault of a file."""
    return [case for case in make_cases(read_suite(folder)) if language in (None, case.language)]


def report(folder: Path, *, seeds: Path, language: str | None = None) -> dict[str, Any]:
    """Return the cases that are right by functionality and by language, the pairs that are, and each that went wrong.

    Raise DataError when a file is faulty, or the folder holds none in ``language``.
    """
    cases = read_cases(folder, language)
    pairs = [pair for pair in read_pairs(folder) if language in (None, pair.language)]
    if not cases and not pairs:
        raise DataError(f"{folder}: no cases in {language}")
    assessor = Assessor(seeds)
    judged = assessor.assess_all(PostingText("", None, case.text) for case in cases)
    outcomes = [(case, _failure(case, assessment)) for case, assessment in zip(cases, judged, strict=True)]
    return {
        "folder": str(folder),
        "functionalities": _table((case.functionality, case.language, not failure) for case, failure in outcomes),
        "languages": _table((case.language, case.functionality, not failure) for case, failure in outcomes),
        "verdicts": [sum("verdict" not in failure for _, failure in outcomes), len(outcomes)],
        "failures": [{**case._asdict(), **failure} for case, failure in outcomes if failure],
        **_pair_report(pairs, assessor),
    }


def _read(file: Path, form: Any) -> Any:
    try:
        return msgspec.yaml.decode(file.read_bytes(), type=form)
    except (OSError, msgspec.DecodeError) as exc:
        raise DataError(f"{file}: {exc}; docs/lurecheck.md shows what a file holds") from exc


def _fill(suite: Mapping[str, Functionality], name: str, language: str, text: str) -> str:
    """Return a template with ``text`` and the texts of other files in it."""
    others = {other: one.texts[language] for other, one in suite.items() if language in one.texts}
    try:
        return suite[name].template.format_map({**others, "text": text, "contact": CONTACT})
    except KeyError as exc:
        raise DataError(f"{name}.yml: {exc} has no text in {language}; the template names a file of the folder") from exc


def _list_reasons(judged: Assessment) -> list[str]:
    return list(dict.fromkeys(signal.indicator for signal in judged.signals if signal.weight > 0))


def _failure(case: Case, judged: Assessment) -> dict[str, Any]:
    """Return what is wrong with a judgement and what it rests on; nothing where it is right."""
    shown = _list_reasons(judged)
    verdict = {"verdict": "flagged" if judged.flagged else "not flagged"} if judged.flagged != case.flagged else {}
    faults = [
        *verdict.values(),
        *(f"does not show {indicator}" for indicator in case.shows if indicator not in shown),
        *(f"shows {indicator}" for indicator in case.never if indicator in shown),
    ]
    return (
        {**verdict, "faults": faults, "score": round(judged.score, 1), "stance": judged.stance, "shown": shown} if faults else {}
    )


def _pair_report(pairs: Sequence[Pair], assessor: Assessor) -> dict[str, Any]:
    judged = assessor.assess_all(PostingText("", None, text) for pair in pairs for text in pair[3:])
    rows: dict[str, list[list[int]]] = defaultdict(list)
    wrong = []
    for pair, first, second in zip(pairs, judged, judged, strict=False):
        found, spared = pair.indicator in _list_reasons(first), pair.indicator not in _list_reasons(second)
        rows[pair.functionality].append([found and spared, found, spared, 1])
        if not (found and spared):
            wrong.append({**pair._asdict(), "missed": not found, "false": not spared})
    return {"pairs": {name: list(map(sum, zip(*each, strict=True))) for name, each in rows.items()}, "wrong_pairs": wrong}


def _table(outcomes: Iterator[tuple[str, str, bool]]) -> dict[str, dict[str, list[int]]]:
    """Return hits and totals by two names."""
    table: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for outer, inner, right in outcomes:
        table[outer][inner][0] += right
        table[outer][inner][1] += 1
    return table


def render(results: dict[str, Any], *, failures: bool = False) -> str:
    """Return a report as tables, or each failing case with what was shown; shares stand with their 95 % Wilson intervals."""
    return "\n".join(_failure_lines(results) if failures else _lines(results))


def _failure_lines(results: dict[str, Any]) -> Iterator[str]:
    for one in results["failures"]:
        why = f"{', '.join(one['faults'])} ({one['score']}, {one['stance']})"
        yield f"{one['functionality']} {one['language']}: {why}: {one['text']}"
        yield f"    shown: {', '.join(one['shown']) or 'nothing'}"
    for one in results["wrong_pairs"]:
        why, text = ("missed", one["says_so"]) if one["missed"] else ("read into", one["does_not"])
        yield f"pair {one['functionality']}/{one['indicator']} {one['language']}: {why}: {text}"


def _lines(results: dict[str, Any]) -> Iterator[str]:
    for title, goal in (("functionalities", 1.0), ("languages", GOAL)):
        yield f"{title:44} {'right':>26}   worst"
        for name, row in results[title].items():
            worst = sorted((hits / total, other) for other, (hits, total) in row.items() if hits < goal * total)
            yield f"{name:44} {share(*sum_rows(row.values())):>26}   {'; '.join(other for _, other in worst[:8]) or '-'}"
        yield ""
    yield f"{'minimal pairs':44} {'both right':>26} {'says so, found':>26} {'does not, spared':>26}"
    for name, (both, found, spared, total) in results["pairs"].items():
        yield f"{name:44} {share(both, total):>26} {share(found, total):>26} {share(spared, total):>26}"
    yield f"{'all':44} {share(*sum_rows([row[0], row[3]] for row in results['pairs'].values())):>26}\n"
    cases = sum_rows(sum_rows(row.values()) for row in results["functionalities"].values())
    count = f"{len(results['functionalities'])} functionalities, {len(results['languages'])} languages"
    yield f"{count}: {share(*cases)} right, the verdict alone {share(*results['verdicts'])}"
