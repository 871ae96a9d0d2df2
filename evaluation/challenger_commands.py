"""`python -m evaluation challenger`: what analysts' decisions teach; it judges nothing until people ship it."""

from pathlib import Path

import click

from enrichment.assess import Assessor
from enrichment.text_lines import encode_line
from evaluation import challenger as training
from evaluation import text_tables
from evaluation.rule_outcomes import tallies
from evaluation.text_sets import carried_texts
from lurewatch.cli.one_line_errors import OneLineGroup
from lurewatch.settings import load_settings

json_option = click.option("--json", "as_json", is_flag=True, help="The whole report as one JSON object.")


@click.group(cls=OneLineGroup, no_args_is_help=True)
def challenger() -> None:
    """Learn a model from analysts' decisions and compare it with the shipped one, which judges."""


@challenger.command()
@click.argument("into", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--carried", "files", multiple=True, type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
    help="Labelled file to learn from besides, may be repeated; default: listings-*.jsonl and terse*.jsonl of --texts. Fewer "
    "texts are learned sooner, and hold the challenger less.",
)  # fmt: skip
@click.option("--without", multiple=True, metavar="NAME", help="Pass over the decisions of this person; may be repeated.")
@click.option(
    "--data", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder that holds texts/ with real texts, to judge with and, in training, to learn from; they are not carried.",
)  # fmt: skip
@click.option(
    "--texts", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False),
    show_default="benchmarks/texts of the source code", help="Folder with authored texts: training/, held_out/ and labels/.",
)  # fmt: skip
@json_option
def train(
    into: Path, files: tuple[Path, ...], without: tuple[str, ...], data: Path | None, folder: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Learn a challenger from what analysts decided, write it to the folder INTO, and compare it with the shipped model.

    \b
    python -m evaluation challenger train /tmp/challenger
    python -m evaluation challenger train /tmp/challenger --without mallory

    Copies of one text count once; what two people decided differently is left out; a text nobody opened is a weak label. One
    person's decisions have at most a tenth of the learning weight. A fifth of the decisions is kept from training to judge with.
    The report says what each person weighs, and every figure that is worse than the shipped model's. Nothing judges with it: to
    ship it, copy its three files over enrichment/shipped_model and have the change reviewed.
    """
    texts = carried_texts(folder)
    material = training.Material(texts=texts, carried=files or tuple(texts.training_files()), data=data)
    found = training.train(
        load_settings(), material, into, without=without, progress=lambda message: click.echo(message, err=True)
    )
    click.echo(encode_line({"comparison": found, "findings": found.findings()}) if as_json else text_tables.comparison(found))


@challenger.command()
@click.option("--least", type=click.IntRange(1), default=5, show_default=True, help="Leave out rules with fewer decided texts.")
@json_option
def outcomes(least: int, as_json: bool) -> None:
    """Show what analysts decided about the texts each indicator and rule fires on: confirmed, dismissed, precision, proposals.

    Counted are decisions on opened texts, copies of one text once; the rules are those of the lexicon in use. A rule is proposed
    to promote when its precision lies above the share of all decided texts by more than chance, to retire when below. Proposals
    need ten texts and two people, and stand with any one person's decisions left out. Nothing is changed: a person edits the
    lexicon. One in forty rules without any worth comes above by chance.
    """
    settings = load_settings()
    found = tallies(training.decision_labels(settings).labels, Assessor(settings.seeds).evidence)
    click.echo(encode_line(found) if as_json else text_tables.tallies(found, least=least))
