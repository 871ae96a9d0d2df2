"""`python -m evaluation`: how good each part is on labelled data, with its intervals, and the training of the score."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from evaluation.text_sets import carried_texts
from lurewatch.settings import load_settings

T = TypeVar("T")
_DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True),
    show_default="benchmarks/texts of the source code",
    help="Folder with the labelled files, or one file.",
)
_MORE = click.option(
    "--more",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with fetched public texts (benchmarks/texts/labels/public-sources.tsv), as <owner>/<repository>/<path>.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="The whole report, with every mistake, as one JSON object.")


@click.group(no_args_is_help=True)
def command() -> None:
    """Measure the parts of stage 2 on labelled data; shares are printed with their 95 % intervals.

    The labelled listings in benchmarks/texts of the source code (its README says how each file was made and what it is good for)
    are used unless --data names others; an installed package does not bring them.
    """


@command.command()
@_DATA
@click.option("--words", type=click.IntRange(1), help="Judge the first so many words of each text only.")
@_JSON
def language(data: Path | None, words: int | None, as_json: bool) -> None:
    """Languages of the carried texts, or of langid-dev.tsv (columns lang, text, stratum, accept) in the folder --data names."""
    _tell("language_quality", as_json, lambda part: part.report(data or carried_texts().folder, words))


@command.command()
@_DATA
@_JSON
@click.option("--cross-validate", is_flag=True, help="Train the points anew outside each of eight folds, campaigns kept whole.")
def detection(data: Path | None, as_json: bool, cross_validate: bool) -> None:
    """Lures against everything else on listings-dev.jsonl, or on the labelled FILE --data names.

    \b
    python -m evaluation detection --data benchmarks/texts/held_out/unseen.jsonl
    python -m evaluation detection --cross-validate

    Tables per language, class and evasion, the tags, and every mistake. Honest advertisements in texts/ beside the file are
    counted as false alarms.
    """
    seeds = load_settings().seeds
    _tell(
        "detection",
        as_json,
        lambda part: part.report(data or carried_texts().training, seeds=seeds, cross_validate=cross_validate),
    )


@command.command()
@click.option("--language", "code", help="Only cases in this language, such as th or zh-Hant.")
@click.option("--failures", is_flag=True, help="List each failing case with what was shown, instead of the tables.")
@click.option("--cases", "only_cases", is_flag=True, help="Judge nothing; write each case as a line of JSON, to judge by others.")
@_JSON
def lurecheck(code: str | None, failures: bool, only_cases: bool, as_json: bool) -> None:
    """Functional tests in 29 languages, one short text each: lures of every kind, disguises, quotations, reports, honest twins.

    Right is a case that is flagged or not as it should be, and shows what it must and never what it must not. Of a minimal pair
    the first text shows the indicator as a reason and the second, which differs in a word or two, does not.
    """
    if only_cases:
        from enrichment.text_lines import encode_line
        from evaluation.lurecheck import read_cases

        for case in _checked(lambda: read_cases(carried_texts().lurecheck, code)):
            click.echo(encode_line(case._asdict()))
        return
    _tell(
        "lurecheck",
        as_json,
        lambda part: part.report(carried_texts().lurecheck, seeds=load_settings().seeds, language=code),
        failures=failures,
    )


@command.command()
@click.option("--language", "code", help="Only texts in this language, such as th or zh-Hant.")
@click.option("--failures", is_flag=True, help="Name each lure missed and each honest twin flagged, without its text.")
@_JSON
def parallel(code: str | None, failures: bool, as_json: bool) -> None:
    """Parallel lures: one of each kind in every language, beside an honest advert that it resembles.

    How many are found and how many of the honest ones flagged, per language and per kind. Nothing is trained on them.
    """
    _tell(
        "parallel",
        as_json,
        lambda part: part.report(carried_texts().parallel, seeds=load_settings().seeds, language=code),
        failures=failures,
    )


@command.command()
@click.option("--failures", is_flag=True, help="List each reason that a reading found false; for those who write no rules.")
@click.option("--sheet", type=click.Path(path_type=Path), help="Write the reasons not read yet to this file, with their texts.")
@click.option("--take", type=click.Path(path_type=Path, exists=True), help="Take the labels of a filled sheet.")
@click.option("--reading", type=click.Choice(["first", "second"]), default="first", show_default=True, help="Whose labels.")
@_JSON
def reasons(failures: bool, sheet: Path | None, take: Path | None, reading: str, as_json: bool) -> None:
    """The first three reasons of flagged texts in every language: how many two readings found true, doubtful or false.

    \b
    python -m evaluation reasons --sheet unread.tsv --reading second   # write true, doubtful or false in the last column
    python -m evaluation reasons --take unread.tsv --reading second

    A reason is true when the words say, in their text, what its sentence says. Those who read wrote no rules, and each
    reads alone. A reason that changes is unread again.
    """
    texts = carried_texts()

    def measure(part: Any) -> dict[str, Any]:
        if take:
            click.echo(f"{part.take_sheet(take, reading, texts.reason_labels)} labels taken", err=True)
        wanted = (sheet, reading) if sheet else None
        return part.report(texts, seeds=load_settings().seeds, sheet=wanted)  # type: ignore[no-any-return]

    _tell("reasons", as_json, measure, failures=failures)


@command.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Folder that holds texts/ with real texts; they are not carried.",
)
@click.option(
    "--split",
    type=click.Choice(["shipped", "cross-validate", "leave-source-out"]),
    default="shipped",
    show_default=True,
    help="Judge with the shipped score, or with one learned without the texts judged.",
)
@_MORE
@_JSON
def real(data: Path, split: str, more: Path | None, as_json: bool) -> None:
    """Lures among real texts: average precision, recall where few others are flagged, per group and source, calibration.

    \b
    python -m evaluation real --data FOLDER                            # the shipped score; it has learned from some of them
    python -m evaluation real --data FOLDER --split cross-validate     # near duplicates stay on one side
    python -m evaluation real --data FOLDER --split leave-source-out   # nothing learned from the file judged

    The last two learn the score five and twelve times: ten minutes and more. With --more it is also told how many of the public
    texts are flagged; but for `shipped`, nothing was learned from any of them.
    """
    seeds = load_settings().seeds
    _tell(
        "real_report",
        as_json,
        lambda part: part.report(data, seeds=seeds, texts=carried_texts(), split=split, more=more, progress=_progress),
    )


@command.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    show_default="benchmarks/texts/training of the source code",
    help="A labelled file, a folder with authored files, or one that holds texts/; several times.",
)
@click.option("--held-out", is_flag=True, help="Rewrite in the wordings nobody tunes on.")
@click.option("--language", "code", help="Only texts in this language, such as th.")
@click.option(
    "--most",
    type=click.IntRange(1),
    default=12,
    show_default=True,
    help="How many lures, reports and honest adverts of a language are rewritten; ten minutes at 60.",
)
@_JSON
def attacks(data: tuple[Path, ...], held_out: bool, code: str | None, most: int, as_json: bool) -> None:
    """What an advertiser wins by rewriting a lure: recall kept per rewrite, pair and language, and false alarms added.

    \b
    python -m evaluation attacks                                               # the authored files that are learned from
    python -m evaluation attacks --held-out --data benchmarks/texts/held_out/unseen.jsonl
    python -m evaluation attacks --data benchmarks/texts/training --data FOLDER   # real texts beside them (FOLDER/texts)
    """
    seeds = load_settings().seeds

    def measure(part: Any) -> dict[str, Any]:
        texts = carried_texts()
        return part.report(  # type: ignore[no-any-return]
            data or [texts.training], seeds=seeds, texts=texts, held_out=held_out, language=code, most=most, progress=_progress
        )

    _tell("attack_report", as_json, measure)


@command.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    show_default="all labelled files of benchmarks/texts",
    help="A labelled file; several times.",
)
@_JSON
def windows(data: tuple[Path, ...], as_json: bool) -> None:
    """Excerpts of two to four sentences from reports, warnings and testimonies: how many are flagged by themselves.

    \b
    python -m evaluation windows                                              # a minute; most of the texts are learned from
    python -m evaluation windows --data benchmarks/texts/held_out/unseen.jsonl
    """

    def measure(part: Any) -> dict[str, Any]:
        texts = carried_texts()
        files = data or [*texts.training_files(), *texts.unseen()]
        return part.report(files, seeds=load_settings().seeds)  # type: ignore[no-any-return]

    _tell("windows", as_json, measure)


@command.command()
@_DATA
@_JSON
def contacts(data: Path | None, as_json: bool) -> None:
    """Contacts by type and language on listings-dev.jsonl, real messages where --data has texts/, example numbers from suites/.

    Real messages are labelled in benchmarks/texts/labels/real-contacts.tsv by id and mark; the texts are not carried.
    """
    _tell(
        "contact_quality",
        as_json,
        lambda part: part.report(data or carried_texts().training, labels=carried_texts().contact_labels),
    )


@command.command()
@_DATA
@_JSON
def pay(data: Path | None, as_json: bool) -> None:
    """Pay on the labelled listings: amount and currency, and none read where none is offered."""
    _tell("pay_quality", as_json, lambda part: part.report(data or carried_texts().training))


@command.command()
@_DATA
@_JSON
def campaigns(data: Path | None, as_json: bool) -> None:
    """Linking of listings into campaigns: pairwise precision and recall, and the decoys joined."""
    seeds = load_settings().seeds
    _tell("campaign_quality", as_json, lambda part: part.report(data or carried_texts().training, seeds=seeds))


@command.command()
@_DATA
@click.option("--count", default=2000, show_default=True, help="Records planted beside the sample sites.")
@click.option("--seed", default=11, show_default=True, help="Another number plants another world.")
@_JSON
def network(data: Path | None, count: int, seed: int, as_json: bool) -> None:
    """Lures among the first 100 of the queue by text alone and by text and network, and who was raised that is none."""
    seeds = load_settings().seeds
    _tell(
        "network_quality",
        as_json,
        lambda part: part.report(data or carried_texts().training, seeds=seeds, count=count, seed=seed),
    )


@command.command()
@click.option(
    "--real",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder that holds texts/ with real texts to count on as well.",
)
@click.option("--write-report", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write one line a rule here (TSV).")
@click.option("--most", type=click.IntRange(1), help="Tell which rules to keep when no more than so many may stay.")
@click.option("--prune", is_flag=True, help="Delete the others from the seeds in use; with --most.")
@_JSON
def masscheck(real: Path | None, file: Path | None, most: int | None, prune: bool, as_json: bool) -> None:
    """What each rule of the lexicon does on the texts a model learns from: hits among lures and others, sources, overlap.

    \b
    python -m evaluation masscheck --real FOLDER --write-report rules.tsv
    python -m evaluation masscheck --real FOLDER --most 5850 --prune   # then train anew and measure on texts not learned from

    Overlap is the share of a rule's texts on which another rule of its language and indicator fires too.
    """
    seeds = load_settings().seeds

    def measure(part: Any) -> dict[str, Any]:
        results: dict[str, Any] = part.report(seeds=seeds, texts=carried_texts(), real=real, most=most)
        if file is not None:
            part.write_report(results, file)
        if prune and most is not None:
            click.echo(f"{part.prune(results, seeds / 'lures')} rules deleted", err=True)
        return results

    _tell("masscheck", as_json, measure)


@command.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--real",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder that holds texts/ with real texts to learn from as well; only numbers learned from them are kept.",
)
@_MORE
@click.option("--write", is_flag=True, help="Replace the shipped model; without it only show what changes.")
def train(files: tuple[Path, ...], folder: Path | None, more: Path | None, write: bool) -> None:
    """Learn a model from labelled FILES and show what changes (default: listings-*.jsonl and terse*.jsonl of
    benchmarks/texts/training).

    Deterministic, some minutes. Measure afterwards on texts that were not learned from: `detection`, `real`.
    """
    from datetime import UTC, datetime

    from enrichment.model import SHIPPED, load, save
    from evaluation.learning import trained
    from evaluation.training_sources import counted, labelled

    texts = _checked(carried_texts)
    sources = _checked(lambda: labelled(files or texts.training_files(), folder, texts, more))
    items = [item for kept in sources.values() for item in kept]
    learned_score = _checked(lambda: trained(items, seeds=load_settings().seeds))
    before, points = load().weights, learned_score.weights.points
    for name in sorted({*before.points, *points}, key=lambda name: -abs(points.get(name, 0) - before.points.get(name, 0))):
        if points.get(name, 0) != before.points.get(name, 0):
            click.echo(f"{name:28} {before.points.get(name, 0):+7.2f} -> {points.get(name, 0):+7.2f}")
    lures, reports = learned_score.alone
    click.echo(f"score 50 at {learned_score.weights.middle} points, 73 at {learned_score.weights.spread} more", err=True)
    click.echo(f"n-grams alone, learned from other texts: average precision {lures:.3f} lures, {reports:.3f} reports", err=True)
    done = "nothing written (--write)"
    if write:
        card = save(
            SHIPPED,
            learned_score.weights,
            learned_score.ngrams,
            created=f"{datetime.now(UTC):%Y-%m-%d}",
            trained_on=counted(sources),
        )
        done = f"written to {SHIPPED} as version {card.version}"
    click.echo(f"{len(items)} texts; {done}", err=True)


@command.command("weak-labels")
def weak_labels_() -> None:
    """Print the undecided texts that their network marks as lures, as weakly labelled lines to train on.

    \b
    python -m evaluation weak-labels > weak.jsonl
    python -m evaluation train benchmarks/texts/training/listings-*.jsonl weak.jsonl

    Each line says "weak": true, why, and a weight of 0.3; nobody has decided about these texts.
    """
    from evaluation.weak import line, weak_labels
    from index.base import Query
    from lurewatch.app.resources import index_opened

    with index_opened(load_settings()) as store:
        for weak_label in weak_labels(store.scan(Query(undecided=True, raised=True))):
            click.echo(line(weak_label))


def _progress(text: str) -> None:
    click.echo(text, err=True)


def _tell(name: str, as_json: bool, measure: Callable[[Any], dict[str, Any]], **shown: bool) -> None:
    from enrichment.text_lines import encode_line

    part = importlib.import_module(f"evaluation.{name}")
    results = _checked(lambda: measure(part))
    click.echo(encode_line(results) if as_json else part.render(results, **shown))


def _checked(work: Callable[[], T]) -> T:
    """Return what ``work`` returns; data that is missing or wrong is one clear line. ``__main__`` tells of faulty seeds."""
    from evaluation.labelled_listings import ListingError

    try:
        return work()
    except ListingError as exc:
        raise click.ClickException(str(exc)) from exc
    except (OSError, ValueError, KeyError) as exc:
        why = f"{type(exc).__name__}: {exc}"
        raise click.ClickException(
            f"the labelled data cannot be read ({why}); see benchmarks/texts/README.md of the source code"
        ) from exc
